import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
// @ts-expect-error plain JavaScript without types
import { endAll, runCommand } from './run-command.mjs';

let folder: string;
const LIMIT_MS = 20_000;
const sh = (script: string, options: object = {}) =>
  runCommand('/bin/sh', ['-c', script], { cwd: folder, limitMs: LIMIT_MS, ...options });

/** Whether a process runs; one that has ended but was not waited for does not. */
function isRunning(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
}
/** A process that is killed takes a moment to go. */
const untilGone = async (pid: number) => {
  while (isRunning(pid)) await new Promise(setImmediate);
};
const pidIn = (name: string): number => Number(readFileSync(join(folder, name), 'utf8'));
const untilThereIs = async (name: string) => {
  while (!existsSync(join(folder, name)) || !(pidIn(name) > 0)) await new Promise(setImmediate);
};

const commands = suite('runCommand');
commands.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'command-'));
});
commands.after.each(() => rmSync(folder, { recursive: true }));

commands('answers with the code and with both outputs, in the order in which they came', async () => {
  const { code, output, isTimedOut, seconds } = await sh(
    'echo a; sleep 0.1; echo b >&2; sleep 0.1; echo c; exit 3',
  );
  assert.equal([code, output, isTimedOut], [3, 'a\nb\nc\n', false]);
  assert.ok(seconds >= 0.2);
});

commands('runs where and with what it is told', async () => {
  const { output } = await sh('pwd; echo "$A"; cat', { env: { PATH: process.env.PATH, A: 'x' } });
  assert.match(output, /command-\w+\nx\n$/, 'and its input is empty');
});

commands('answers with a sentence when there is no such command', async () => {
  const result = await runCommand('/nowhere/command', [], { cwd: folder, limitMs: LIMIT_MS });
  assert.is(result.code, 1);
  assert.match(result.output, /ENOENT/);
});

commands('is no success when it dies of a signal', async () => {
  assert.is((await sh('kill -9 $$')).code, 1);
});

commands('ends what takes too long, with all that it has started', async () => {
  const { code, isTimedOut } = await sh('sleep 600 & echo $! > child; sleep 600', { limitMs: 500 });
  assert.equal([code, isTimedOut], [1, true]);
  await untilGone(pidIn('child'));
});

commands('kills what does not end when it is asked to', async () => {
  const { isTimedOut, seconds } = await sh('trap "" TERM; while :; do sleep 0.1; done', { limitMs: 300 });
  assert.is(isTimedOut, true);
  assert.ok(seconds > 2, 'it had its time');
});

commands('ends what was left in its group, which would hold its output open', async () => {
  const { code, output, seconds } = await sh('sleep 600 & echo $! > child; echo done');
  assert.equal([code, output], [0, 'done\n']);
  await untilGone(pidIn('child'));
  assert.ok(seconds < 10);
});

commands('does not wait for what has left its group and holds its output', async () => {
  const { code, output } = await sh(
    "setsid sh -c 'echo $$ > child; exec sleep 600' & while [ ! -s child ]; do :; done; echo done",
  );
  const pid = pidIn('child');
  const wasLeft = isRunning(pid);
  process.kill(pid, 'SIGKILL');
  assert.equal([code, output, wasLeft], [0, 'done\n', true]);
});

commands('tells whoever watches of its start and its end', async () => {
  const told: unknown[] = [];
  const { code } = await sh('echo $$ > own', {
    onStart: (pid: number) => told.push(pid),
    onExit: () => told.push('exit'),
  });
  assert.is(code, 0);
  assert.equal(told, [pidIn('own'), 'exit']);
});

commands('keeps the end of an endless output, and no more memory than that', async () => {
  const { output } = await sh('yes 0123456789 | head -c 5000000; echo; echo the end');
  assert.ok(output.length <= 1_000_000, `${output.length} characters`);
  assert.ok(output.length > 900_000);
  assert.match(output, /the end\n$/);
});

commands('ends all that runs when it is told to', async () => {
  const both = ['a', 'b'].map((name) => sh(`echo $$ > ${name}; exec sleep 600`));
  for (const name of ['a', 'b']) await untilThereIs(name);
  endAll();
  for (const { code, isTimedOut } of await Promise.all(both)) assert.equal([code, isTimedOut], [1, false]);
  assert.equal(
    ['a', 'b'].map((name) => isRunning(pidIn(name))),
    [false, false],
  );
});

commands.run();
