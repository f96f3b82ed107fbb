import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { archiveOf, blocksOf, paxOf, type TarEntry, tarOf } from '../testing/tar-archive.ts';
import { ArchiveRefusedError } from './archive-refused.ts';
import { unpackProfile } from './unpack.ts';

const MEGABYTE = 1024 * 1024;
const COOKIES: TarEntry = { path: 'Default/Cookies', body: 'x' };

const t = suite<{ folder: string }>('feedTar');
t.before.each(async (context) => {
  context.folder = await mkdtemp(path.join(tmpdir(), 'wallcrawler-feed-'));
});
t.after.each(({ folder }) => rm(folder, { recursive: true, force: true }));

interface Outcome {
  readonly message: string;
  readonly bytesRead: number;
}

/** What became of the archive, and how much of it was asked for. */
async function unpackPieces(folder: string, pieces: Iterable<Buffer>): Promise<Outcome> {
  let bytesRead = 0;
  async function* read() {
    for (const piece of pieces) {
      bytesRead += piece.length;
      yield piece;
    }
  }
  try {
    await unpackProfile(Readable.from(read()), { folder });
  } catch (error) {
    assert.instance(error, ArchiveRefusedError);
    return { message: (error as Error).message, bytesRead };
  }
  return { message: 'unpacked', bytesRead };
}

function* repeat(first: Buffer, piece: Buffer, times: number): Generator<Buffer> {
  yield first;
  for (let index = 0; index < times; index += 1) yield piece;
}

const unpackOne = async (folder: string, tarBytes: Buffer): Promise<string> =>
  (await unpackPieces(folder, [gzipSync(tarBytes)])).message;

t('takes the padding of a whole record after the end', async ({ folder }) => {
  const padded = Buffer.concat([tarOf([COOKIES]), Buffer.alloc(MEGABYTE - 4096)]);
  assert.is(await unpackOne(folder, padded), 'unpacked');
  assert.equal(await readdir(folder), ['Default']);
});

t('stops where zeros go on after the end, and does not read them all', async ({ folder }) => {
  const zeros = gzipSync(Buffer.alloc(8 * MEGABYTE));
  const { message, bytesRead } = await unpackPieces(folder, repeat(archiveOf([COOKIES]), zeros, 100));
  assert.match(message, /more than 1048576 bytes follow its end/);
  assert.ok(bytesRead < 50 * zeros.length, `${bytesRead} bytes were read`);
});

for (const [name, gap] of [
  ['at once', 0],
  ['within the same chunk', 20 * 512],
  ['some chunks later', 700 * 512],
] as const) {
  t(`refuses a second archive ${name} after the end of the first`, async ({ folder }) => {
    const second = tarOf([{ path: 'Default/History', body: 'x' }]);
    const both = Buffer.concat([tarOf([COOKIES]), Buffer.alloc(gap), second]);
    assert.is(await unpackOne(folder, both), 'it goes on after its end');
  });
}

t('takes runs of zeros within a file for what they are', async ({ folder }) => {
  const body = `${'\0'.repeat(4096)}x${'\0'.repeat(200_000)}`;
  const files = ['a', 'b', 'c'].map((name) => ({ path: name, body }));
  assert.is(await unpackOne(folder, tarOf(files)), 'unpacked');
  assert.equal((await readdir(folder)).sort(), ['a', 'b', 'c']);
});

t('refuses an archive that ends within a block', async ({ folder }) => {
  const cut = Buffer.concat([...blocksOf(COOKIES), Buffer.from('a header that was cut')]);
  assert.is(await unpackOne(folder, cut), 'it ends within a block');
});

for (const [name, header] of Object.entries({
  'PAX headers': paxOf({ comment: 'c'.repeat(900) }),
  'empty PAX headers': { path: 'x', type: 'ExtendedHeader' },
  'long names': { path: 'x', type: 'NextFileHasLongPath', body: 'n'.repeat(100) },
})) {
  t(`stops an archive of ${name} without entries`, async ({ folder }) => {
    const many = gzipSync(Buffer.concat(Array.from({ length: 8192 }, () => blocksOf(header)).flat()));
    const { message, bytesRead } = await unpackPieces(folder, repeat(Buffer.alloc(0), many, 100));
    assert.is(message, 'it has more headers than files');
    assert.ok(bytesRead < 50 * many.length, `${bytesRead} bytes were read`);
  });
}

t('refuses one header that is large', async ({ folder }) => {
  const entries = [paxOf({ comment: 'c'.repeat(70_000) }), COOKIES];
  assert.match(await unpackOne(folder, tarOf(entries)), /was refused: it has a header of 7\d{4} bytes/);
});

t('stops compression with nothing in it', async ({ folder }) => {
  const empty = gzipSync(Buffer.alloc(0));
  const nothing = Buffer.alloc(empty.length * 50_000, empty);
  const { message, bytesRead } = await unpackPieces(folder, repeat(archiveOf([COOKIES]), nothing, 60));
  assert.is(message, 'it is larger than what is in it');
  assert.ok(bytesRead < 20 * MEGABYTE, `${bytesRead} bytes were read`);
});

t('refuses an archive that is also the start of a gzip file', async ({ folder }) => {
  const both = tarOf([{ path: '\u001f', body: 'x' }]);
  both.writeUInt16BE(0x1f8b, 0);
  assert.is(await unpackOne(folder, both), 'it is not a tar archive, plain or in gzip or zstd');
});

t.run();
