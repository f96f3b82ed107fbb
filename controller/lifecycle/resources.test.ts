import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Chrome } from '../chrome/launch.ts';
import type { SessionProxy } from '../proxy/server.ts';
import { SessionResources } from './resources.ts';
import type { SessionFolder } from './session-folder.ts';

const resources = suite('what a session has to end');

/** A process in a group of its own, in the place of Chrome. */
function startProcess() {
  const child = spawn('/bin/sleep', ['100'], { detached: true, stdio: 'ignore' });
  return { child, exited: once(child, 'exit'), chrome: { pid: child.pid } as Chrome };
}
const folderThat = (removeNow: () => void) => ({ removeNow }) as SessionFolder;

resources('has no clients without a proxy, and those that count with one', () => {
  const has = new SessionResources();
  assert.is(has.countClients(), 0);
  has.proxy = { clients: { countCdp: () => 3 } } as SessionProxy;
  assert.is(has.countClients(), 3);
});

resources('is nothing at first: no Chrome can appear, and there is nothing to abandon', async () => {
  const has = new SessionResources();
  await has.browserSettled;
  has.abandon();
});

resources('is killed and removed in the last moment, without waiting', async () => {
  const { exited, chrome } = startProcess();
  let removals = 0;
  const has = new SessionResources();
  has.chrome = chrome;
  has.folder = folderThat(() => {
    removals += 1;
  });
  has.abandon();
  assert.is(removals, 1);
  assert.equal(await exited, [null, 'SIGKILL']);
});

resources('is left alone in the last moment when it has been ended in order', async () => {
  const { child, exited, chrome } = startProcess();
  const has = new SessionResources();
  has.chrome = chrome;
  has.folder = folderThat(() => assert.unreachable('somebody else may have the name by now'));
  has.release();
  has.abandon();
  child.kill('SIGTERM');
  assert.equal(await exited, [null, 'SIGTERM'], 'its number may be another process’s by now');
});

resources('removes its folder although Chrome is gone already', () => {
  let removals = 0;
  const has = new SessionResources();
  // No process of Linux has such a number.
  has.chrome = { pid: 2 ** 30 } as Chrome;
  has.folder = folderThat(() => {
    removals += 1;
  });
  has.abandon();
  assert.is(removals, 1);
});

resources.run();
