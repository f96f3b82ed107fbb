import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { prepareSessionRoot } from './session-root.ts';

let folder: string;
const modeOf = (path: string) => statSync(path).mode & 0o777;

const t = suite('session root');
t.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'session-root-'));
});
t.after.each(() => rmSync(folder, { recursive: true, force: true }));

t('is the same at each start for one data folder, and gone at the end', () => {
  const options = { isRoot: false, temporaryDir: folder };
  const root = prepareSessionRoot('/data/a', options);
  assert.is(prepareSessionRoot('/data/a', options).path, root.path);
  assert.is.not(prepareSessionRoot('/data/b', options).path, root.path);
  writeFileSync(join(root.path, 'left'), '');
  root.remove();
  assert.not(existsSync(root.path));
});

t('can be entered, but not listed, by the users that root gives to Chrome', () => {
  const modeFor = (isRoot: boolean) =>
    modeOf(prepareSessionRoot('/data/a', { isRoot, temporaryDir: folder }).path);
  assert.is(modeFor(true), 0o711);
  assert.is(modeFor(false), 0o700);
});

t('leaves room for the socket that Chrome keeps in the folder of a session', () => {
  const root = prepareSessionRoot('/data/a');
  root.remove();
  const session = '5b7a2c9e-8f0a-4a6e-9d0a-3c1c9a1d2e3f';
  const socket = join(root.path, session, 'browser/tmp/org.chromium.Chromium.AbCdEf/SingletonSocket');
  assert.ok(socket.length <= 107, socket);
});

t('refuses a folder that somebody else has put in its place', () => {
  const options = { isRoot: true, temporaryDir: folder };
  const { path, remove } = prepareSessionRoot('/data/a', options);
  remove();
  symlinkSync(folder, path);
  assert.throws(() => prepareSessionRoot('/data/a', options), /is not a folder of this user/);
});

t.run();
