import fs, { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { mock } from 'node:test';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { archiveOf, type TarEntry, tarOf } from '../testing/tar-archive.ts';
import { ArchiveRefusedError } from './archive-refused.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.ts';
import { ProfileNotWrittenError, SourceFailedError, unpackProfile } from './unpack.ts';

const unpack = suite<{ root: string; folder: string }>('unpackProfile');

unpack.before.each(async (context) => {
  context.root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-unpack-'));
  context.folder = path.join(context.root, 'profile');
  await mkdir(context.folder);
});
unpack.after.each(({ root }) => rm(root, { recursive: true, force: true }));

const refusalOf = async (
  archive: Buffer | Readable,
  folder: string,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<string> => {
  const source = archive instanceof Readable ? archive : Readable.from([archive]);
  try {
    await unpackProfile(source, { folder, limits });
  } catch (error) {
    assert.instance(error, ArchiveRefusedError);
    return (error as Error).message;
  }
  return 'unpacked';
};

unpack('writes files and folders, with modes of its own choice', async ({ folder }) => {
  const archive = archiveOf([
    { path: './', type: 'Directory' },
    { path: './Default/', type: 'Directory' },
    { path: './Default/Cookies', body: 'cookies' },
    { path: 'Local State', body: '{}' },
  ]);
  await unpackProfile(Readable.from([archive]), { folder });
  assert.is(await readFile(path.join(folder, 'Default/Cookies'), 'utf8'), 'cookies');
  assert.is((await stat(path.join(folder, 'Default/Cookies'))).mode & 0o7777, 0o600);
  assert.is((await stat(path.join(folder, 'Default'))).mode & 0o7777, 0o700);
  assert.is(await readFile(path.join(folder, 'Local State'), 'utf8'), '{}');
});

unpack('leaves locks and the tabs of the last run out', async ({ folder }) => {
  const archive = archiveOf([
    { path: 'SingletonLock', body: 'x' },
    { path: 'Default/Sessions/Tabs_1', body: 'x' },
    { path: 'Default/Cookies', body: 'x' },
  ]);
  await unpackProfile(Readable.from([archive]), { folder });
  assert.equal(await readdir(folder), ['Default']);
  assert.equal(await readdir(path.join(folder, 'Default')), ['Cookies']);
});

const EXPLOITS: Readonly<Record<string, readonly TarEntry[]>> = {
  'a path that climbs out': [{ path: '../escaped', body: 'x' }],
  'an absolute path': [{ path: '/tmp/wallcrawler-escaped', body: 'x' }],
  'a symbolic link': [{ path: 'link', type: 'SymbolicLink', linkpath: '/etc' }],
  'a write through a symbolic link': [
    { path: 'Default', type: 'SymbolicLink', linkpath: '..' },
    { path: 'Default/escaped', body: 'x' },
  ],
  'a hard link to a file outside': [{ path: 'link', type: 'Link', linkpath: '/etc/passwd' }],
  'a device': [{ path: 'null', type: 'CharacterDevice' }],
  'a pipe, which would hang its reader': [{ path: 'pipe', type: 'FIFO' }],
  'a backslash path': [{ path: '..\\escaped', body: 'x' }],
  'a size beyond the limit': [{ path: 'huge', size: ARCHIVE_LIMITS.maxEntryBytes + 1 }],
};

for (const [name, entries] of Object.entries(EXPLOITS)) {
  unpack(`refuses ${name}, and writes nothing outside`, async ({ root, folder }) => {
    const refusal = await refusalOf(archiveOf(entries), folder);
    assert.match(refusal, /was refused: /);
    assert.equal(await readdir(root), ['profile']);
    assert.not.ok(existsSync('/tmp/wallcrawler-escaped'));
  });
}

unpack('refuses a file that another entry uses as a folder', async ({ folder }) => {
  const archive = archiveOf([
    { path: 'Default', body: 'a file' },
    { path: 'Default/Cookies', body: 'x' },
  ]);
  assert.is(
    await refusalOf(archive, folder),
    '"Default/Cookies" was refused: it does not fit to what came before it (ENOTDIR)',
  );
});

unpack('says what the disk refuses without a path of it', async ({ folder }) => {
  const archive = archiveOf([{ path: 'Default/Cookies', body: 'x' }]);
  const disk = mock.method(fs, 'openSync', () => {
    throw Object.assign(new Error(`ENOSPC: no space left on device, open '${folder}/Default/Cookies'`), {
      code: 'ENOSPC',
    });
  });
  try {
    await unpackProfile(Readable.from([archive]), { folder });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ProfileNotWrittenError);
    assert.is((error as Error).message, 'The profile cannot be written (ENOSPC)');
  } finally {
    disk.mock.restore();
  }
});

unpack('refuses too many entries and too much of them', async ({ folder }) => {
  const many = Array.from({ length: 12 }, (_, index) => ({ path: `f${index}`, body: 'x'.repeat(100) }));
  assert.match(await refusalOf(archiveOf(many), folder, { ...ARCHIVE_LIMITS, maxEntries: 10 }), /10 entries/);
  assert.match(
    await refusalOf(archiveOf(many), folder, { ...ARCHIVE_LIMITS, maxTotalBytes: 999 }),
    /999 bytes/,
  );
});

unpack('refuses compression within compression', async ({ folder }) => {
  assert.match(await refusalOf(gzipSync(archiveOf([{ path: 'a', body: 'x' }])), folder), /not a tar archive/);
});

for (const [name, bytes] of Object.entries({
  'no gzip': Buffer.from('hello, this is no archive'),
  'nothing at all': Buffer.alloc(0),
  'an archive with nothing in it': archiveOf([]),
  'gzip of something else': gzipSync('hello'.repeat(200)),
  'a cut archive': archiveOf([{ path: 'a', body: 'x'.repeat(5000) }]).subarray(0, 60),
})) {
  unpack(`refuses ${name}`, async ({ folder }) => {
    assert.match(await refusalOf(bytes, folder), /not a tar archive|cannot be read/);
  });
}

unpack('refuses a header whose checksum is wrong', async ({ folder }) => {
  const broken = tarOf([{ path: 'a', body: 'x' }]);
  broken[0] = 0x7a;
  assert.match(await refusalOf(gzipSync(broken), folder), /cannot be read/);
});

unpack('does not blame the archive when its source breaks', async ({ folder }) => {
  const archive = archiveOf([{ path: 'a', body: 'x'.repeat(100_000) }]);
  const source = new Readable({
    read() {
      this.push(archive.subarray(0, 100));
      this.destroy(new Error('connection reset'));
    },
  });
  try {
    await unpackProfile(source, { folder });
    assert.unreachable();
  } catch (error) {
    assert.instance(error, SourceFailedError);
  }
});

unpack('gives everything to Chrome’s user, whoever packed it', async ({ folder }) => {
  const user = { uid: Number(process.getuid?.()), gid: Number(process.getgid?.()) };
  const chromeUser = user.uid === 0 ? { uid: 70_417, gid: 70_418 } : user;
  const archive = archiveOf([
    { path: 'Default', type: 'Directory' },
    { path: 'Default/Cookies', body: 'x' },
  ]);
  await unpackProfile(Readable.from([archive]), { folder, user: chromeUser });
  for (const entry of ['Default', 'Default/Cookies']) {
    const { uid, gid } = await stat(path.join(folder, entry));
    assert.equal({ uid, gid }, chromeUser, entry);
  }
});

unpack('takes the last of two files with one name, as tar does', async ({ folder }) => {
  const archive = archiveOf([
    { path: 'Local State', body: 'the first' },
    { path: './Local State', body: 'the second' },
  ]);
  await unpackProfile(Readable.from([archive]), { folder });
  assert.is(await readFile(path.join(folder, 'Local State'), 'utf8'), 'the second');
});

const SOUND = archiveOf([
  { path: 'Default/Cookies', body: 'cookies '.repeat(300) },
  { path: 'Local State', body: '{}' },
]);

unpack('refuses an archive that is cut, wherever it is cut', async ({ root }) => {
  for (let length = 0; length < SOUND.length; length += 1) {
    const folder = path.join(root, `cut-${length}`);
    await mkdir(folder);
    assert.match(
      await refusalOf(SOUND.subarray(0, length), folder),
      /not a tar archive|cannot be read/,
      `${length}`,
    );
  }
});

unpack('refuses an archive with a wrong byte in it, or unpacks what was packed', async ({ root }) => {
  let refused = 0;
  for (let at = 0; at < SOUND.length; at += 1) {
    const folder = path.join(root, `byte-${at}`);
    await mkdir(folder);
    const changed = Buffer.from(SOUND);
    changed[at] = (changed[at] as number) ^ 0x55;
    const outcome = await refusalOf(changed, folder);
    if (outcome !== 'unpacked') refused += 1;
    else assert.is(await readFile(path.join(folder, 'Local State'), 'utf8'), '{}', `${at}`);
  }
  // All but a few bytes of the head of gzip, which nobody reads: its time and its system.
  assert.ok(refused >= SOUND.length - 10, `${refused} of ${SOUND.length}`);
});

unpack('takes an archive in whatever pieces it comes', async ({ root }) => {
  for (const size of [1, 3, 17, 512]) {
    const folder = path.join(root, `pieces-${size}`);
    await mkdir(folder);
    const pieces = Array.from({ length: Math.ceil(SOUND.length / size) }, (_, index) =>
      SOUND.subarray(index * size, (index + 1) * size),
    );
    assert.is(await refusalOf(Readable.from(pieces), folder), 'unpacked');
    assert.is(await readFile(path.join(folder, 'Local State'), 'utf8'), '{}');
  }
});

unpack(
  'blames its source when that ends by a fault of its own after the archive is whole',
  async ({ folder }) => {
    const source = Readable.from(
      (async function* () {
        yield SOUND;
        throw new Error('connection reset');
      })(),
    );
    const error = await unpackProfile(source, { folder }).catch((thrown: Error) => thrown);
    assert.instance(error, SourceFailedError);
  },
);

unpack.run();
