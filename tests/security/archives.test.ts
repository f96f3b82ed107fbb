/**
 * Threat: archives from strangers, of profiles and of extensions: traversal, links, bombs, millions of entries, odd encodings,
 * cut off, and thousands that are nearly right. Each is refused by its reason, in bounded time and memory.
 * `FUZZ_REQUESTS=20000` tries more, `FUZZ_SEED` the same ones again.
 */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createZstdCompress, gzipSync, zstdCompressSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ArchiveRefusedError } from '../../controller/profile/archive-refused.ts';
import { ARCHIVE_LIMITS, type ArchiveLimits } from '../../controller/profile/limits.ts';
import { unpackProfile } from '../../controller/profile/unpack.ts';
import { blocksOf, paxOf, type TarEntry, tarOf } from '../../controller/testing/tar-archive.ts';
import { ExtensionRefusedError } from '../../core/extension-zip/extension-refused.ts';
import { readExtensionZip } from '../../core/extension-zip/read-extension-zip.ts';
import { buildExtensionZip, buildZip } from '../../core/extension-zip/testing/build-zip.ts';
import { faultOf, figures, grownBytes, seed, tryNearly } from './support/read-hostile.ts';

const MIB = 1024 * 1024;
const ANY_REFUSAL = /^(?!taken$)/;
const MAX_GROWTH_BYTES = 600e6;
let root: string;

const archives = suite(`archives from strangers (FUZZ_SEED=${seed})`);

archives.before.each(() => {
  root = mkdtempSync(join(tmpdir(), 'strangers-'));
  mkdirSync(join(root, 'profile'));
});
archives.after.each(() => rmSync(root, { recursive: true, force: true }));
archives.after(() => console.log(`archives: ${figures}`));

const unpackInto = (archive: Buffer | Readable, limits?: ArchiveLimits) => () =>
  unpackProfile(Buffer.isBuffer(archive) ? Readable.from([archive]) : archive, {
    folder: join(root, 'profile'),
    ...(limits === undefined ? {} : { limits }),
  });

/** Of a profile; nothing may be beside it, whatever became of it. */
async function faultOfProfile(what: string, archive: Buffer | Readable, limits?: ArchiveLimits) {
  const fault = await faultOf(what, unpackInto(archive, limits), [ArchiveRefusedError]);
  assert.equal(readdirSync(root), ['profile'], what);
  return fault;
}

const many = (count: number, entry: (index: number) => TarEntry): Buffer =>
  Buffer.concat([
    ...Array.from({ length: count }, (_, index) => blocksOf(entry(index))).flat(),
    Buffer.alloc(1_024),
  ]);

const PROFILES: readonly (readonly [what: string, archive: () => Buffer | Promise<Buffer>, why: RegExp])[] = [
  ['a way out', () => tarOf([{ path: 'a/../../../x', body: 'x' }]), /\.\./],
  [
    'a way out in a long name',
    () => tarOf([paxOf({ path: '../'.repeat(40) }), { path: 'a', body: 'x' }]),
    /refused/,
  ],
  ['an absolute path', () => tarOf([{ path: '/etc/x', body: 'x' }]), /refused/],
  ['a drive', () => tarOf([{ path: 'C:\\x', body: 'x' }]), /refused/],
  // What follows it is no part of the name, for whoever judges it and whoever writes it.
  ['a zero byte', () => tarOf([paxOf({ path: 'a\0/../../b' }), { path: 'a', body: 'x' }]), /^taken$/],
  ['a link', () => tarOf([{ path: 'l', type: 'SymbolicLink', linkpath: '../..' }]), /SymbolicLink/],
  [
    'a link by a header of its own',
    () => tarOf([paxOf({ linkpath: '/etc' }), { path: 'l', type: 'Link', linkpath: 'x' }]),
    /type Link/,
  ],
  ['a name of 10,000 letters', () => tarOf([paxOf({ path: 'a'.repeat(10_000) }), { path: 'a' }]), /refused/],
  ['a thousand folders deep', () => tarOf([paxOf({ path: 'a/'.repeat(1_000) }), { path: 'a' }]), /refused/],
  [
    'names that are no text',
    () =>
      Buffer.concat([
        ...blocksOf({ path: 'a', body: 'x' }).map((block, at) =>
          at === 0 ? withName(block, 'f\xff\xfe\x01') : block,
        ),
        Buffer.alloc(1_024),
      ]),
    /refused/,
  ],
  [
    'a size below zero',
    () => tarOf([paxOf({ size: '-1' }), { path: 'a', body: 'x' }]),
    // What is no size is passed over: that of the entry's own header counts.
    /^taken$/,
  ],
  ['a size of 8 EiB', () => tarOf([paxOf({ size: '9223372036854775807' }), { path: 'a' }]), /refused/],
  ['a size that is no number', () => tarOf([paxOf({ size: 'NaN' }), { path: 'a', body: 'x' }]), /^taken$/],
  [
    'a million headers',
    () => zstdCompressSync(many(20_000, () => paxOf({ comment: 'x'.repeat(400) }))),
    /more headers than files|refused/,
  ],
  ['2 GiB of zeros', () => bombOf(2_200 * MIB), /more than \d+ bytes|larger than/],
  ['a bomb in a bomb', () => gzipSync(zstdCompressSync(Buffer.alloc(64 * MIB))), /not a tar archive/],
  [
    '1 GiB of padding',
    async () => zstdOf([...blocksOf({ path: 'a', body: 'x' })], 1_024 * MIB),
    /bytes follow its end/,
  ],
  [
    'random bytes',
    () => Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7_919) % 251)),
    /not a tar archive/,
  ],
];

const withName = (block: Buffer, name: string): Buffer => {
  block.fill(0, 0, 100).write(name, 'latin1');
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
};

/** One frame of zstd: what stands first, and so many zeros. */
const zstdOf = (first: readonly Buffer[], zeros: number): Promise<Buffer> => {
  const block = Buffer.alloc(MIB);
  const parts = function* () {
    yield Buffer.concat(first);
    for (let at = 0; at < zeros; at += MIB) yield block;
  };
  return buffer(Readable.from(parts()).pipe(createZstdCompress()));
};
const bombOf = (bytes: number) => {
  const header = blocksOf({ path: 'zeros', size: Math.min(bytes, ARCHIVE_LIMITS.maxEntryBytes + 1) })[0];
  return zstdOf([header ?? Buffer.alloc(0)], 64 * MIB);
};

archives('profiles that mean harm are refused by what is wrong with them', async () => {
  for (const [what, make, why] of PROFILES)
    assert.match((await faultOfProfile(`a profile with ${what}`, await make())) ?? 'taken', why, what);
  assert.not.ok(existsSync('/etc/x'));
});

archives(
  'profiles that unpack to more than they say, or to more files, are stopped at the bound',
  async () => {
    const folders = zstdCompressSync(many(100_000, (index) => ({ path: `f${index}`, type: 'Directory' })));
    const few = { ...ARCHIVE_LIMITS, maxEntries: 1_000 };
    assert.match((await faultOfProfile('a profile of folders', folders, few)) ?? 'taken', /1000 entries/);
    const limits = { ...ARCHIVE_LIMITS, maxTotalBytes: 32 * MIB, maxEntryBytes: 16 * MIB };
    const zeros = (index: number) => blocksOf({ path: `z${index}`, size: 16 * MIB })[0] ?? Buffer.alloc(0);
    const parts = function* () {
      for (let index = 0; index < 8; index++) {
        yield zeros(index);
        for (let at = 0; at < 16; at++) yield Buffer.alloc(MIB);
      }
    };
    const bomb = await buffer(Readable.from(parts()).pipe(createZstdCompress()));
    assert.ok(bomb.length < 100_000, `${bomb.length} bytes hold 128 MiB`);
    assert.match((await faultOfProfile('a profile of zeros', bomb, limits)) ?? 'taken', /33554432 bytes/);
  },
);

const SOUND = tarOf([
  paxOf({ path: `Default/${'n'.repeat(120)}` }),
  { path: 'x', body: 'long name' },
  { path: 'Default', type: 'Directory' },
  { path: 'Default/Cookies', body: 'cookies '.repeat(100) },
]);

archives('profiles that are nearly right are unpacked or refused, and nothing else', async () => {
  await tryNearly('a profile in tar', SOUND, (bytes) => faultOfProfile('a profile nearly', bytes));
  await tryNearly('a profile in zstd', zstdCompressSync(SOUND), (bytes) =>
    faultOfProfile('a profile nearly', bytes),
  );
});

const zipFault = (what: string, zip: Buffer) =>
  faultOf(what, () => readExtensionZip(zip), [ExtensionRefusedError]);

const ZIPS: readonly (readonly [what: string, zip: () => Buffer, why: RegExp])[] = [
  ['a way out', () => buildExtensionZip({ name: '../x.js', content: 'x' }), /\.\./],
  [
    'a link',
    () => buildExtensionZip({ name: 'l', content: '/etc/passwd', claims: { mode: 0o120777 } }),
    /link/,
  ],
  ['a device', () => buildExtensionZip({ name: 'd', claims: { mode: 0o020666 } }), /device/],
  ['a zero byte', () => buildExtensionZip({ name: 'a\0b', content: 'x' }), ANY_REFUSAL],
  ['a million entries', () => buildZip([], { entryCount: 65_535 }), /more than 5000 entries/],
  [
    'many entries',
    () => buildExtensionZip(...Array.from({ length: 6_000 }, (_, i) => ({ name: `f${i}` }))),
    /5000 entries/,
  ],
  [
    'an entry of 4 GiB',
    () => buildExtensionZip({ name: 'a', content: 'x', claims: { size: 0xfffffffe } }),
    ANY_REFUSAL,
  ],
  [
    'a manifest of 10 MB',
    () => buildZip([{ name: 'manifest.json', content: ' '.repeat(10_000_000) }]),
    /larger than/,
  ],
  [
    'a manifest that is deep',
    () => buildZip([{ name: 'manifest.json', content: '['.repeat(400_000) }]),
    /JSON/,
  ],
  [
    'a manifest of comments',
    () => buildZip([{ name: 'manifest.json', content: '/*'.repeat(200_000) }]),
    /JSON/,
  ],
  [
    'a manifest with a prototype',
    () =>
      buildZip([
        { name: 'manifest.json', content: '{"__proto__":{"manifest_version":3,"name":"n","version":"1"}}' },
      ]),
    /manifest_version/,
  ],
  ['300 MB of zeros', () => buildExtensionZip(...zeroParts(300)), /unpacks to more than/],
  [
    'sizes that are not true',
    () => buildExtensionZip({ name: 'a', content: 'x'.repeat(100_000), claims: { size: 10 } }),
    ANY_REFUSAL,
  ],
  ['a name twice', () => buildExtensionZip({ name: 'A.js' }, { name: 'a.js' }), /twice/],
  ['nothing', () => Buffer.alloc(0), ANY_REFUSAL],
];
const zeroParts = (megabytes: number) => {
  const content = Buffer.alloc(10 * MIB);
  return Array.from({ length: megabytes / 10 }, (_, index) => ({ name: `z${index}`, content }));
};

archives('zips that mean harm are refused by what is wrong with them', async () => {
  for (const [what, make, why] of ZIPS)
    assert.match((await zipFault(`a zip with ${what}`, make())) ?? 'taken', why, what);
  await tryNearly('a zip', buildExtensionZip({ name: 'a.js', content: 'x'.repeat(200) }), (bytes) =>
    zipFault('a zip nearly', bytes),
  );
});

archives('all of them together take no more memory than this', () => {
  const grown = grownBytes();
  assert.ok(grown < MAX_GROWTH_BYTES, `${Math.round(grown / 1e6)} MB`);
});

archives.run();
