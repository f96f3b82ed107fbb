import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const ROOT = new URL('../../', import.meta.url).pathname;
const read = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');

const sections = [...read('docs/runbooks/alarms.md').matchAll(/^## ([a-z-]+)$/gm)].map(
  ([, name]) => name ?? '',
);

/** The names of all alarms without their prefixes. One per key of `local.alarms` where a resource stands for several. */
function alarmNames(): string[] {
  return globSync('terraform/modules/*/*.tf', { cwd: ROOT }).flatMap((path) =>
    [...read(path).matchAll(/alarm_name\s*=\s*"\$\{(?:var\.prefix|local\.name)\}-([^"]+)"/g)].flatMap(
      ([, name = '']) => (name === `\${each.key}` ? keysOfAlarms(dirname(path)) : [name]),
    ),
  );
}

function keysOfAlarms(folder: string): string[] {
  const source = globSync(`${folder}/*.tf`, { cwd: ROOT }).map(read).join('\n');
  const body = /^ {2}alarms = \{\n([\s\S]*?)^ {2}\}/m.exec(source)?.[1] ?? '';
  return [...body.matchAll(/^ {4}([a-z-]+) = \{/gm)].map(([, key]) => key ?? '');
}

const t = suite('alarms');

t('each have a section in the runbook, and each section has its alarm', () => {
  const names = alarmNames();
  assert.ok(names.includes('sweeper-late') && names.includes('api-latency') && names.includes('errors'));
  assert.equal([...sections].sort(), names.sort());
});

t('are all of a form that this test reads', () => {
  const resources = globSync('terraform/modules/*/*.tf', { cwd: ROOT }).flatMap((path) => [
    ...read(path).matchAll(/resource "aws_cloudwatch_(metric|composite)_alarm"/g),
  ]);
  const named = globSync('terraform/modules/*/*.tf', { cwd: ROOT }).flatMap((path) => [
    ...read(path).matchAll(/alarm_name\s*=\s*"\$\{(?:var\.prefix|local\.name)\}-/g),
  ]);
  assert.is(named.length, resources.length);
});

t.run();
