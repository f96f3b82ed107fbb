import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { constants, createZstdCompress, gzipSync, zstdCompressSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type TarEntry, tarOf } from '../testing/tar-archive.ts';
import { ArchiveRefusedError } from './archive-refused.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from './limits.ts';
import { unpackProfile } from './unpack.ts';

const MEGABYTE = 1024 * 1024;
const ENTRIES: readonly TarEntry[] = [
  { path: 'Default/Cookies', body: 'cookies '.repeat(300) },
  { path: 'Local State', body: '{}' },
];
const TAR = tarOf(ENTRIES);

const t = suite<{ root: string }>('compression');
t.before.each(async (context) => {
  context.root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-compression-'));
});
t.after.each(({ root }) => rm(root, { recursive: true, force: true }));

async function outcomeOf(
  archive: Buffer | Readable,
  folder: string,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const source = archive instanceof Readable ? archive : Readable.from([archive]);
  try {
    await unpackProfile(source, { folder, limits });
  } catch (error) {
    assert.instance(error, ArchiveRefusedError);
    return (error as Error).message;
  }
  return 'unpacked';
}

const zstd = (bytes: Buffer, params: Readonly<Record<number, number>> = {}): Buffer =>
  zstdCompressSync(bytes, { params: { [constants.ZSTD_c_checksumFlag]: 1, ...params } });
const ARCHIVES: Readonly<Record<string, Buffer>> = {
  'zstd, as this product packs': zstd(TAR),
  'zstd at its 19th level': zstd(TAR, { [constants.ZSTD_c_compressionLevel]: 19 }),
  'gzip, as this product packed before': gzipSync(TAR),
  'several members of gzip': Buffer.concat([gzipSync(TAR.subarray(0, 700)), gzipSync(TAR.subarray(700))]),
  'gzip, padded with zeros': Buffer.concat([gzipSync(TAR), Buffer.alloc(512)]),
  none: TAR,
};

for (const [name, archive] of Object.entries(ARCHIVES)) {
  t(`may be ${name}: it is told by the first bytes, in whatever pieces they come`, async ({ root }) => {
    for (const size of [1, 3, 1000, archive.length]) {
      const pieces = Array.from({ length: Math.ceil(archive.length / size) }, (_, index) =>
        archive.subarray(index * size, (index + 1) * size),
      );
      const folder = path.join(root, `${size}`);
      assert.is(await outcomeOf(Readable.from(pieces), folder), 'unpacked', `pieces of ${size}`);
      assert.is(await readFile(path.join(folder, 'Default/Cookies'), 'utf8'), ENTRIES[0]?.body);
    }
  });
}

t('refuses zstd that is cut, wherever it is cut', async ({ root }) => {
  const archive = zstd(TAR);
  for (let length = 0; length < archive.length; length += 1) {
    const refusal = await outcomeOf(archive.subarray(0, length), path.join(root, `cut-${length}`));
    assert.match(refusal, /not a tar archive|cannot be read/, `${length}`);
  }
});

t('refuses zstd with a wrong byte in it, or unpacks what was packed', async ({ root }) => {
  const archive = zstd(TAR);
  let refused = 0;
  for (let at = 0; at < archive.length; at += 1) {
    const folder = path.join(root, `byte-${at}`);
    const changed = Buffer.from(archive);
    changed[at] = (changed[at] as number) ^ 0x55;
    if ((await outcomeOf(changed, folder)) !== 'unpacked') refused += 1;
    else assert.is(await readFile(path.join(folder, 'Local State'), 'utf8'), '{}', `${at}`);
  }
  assert.ok(refused >= archive.length - 10, `${refused} of ${archive.length}`);
});

/** One frame, whose size is not told ahead. */
const zstdStream = (pieces: Iterable<Buffer>, params: Readonly<Record<number, number>> = {}): Readable =>
  Readable.from(pieces).pipe(createZstdCompress({ params }));

t('refuses zstd that needs much memory to be read', async ({ root }) => {
  const wide = zstdStream([TAR, Buffer.alloc(9 * MEGABYTE)], { [constants.ZSTD_c_windowLog]: 24 });
  assert.is(await outcomeOf(wide, root), 'it cannot be read (Frame requires too much memory for decoding)');
  const narrow = zstdStream([TAR], { [constants.ZSTD_c_windowLog]: 23 });
  assert.is(await outcomeOf(narrow, path.join(root, 'narrow')), 'unpacked');
});

t('stops what unpacks to more than a profile may hold, and does not read on', async ({ root }) => {
  const zeros = Buffer.alloc(MEGABYTE);
  let madeMegabytes = 0;
  function* bomb() {
    for (let file = 0; file < 100; file += 1) {
      yield tarOf([{ path: `Default/${file}`, size: 8 * MEGABYTE }]).subarray(0, 512);
      for (let part = 0; part < 8; part += 1, madeMegabytes += 1) yield zeros;
    }
  }
  const limits = { ...ARCHIVE_LIMITS, maxTotalBytes: 20 * MEGABYTE };
  // Packed all at once: it is a few kilobytes, of which the reader takes what it asks for.
  const archive = await buffer(zstdStream(bomb()));
  const source = Readable.from(
    Array.from({ length: archive.length / 64 }, (_, at) => archive.subarray(at * 64, at * 64 + 64)),
  );
  assert.match(await outcomeOf(source, root, limits), /unpacks to more than 20971520 bytes/);
  assert.is(madeMegabytes, 800);
  const written = await readdir(path.join(root, 'Default'));
  assert.equal(written.sort(), ['0', '1'], 'what is too much is not begun');
});

for (const [name, next] of Object.entries({
  'another frame': zstd(TAR),
  'a frame with nothing in it': zstd(Buffer.alloc(0)),
  'something else': Buffer.from('and so on'),
})) {
  t(`passes over nothing: refuses ${name} after the frame of zstd`, async ({ root }) => {
    const archive = Buffer.concat([zstd(TAR), next]);
    const refusal = /^it goes on after its (first frame of zstd: pack it as one|end)$|cannot be read/;
    for (const size of [7, 1000, archive.length]) {
      const pieces = Array.from({ length: Math.ceil(archive.length / size) }, (_, index) =>
        archive.subarray(index * size, (index + 1) * size),
      );
      assert.match(await outcomeOf(Readable.from(pieces), path.join(root, `${size}`)), refusal, `${size}`);
    }
  });
}

t('refuses compression within compression', async ({ root }) => {
  for (const [index, twice] of [zstd(zstd(TAR)), zstd(gzipSync(TAR)), gzipSync(zstd(TAR))].entries())
    assert.match(await outcomeOf(twice, path.join(root, `${index}`)), /not a tar archive/);
});

t.run();
