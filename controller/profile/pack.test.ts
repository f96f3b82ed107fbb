import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { mock } from 'node:test';
import * as tar from 'tar';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emptyFolder } from './empty-folder.ts';
import { ARCHIVE_LIMITS } from './limits.ts';
import { ProfileNotReadError, ProfileTooLargeError, packProfile } from './pack.ts';
import { unpackProfile } from './unpack.ts';

const pack = suite<{ root: string; profile: string }>('packProfile');

pack.before.each(async (context) => {
  context.root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-pack-'));
  context.profile = path.join(context.root, 'profile');
  await mkdir(path.join(context.profile, 'Default/Cache'), { recursive: true });
  await mkdir(path.join(context.profile, 'Default/Sessions'));
  await writeFile(path.join(context.profile, 'Default/Cookies'), 'cookies');
  await writeFile(path.join(context.profile, 'Default/Cache/data_0'), 'cache');
  await writeFile(path.join(context.profile, 'Default/Sessions/Tabs_1'), 'tabs');
  await writeFile(path.join(context.profile, 'Default/@odd'), 'odd');
});
pack.after.each(({ root }) => rm(root, { recursive: true, force: true }));

async function repack(profile: string, root: string): Promise<readonly string[]> {
  const archive = path.join(root, 'out.tar.gz');
  await packProfile(profile, archive);
  const names: string[] = [];
  await tar.list({ file: archive, onReadEntry: (entry) => names.push(entry.path) });
  return names;
}

pack('keeps data, and leaves caches and tabs out, always in one order', async ({ root, profile }) => {
  assert.equal(await repack(profile, root), ['./Default/', './Default/@odd', './Default/Cookies']);
});

pack('skips links, dangling or not', async ({ root, profile }) => {
  await symlink('nowhere', path.join(profile, 'SingletonLock'));
  await symlink('/etc/passwd', path.join(profile, 'Default/Passwords'));
  await symlink('/etc', path.join(profile, 'Default/Folder'));
  assert.equal(await repack(profile, root), ['./Default/', './Default/@odd', './Default/Cookies']);
});

pack('makes an archive that unpack takes', async ({ root, profile }) => {
  const archive = path.join(root, 'out.tar.gz');
  const size = await packProfile(profile, archive);
  assert.is(size, (await stat(archive)).size);
  const folder = path.join(root, 'again');
  await mkdir(folder);
  await unpackProfile(Readable.from([await readFile(archive)]), { folder });
  assert.is(await readFile(path.join(folder, 'Default/Cookies'), 'utf8'), 'cookies');
});

pack('refuses a profile that no session could restore', async ({ root, profile }) => {
  try {
    await packProfile(profile, path.join(root, 'out.tar.gz'), {
      limits: { ...ARCHIVE_LIMITS, maxTotalBytes: 3 },
    });
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, /cannot be saved/);
  }
});

pack('names what it cannot read as it lies in the profile', async ({ root, profile }) => {
  const gone = Object.assign(new Error(`EIO: i/o error, open '${profile}/Default/Cookies'`), {
    code: 'EIO',
    syscall: 'open',
    path: path.join(profile, 'Default/Cookies'),
  });
  const disk = mock.method(fs, 'openSync', () => {
    throw gone;
  });
  try {
    await packProfile(profile, path.join(root, 'out.tar.gz'));
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ProfileNotReadError);
    assert.is((error as Error).message, 'The profile cannot be packed ("Default/Cookies": EIO)');
  } finally {
    disk.mock.restore();
  }
});

pack(
  'makes an archive that unpack takes of a profile with nothing worth keeping',
  async ({ root, profile }) => {
    await emptyFolder(profile);
    await mkdir(path.join(profile, 'Crashpad'));
    const archive = path.join(root, 'out.tar.gz');
    await packProfile(profile, archive);
    const folder = path.join(root, 'again');
    await mkdir(folder);
    await unpackProfile(Readable.from([await readFile(archive)]), { folder });
    assert.equal(await readdir(folder), []);
  },
);

pack(
  'makes the same archive of the same profile, for nobody but the controller to read',
  async ({ root, profile }) => {
    const [one, two] = [path.join(root, 'one.tar.gz'), path.join(root, 'two.tar.gz')];
    for (const archive of [one, two]) await packProfile(profile, archive);
    assert.equal(await readFile(one), await readFile(two));
    assert.is((await stat(one)).mode & 0o077, 0);
  },
);

pack('gives tar names of any length and in any script', async ({ root, profile }) => {
  const long = `Default/${'n'.repeat(120)}/${'m'.repeat(150)}`;
  await mkdir(path.dirname(path.join(profile, long)));
  await writeFile(path.join(profile, long), 'long');
  await writeFile(path.join(profile, 'Default/Päckchen-包'), 'x'.repeat(513));
  const archive = path.join(root, 'out.tar.zst');
  await packProfile(profile, archive);
  const folder = path.join(root, 'again');
  await mkdir(folder);
  await unpackProfile(Readable.from([await readFile(archive)]), { folder });
  assert.is(await readFile(path.join(folder, long), 'utf8'), 'long');
  assert.is(await readFile(path.join(folder, 'Default/Päckchen-包'), 'utf8'), 'x'.repeat(513));
});

pack('takes files larger than one piece, and of whole blocks', async ({ root, profile }) => {
  const contents = [511, 512, 524_288, 1_048_576, 1_500_001].map((size) => randomBytes(size));
  for (const [index, content] of contents.entries())
    await writeFile(path.join(profile, `f${index}`), content);
  const archive = path.join(root, 'out.tar.zst');
  await packProfile(profile, archive);
  const folder = path.join(root, 'again');
  await mkdir(folder);
  await unpackProfile(Readable.from([await readFile(archive)]), { folder });
  for (const [index, content] of contents.entries())
    assert.ok(content.equals(await readFile(path.join(folder, `f${index}`))), `${content.length}`);
});

pack('refuses a file alone that no session could restore, and writes nothing', async ({ root, profile }) => {
  const archive = path.join(root, 'out.tar.gz');
  const limits = { ...ARCHIVE_LIMITS, maxEntryBytes: 5 };
  const error = await packProfile(profile, archive, { limits }).catch((thrown: Error) => thrown);
  assert.instance(error, ProfileTooLargeError);
  assert.equal((await readdir(root)).sort(), ['profile']);
});

pack('leaves out what has a name that unpack would refuse', async ({ root, profile }) => {
  await writeFile(path.join(profile, 'Default/back\\slash'), 'x');
  await writeFile(path.join(profile, 'Default/new\nline'), 'x');
  assert.equal(await repack(profile, root), ['./Default/', './Default/@odd', './Default/Cookies']);
});

pack('fails for a profile that is gone, without its path', async ({ root }) => {
  const error = await packProfile(path.join(root, 'none'), path.join(root, 'out.tar.gz')).catch(
    (thrown: Error) => thrown,
  );
  assert.instance(error, ProfileNotReadError);
  assert.is((error as Error).message, 'The profile cannot be packed (ENOENT)');
});

pack.run();
