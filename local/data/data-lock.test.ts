import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { identityOf } from '../processes/process-table.ts';
import { DataFolderInUse, requireFreeDataFolder, takeDataLock } from './data-lock.ts';

let folder: string;
const ownerFile = () => join(folder, 'owner.json');
const isInUse = (act: () => unknown, pid: number) =>
  assert.throws(act, (error: Error) => {
    assert.instance(error, DataFolderInUse);
    assert.is(error.message, `${folder} is in use by process ${pid}; stop that one first`);
    return true;
  });

const t = suite('the lock on a data folder');
t.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'data-lock-'));
});
t.after.each(() => rmSync(folder, { recursive: true, force: true }));

t('is taken once, and can be taken again when it has been released', () => {
  const lock = takeDataLock(folder);
  isInUse(() => takeDataLock(folder), process.pid);
  lock.release();
  takeDataLock(folder).release();
  assert.equal(readdirSync(folder), []);
});

t('makes the folder, and is for its owner alone', () => {
  folder = join(folder, 'not', 'there', 'yet');
  const lock = takeDataLock(folder);
  assert.is(statSync(ownerFile()).mode & 0o777, 0o600);
  lock.release();
});

t('can be asked for without taking or making anything', () => {
  requireFreeDataFolder(folder);
  assert.equal(readdirSync(folder), []);
  requireFreeDataFolder(join(folder, 'none'));
  assert.not(existsSync(join(folder, 'none')));
});

t('names the other process that holds it, and outlives nobody who is killed', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  try {
    await once(child, 'spawn');
    const pid = child.pid ?? 0;
    writeFileSync(ownerFile(), JSON.stringify(identityOf(pid)));
    isInUse(() => requireFreeDataFolder(folder), pid);
    isInUse(() => takeDataLock(folder), pid);
    child.kill('SIGKILL');
    await once(child, 'exit');
    requireFreeDataFolder(folder);
    takeDataLock(folder).release();
  } finally {
    child.kill('SIGKILL');
  }
});

t('is not held by a stranger who got the number of the process that held it', () => {
  writeFileSync(ownerFile(), JSON.stringify({ pid: process.pid, begun: 'long ago' }));
  takeDataLock(folder).release();
});

t('refuses a file that says nothing of an owner, and names it', () => {
  writeFileSync(ownerFile(), 'no json');
  assert.throws(() => takeDataLock(folder), new RegExp(`${ownerFile()} is not JSON`));
});

t.run();
