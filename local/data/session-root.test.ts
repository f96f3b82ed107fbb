import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TASK_UIDS } from '../aws/ecs/host-resources.ts';
import { createSessionRoot } from './session-root.ts';

let folder: string;
const modeOf = (path: string) => statSync(path).mode & 0o777;

const t = suite('session root');
t.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'session-root-'));
});
t.after.each(() => rmSync(folder, { recursive: true, force: true }));

t('is the same at each start for one data folder, and gone at the end', () => {
  const options = { isRoot: false, temporaryDir: folder };
  const root = createSessionRoot('/data/a', options);
  assert.is(createSessionRoot('/data/a', options).path, root.path);
  assert.is.not(createSessionRoot('/data/b', options).path, root.path);
  root.make();
  writeFileSync(join(root.path, 'left'), '');
  root.remove();
  assert.not(existsSync(root.path));
});

t('touches nothing before it is made', () => {
  const root = createSessionRoot('/data/a', { temporaryDir: folder });
  assert.not(existsSync(root.path));
  mkdirSync(root.path);
  root.remove();
  assert.ok(existsSync(root.path), 'another machine may have made it');
});

t('can be entered, but not listed, by the users that root gives to Chrome', () => {
  const modeFor = (isRoot: boolean) => {
    const root = createSessionRoot('/data/a', { isRoot, temporaryDir: folder });
    root.make();
    return modeOf(root.path);
  };
  assert.is(modeFor(true), 0o711);
  assert.is(modeFor(false), 0o700);
});

t('leaves room for the socket that Chrome keeps in the folder of a session', () => {
  const root = createSessionRoot('/data/a');
  const session = '5b7a2c9e-8f0a-4a6e-9d0a-3c1c9a1d2e3f';
  const socket = join(root.path, session, 'browser/tmp/org.chromium.Chromium.AbCdEf/SingletonSocket');
  assert.ok(socket.length <= 107, socket);
});

t('refuses a folder that somebody else has put there, and leaves it alone', () => {
  const root = createSessionRoot('/data/a', { isRoot: true, temporaryDir: folder });
  symlinkSync(folder, root.path);
  assert.throws(root.make, /is not a folder of this user/);
  root.remove();
  assert.ok(existsSync(root.path));
});

// Only root can give a folder to another user.
(process.getuid?.() === 0 ? t : t.skip)('replaces a folder that a Chrome has left, no other', () => {
  const root = createSessionRoot('/data/a', { temporaryDir: folder });
  mkdirSync(join(root.path, 'session'), { recursive: true });
  chownSync(root.path, 65_534, 65_534);
  assert.throws(root.make, /is not a folder of this user/);
  chownSync(root.path, TASK_UIDS.first, TASK_UIDS.first);
  root.make();
  assert.is(statSync(root.path).uid, 0);
  assert.not(existsSync(join(root.path, 'session')));
});

t.run();
