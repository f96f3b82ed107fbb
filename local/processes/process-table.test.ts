import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pause } from './pause.ts';
import {
  awaitExit,
  identityOf,
  isRunning,
  isUserActive,
  listProcesses,
  type ProcessIdentity,
  sendSignal,
  signalProcess,
} from './process-table.ts';

const children = new Set<ChildProcess>();
async function start(...more: string[]): Promise<{ child: ChildProcess; identity: ProcessIdentity }> {
  const child = spawn('/bin/sh', ['-c', 'while :; do sleep 1; done', 'sh', ...more], {
    stdio: 'ignore',
    detached: true,
  });
  children.add(child);
  await once(child, 'spawn');
  const identity = identityOf(child.pid ?? 0);
  assert.ok(identity);
  return { child, identity };
}

const t = suite('processes');
t.after.each(() => {
  for (const { pid } of children) if (pid !== undefined) sendSignal(-pid, 'SIGKILL');
  children.clear();
});

t('are known by their number and their begin, also when another one has the number', async () => {
  const { child, identity } = await start();
  assert.ok(isRunning(identity));
  assert.equal(identityOf(identity.pid), identity);
  assert.not(isRunning({ ...identity, begun: 'another time' }));
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.not(isRunning(identity));
  assert.is(identityOf(identity.pid), undefined);
});

t('get a signal only when they are the ones that were meant', async () => {
  const { child, identity } = await start();
  assert.not(signalProcess({ ...identity, begun: 'another time' }, 'SIGKILL'));
  assert.ok(isRunning(identity));
  assert.ok(signalProcess(identity, 'SIGKILL'));
  const [, signal] = await once(child, 'exit');
  assert.is(signal, 'SIGKILL');
  assert.not(signalProcess(identity, 'SIGKILL'));
  assert.not(sendSignal(identity.pid, 'SIGKILL'), 'one that is gone is no error');
});

t('are waited for until they are gone, and no longer than that is bearable', async () => {
  const { child, identity } = await start();
  assert.not(await awaitExit([identity], 40));
  setTimeout(() => child.kill('SIGKILL'), 50);
  assert.ok(await awaitExit([identity], 5_000));
  assert.ok(await awaitExit([], 0));
});

t('are listed with their user, their group and their command line', async () => {
  const { identity } = await start('--user-data-dir=/tmp/somewhere');
  const found = listProcesses().find(({ pid }) => pid === identity.pid);
  assert.is(found?.uid, process.getuid?.());
  assert.is(found?.processGroup, identity.pid, 'it leads a group of its own');
  assert.match(found?.commandLine ?? '', /sh --user-data-dir=\/tmp\/somewhere/);
});

t('are not listed any more when they have ended', async () => {
  const { child, identity } = await start();
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.not(listProcesses().some(({ pid }) => pid === identity.pid));
});

if (process.platform === 'linux') {
  t('make their user an active one', () => {
    assert.ok(isUserActive(process.getuid?.() ?? -1));
    assert.not(isUserActive(99_999));
  });
}

t.run();

const waits = suite('a wait');

/** A wait of a minute that ends in a test has been ended: nothing here lasts so long. */
const MINUTE_MS = 60_000;

waits('ends when its time is over', async () => {
  let isOver = false;
  const timer = setTimeout(() => {
    isOver = true;
  }, 30);
  await pause(31, new AbortController().signal);
  clearTimeout(timer);
  assert.ok(isOver, 'not before');
});

waits('ends when it is called off, also when it was called off before', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 10);
  await pause(MINUTE_MS, controller.signal);
  await pause(MINUTE_MS, controller.signal);
});

waits.run();
