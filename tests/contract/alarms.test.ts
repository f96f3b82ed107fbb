import { globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const ROOT = new URL('../../', import.meta.url).pathname;
const read = (path: string) => readFileSync(`${ROOT}${path}`, 'utf8');

const ALARM_NAME = /alarm_name\s*=\s*"\$\{(var\.prefix|local\.name)\}-([^"]+)"/g;

const sections = [...read('docs/runbooks/alarms.md').matchAll(/^## ([a-z-]+)$/gm)].map(
  ([, name]) => name ?? '',
);

/** The names of all alarms without what differs: their prefixes, and the function's name where there is one of each. */
const alarmNames = (): string[] => alarmNamesOf('*');

function alarmNamesOf(module: string): string[] {
  return globSync(`terraform/modules/${module}/*.tf`, { cwd: ROOT }).flatMap((path) => {
    const source = sourceOf(dirname(path));
    return [...read(path).matchAll(ALARM_NAME)].flatMap(([, base, end = '']) => {
      const part = base === 'local.name' ? fixedPart(source) : '';
      return (end === `\${each.key}` ? keysOfAlarms(source) : [end]).map((name) => part + name);
    });
  });
}

const sourceOf = (folder: string) => globSync(`${folder}/*.tf`, { cwd: ROOT }).map(read).join('\n');

/** `router-` of `name = "${var.prefix}-router"`; nothing where the name goes on with a variable. */
function fixedPart(source: string): string {
  const name = /^ {2}name\s*= "\$\{var\.prefix\}-([a-z-]+)"$/m.exec(source)?.[1];
  return name === undefined ? '' : `${name}-`;
}

function keysOfAlarms(source: string): string[] {
  const body = /^ {2}alarms = \{\n([\s\S]*?)^ {2}\}/m.exec(source)?.[1] ?? '';
  return [...body.matchAll(/^ {4}([a-z-]+) = \{/gm)].map(([, key]) => key ?? '');
}

const t = suite('alarms');

t('each have a section in the runbook', () => {
  const names = alarmNames();
  assert.ok(names.includes('sweeper-late') && names.includes('api-latency') && names.includes('errors'));
  assert.equal(
    names.filter((name) => !sections.includes(name)),
    [],
  );
});

t('are as many as the page of costs counts', () => {
  const files = (path: string) => globSync(path, { cwd: ROOT }).map(read);
  const functions = files('terraform/modules/platform/function-*.tf');
  const number = (texts: readonly string[], pattern: RegExp) =>
    texts.reduce((sum, text) => sum + [...text.matchAll(pattern)].length, 0);
  const ofFunctions =
    number(functions, /source = "\.\.\/function"/g) -
    number(functions, /alarm_on_errors = false/g) +
    number(functions, /^ {2}dead_letters\s+= \{/gm) +
    number(functions, /source = "\.\.\/work-queue"/g);
  const ofPlatform = alarmNamesOf('observability').length;
  const all = ofFunctions + ofPlatform;
  const withRouter = all + alarmNamesOf('router').length;
  assert.match(read('docs/runbooks/costs.md'), `CloudWatch: ${all} alarms (with a router ${withRouter})`);
});

t('are all of a form that this test reads', () => {
  const resources = globSync('terraform/modules/*/*.tf', { cwd: ROOT }).flatMap((path) => [
    ...read(path).matchAll(/resource "aws_cloudwatch_(metric|composite)_alarm"/g),
  ]);
  const named = globSync('terraform/modules/*/*.tf', { cwd: ROOT }).flatMap((path) => [
    ...read(path).matchAll(ALARM_NAME),
  ]);
  assert.is(named.length, resources.length);
});

t.run();
