import { existsSync } from 'node:fs';
import {
  chmod,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSessionFolder } from './session-folder.ts';

const folders = suite<{ root: string }>("a session's folder");
folders.before.each(async (context) => {
  context.root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-folder-'));
});
folders.after.each(({ root }) => rm(root, { recursive: true, force: true }));

const modeOf = async (folder: string) => (await stat(folder)).mode & 0o777;
const isRoot = process.getuid?.() === 0;
const CHROME_USER = { uid: 70_417, gid: 70_418 };

folders('has the controller’s own and Chrome’s own, and all of Chrome’s below that', async ({ root }) => {
  const { remove: _, removeNow: __, root: own, ...below } = createSessionFolder(root, 's-1');
  assert.is(own, path.join(root, 's-1'));
  assert.equal((await readdir(own)).sort(), ['browser', 'controller', 'uploads']);
  const { controller, browser, uploads, extension, ...ofChrome } = below;
  assert.is(uploads, path.join(own, 'uploads'));
  assert.is(extension, path.join(own, 'extension'), 'which is made with one');
  assert.equal([controller, browser], [path.join(own, 'controller'), path.join(own, 'browser')]);
  for (const folder of Object.values(ofChrome)) {
    assert.ok((await stat(folder)).isDirectory(), folder);
    assert.is(path.dirname(folder), browser);
  }
});

for (const umask of [0o000, 0o022, 0o077]) {
  const octal = umask.toString(8).padStart(3, '0');
  folders(`lets Chrome pass to its own, and list nothing on the way (umask ${octal})`, async ({ root }) => {
    const sessionRoot = path.join(root, 'sessions');
    const before = process.umask(umask);
    try {
      const folder = createSessionFolder(sessionRoot, 's-1', isRoot ? CHROME_USER : undefined);
      for (const passed of [sessionRoot, folder.root, folder.uploads])
        assert.is(await modeOf(passed), 0o711, passed);
      for (const own of [folder.controller, folder.browser, folder.profile, folder.tmp, folder.downloads])
        assert.is(await modeOf(own), 0o700, own);
      // Chrome reads it: it is the controller's, and no secret.
      assert.is(await modeOf(path.join(folder.config, 'user-dirs.dirs')), 0o644);
    } finally {
      process.umask(before);
    }
  });
}

folders('gives Chrome’s user what is Chrome’s, and nothing of the controller’s', async ({ root }) => {
  const user = isRoot ? CHROME_USER : { uid: Number(process.getuid?.()), gid: Number(process.getgid?.()) };
  const folder = createSessionFolder(root, 's-1', user);
  const ownerOf = async (owned: string) => {
    const { uid, gid } = await stat(owned);
    return { uid, gid };
  };
  for (const owned of [folder.browser, folder.profile, folder.home, folder.tmp, folder.downloads])
    assert.equal(await ownerOf(owned), user, owned);
  for (const owned of [folder.root, folder.controller, folder.uploads])
    assert.is((await ownerOf(owned)).uid, process.getuid?.(), owned);
});

folders('leaves a root that is there as it is: it may be somebody else’s', async ({ root }) => {
  await chmod(root, 0o755);
  createSessionFolder(root, 's-1');
  assert.is(await modeOf(root), 0o755);
});

folders('is empty, whatever an earlier process left under its name', async ({ root }) => {
  await mkdir(path.join(root, 's-1/browser/profile/Default'), { recursive: true });
  await writeFile(path.join(root, 's-1/browser/profile/Default/Cookies'), 'of somebody else');
  const { profile } = createSessionFolder(root, 's-1');
  assert.equal(await readdir(profile), []);
});

folders('does not follow a link that lies in its place', async ({ root }) => {
  const elsewhere = path.join(root, 'elsewhere');
  await mkdir(elsewhere);
  await writeFile(path.join(elsewhere, 'kept'), '');
  await symlink(elsewhere, path.join(root, 's-1'));
  createSessionFolder(root, 's-1');
  assert.equal(await readdir(elsewhere), ['kept']);
  assert.ok((await lstat(path.join(root, 's-1'))).isDirectory());
});

folders('says where a download goes that no client asked for', async ({ root }) => {
  const { config, downloads } = createSessionFolder(root, 's-1');
  assert.is(await readFile(path.join(config, 'user-dirs.dirs'), 'utf8'), `XDG_DOWNLOAD_DIR="${downloads}"\n`);
});

for (const way of ['remove', 'removeNow'] as const) {
  folders(`is gone with all that is in it after ${way}, and no other is`, async ({ root }) => {
    const folder = createSessionFolder(root, 's-1');
    createSessionFolder(root, 's-2');
    await mkdir(path.join(folder.profile, 'a/b/c'), { recursive: true });
    await writeFile(path.join(folder.profile, 'a/b/c/d'), 'x');
    await chmod(path.join(folder.profile, 'a/b'), 0o500);
    const outside = path.join(root, 'outside');
    await writeFile(outside, '');
    await symlink(outside, path.join(folder.downloads, 'link'));
    await folder[way]();
    assert.equal((await readdir(root)).sort(), ['outside', 's-2']);
    await folder[way]();
    assert.not(existsSync(folder.root), 'nothing to remove is no fault');
  });
}

folders.run();
