import { mkdtempSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { EXTENSION_LIMITS } from '../domain/extension-limits.ts';
import { ExtensionRefusedError } from './extension-refused.ts';
import { readExtensionZip } from './read-extension-zip.ts';
import { buildExtensionZip, buildZip, MANIFEST, type ZipPart } from './testing/build-zip.ts';

function collect() {
  const files = new Map<string, string>();
  let path = '';
  return {
    files,
    sink: {
      open(name: string) {
        path = name;
        files.set(path, '');
      },
      write: (bytes: Buffer) => void files.set(path, files.get(path) + bytes.toString()),
      close: () => undefined,
    },
  };
}

const faultOf = async (zip: Buffer, limits = EXTENSION_LIMITS): Promise<string> => {
  const error = await readExtensionZip(zip, undefined, limits).catch((thrown: Error) => thrown);
  assert.instance(error, ExtensionRefusedError);
  return (error as Error).message;
};

const zips = suite("an extension's zip");

zips('gives its files as they are, and leaves out what macOS and the Web Store add', async () => {
  const { files, sink } = collect();
  const zip = buildExtensionZip(
    { name: 'js/' },
    { name: 'js/sw.js', content: 'x'.repeat(300_000) },
    { name: 'icon.bin', content: 'stored', isStored: true },
    { name: '_locales/en/messages.json', content: '{}' },
    { name: 'ü/漢.js', content: 'u' },
    { name: '__MACOSX/._manifest.json', content: 'x' },
    { name: '_metadata/verified_contents.json', content: 'x' },
    { name: 'js/.DS_Store', content: 'x' },
  );
  const { hasKey } = await readExtensionZip(zip, sink);
  assert.is(hasKey, false);
  assert.equal(
    [...files.keys()],
    ['manifest.json', 'js/sw.js', 'icon.bin', '_locales/en/messages.json', 'ü/漢.js'],
  );
  assert.equal([files.get('manifest.json'), files.get('js/sw.js')?.length], [MANIFEST, 300_000]);
});

zips('is read from the disk as from memory, and let go whatever is wrong with it', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'zip-')), 'e.zip');
  const { files, sink } = collect();
  const parts = [{ name: 'a.js', content: 'y'.repeat(200_000) }];
  writeFileSync(file, buildExtensionZip(...parts));
  await readExtensionZip({ file }, sink);
  assert.equal([files.get('manifest.json'), files.get('a.js')?.length], [MANIFEST, 200_000]);
  await closed(file);
  for (const [bytes, fault] of [
    [Buffer.from('no zip'), 'it cannot be read as a zip'],
    [Buffer.alloc(0), 'it cannot be read as a zip'],
    [Buffer.from('Cr24 and more'), 'it is a .crx'],
    [buildExtensionZip(...parts).subarray(0, -30), 'it cannot be read as a zip'],
    [buildExtensionZip({ name: 'a', content: 'x', claims: { crc: 1 } }), 'does not fit to its checksum'],
    [buildExtensionZip({ name: 'a', content: 'x', claims: { size: 5 } }), '"a" was refused'],
  ] as const) {
    writeFileSync(file, bytes);
    const error = await readExtensionZip({ file }).catch((thrown: Error) => thrown);
    assert.instance(error, ExtensionRefusedError, String(error));
    assert.match((error as Error).message, fault);
    await closed(file);
  }
  rmSync(file);
  const gone = await readExtensionZip({ file }).catch((thrown: NodeJS.ErrnoException) => thrown);
  assert.is((gone as NodeJS.ErrnoException).code, 'ENOENT', 'what the disk says is no fault of the zip');
});

/** A file is let go some turns after a stream of it broke. The test runner ends who waits for ever. */
async function closed(file: string): Promise<void> {
  while (readdirSync('/proc/self/fd').some((fd) => linkOf(fd) === file)) await setImmediate();
}

function linkOf(fd: string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return undefined;
  }
}

const manifest = (content: string): Buffer => buildZip([{ name: 'manifest.json', content }]);

for (const [what, content] of [
  ['a byte order mark', `\ufeff${MANIFEST}`],
  ['comments', `// one {\n/* two */ ${MANIFEST}`],
] as const) {
  zips(`may begin its manifest with ${what}, as Chrome allows`, async () => {
    const { text, json } = await readExtensionZip(manifest(content));
    assert.is(text.indexOf('{"m'), json.indexOf('{'), 'comments are blanks at the same places');
  });
}

for (const [what, content, fault] of [
  ['no JSON', '{', 'must be valid JSON'],
  ['a list', '[]', 'must be an object'],
  ['of version 2', '{"manifest_version":2}', 'has manifest_version 2, which Chrome does not load any more'],
  ['of no version', '{}', 'must have manifest_version 3'],
  ['without a name', '{"manifest_version":3,"version":"1"}', 'must have a name'],
  [
    'of an odd version',
    '{"manifest_version":3,"name":"x","version":"1.0b"}',
    'must have a version of 1 to 4',
  ],
] as const) {
  zips(`is refused with a manifest that is ${what}`, async () => {
    assert.match(await faultOf(manifest(content)), `its manifest.json ${fault}`);
  });
}

zips('is refused with a manifest that is no UTF-8, or larger than any', async () => {
  const bytes = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff]), Buffer.from('"}')]);
  assert.match(await faultOf(manifest(bytes as never)), 'its manifest.json must be UTF-8');
  assert.match(
    await faultOf(manifest(' '.repeat(1024 * 1024 + 1))),
    '"manifest.json" was refused: it is larger',
  );
});

zips('without a manifest at its root is told where it has one', async () => {
  assert.is(await faultOf(buildZip([{ name: 'a.js' }])), 'it has no manifest.json at its root');
  assert.is(
    await faultOf(buildZip([{ name: 'my-ext/' }, { name: 'my-ext/manifest.json', content: MANIFEST }])),
    'it has no manifest.json at its root, but in "my-ext/manifest.json": zip what is in that folder, not the folder',
  );
});

const LINK = 0o120_777;
const bad: readonly (readonly [what: string, part: ZipPart, fault: string | RegExp])[] = [
  ['a path upwards', { name: '../x' }, /invalid relative path/],
  ['a path upwards inside', { name: 'a/../../x' }, /invalid relative path/],
  ['an absolute path', { name: '/etc/passwd' }, /absolute path/],
  ['a drive', { name: 'C:/x' }, /absolute path/],
  ['a backslash', { name: 'a\\b' }, /invalid characters/],
  ['NUL', { name: 'a\0b' }, 'its path has control characters'],
  ['an empty part', { name: 'a//b' }, 'its path is not in its plain form'],
  ['a dot', { name: './a' }, 'its path is not in its plain form'],
  ['no name', { name: '' }, 'it has no name'],
  ['bytes that are no text', { name: Buffer.from([0x61, 0xff]) }, 'its name is not well-formed text'],
  ['a long name', { name: 'n'.repeat(256) }, 'longer than 255 bytes'],
  ['a deep path', { name: `${'d/'.repeat(24)}x` }, 'deeper than 24 folders'],
  ['a name of Chrome’s own', { name: '_secret/x' }, 'names that begin with _ are reserved'],
  ['a link', { name: 'l', content: '/etc/passwd', claims: { mode: LINK } }, 'it is a link or a device'],
  ['a device', { name: 'd', claims: { mode: 0o020_666 } }, 'it is a link or a device'],
  ['encryption', { name: 'e', content: 'x', claims: { flags: 0x801 } }, 'it is encrypted'],
  ['strong encryption', { name: 'e', content: 'x', claims: { flags: 0x841 } }, 'strong encryption'],
  ['another compression', { name: 'z', content: 'x', claims: { method: 93 } }, 'another way than deflate'],
  ['a size too small', { name: 's', content: 'x'.repeat(99), claims: { size: 98 } }, 'too many bytes'],
  ['a size too large', { name: 's', content: 'x', claims: { size: 2 } }, 'not enough bytes'],
  ['a size beyond all', { name: 's', claims: { size: 0xfffffffe } }, 'unpacks to more than 268435456 bytes'],
  ['a wrong checksum', { name: 'c', content: 'x', claims: { crc: 1 } }, 'does not fit to its checksum'],
  ['data beyond its end', { name: 'd', claims: { compressedSize: 1_000_000 } }, 'overflows file bounds'],
  ['the manifest’s name again', { name: 'MANIFEST.json' }, 'its name is there twice'],
  ['a file where a folder is', { name: 'manifest.json/x' }, 'a folder above it is a file'],
  ['a folder with content', { name: 'f/', content: 'x' }, 'it is a folder with content'],
];

for (const [what, part, fault] of bad) {
  zips(`is refused with ${what}`, async () => {
    assert.match(await faultOf(buildExtensionZip(part)), fault as RegExp);
  });
}

zips('is refused whichever way round a name is a file and a folder', async () => {
  assert.match(await faultOf(buildExtensionZip({ name: 'a/b' }, { name: 'A' })), 'its name is there twice');
  await readExtensionZip(buildExtensionZip({ name: 'a/b' }, { name: 'a/' }));
});

zips('is refused when it is no zip, a part of one, or what a shop delivers', async () => {
  const zip = buildExtensionZip({ name: 'a.js', content: 'x' });
  assert.match(await faultOf(Buffer.alloc(0)), 'it cannot be read as a zip');
  assert.match(await faultOf(Buffer.from('no zip')), 'it cannot be read as a zip');
  assert.match(await faultOf(zip.subarray(0, zip.length - 5)), 'it cannot be read as a zip');
  assert.match(await faultOf(Buffer.concat([zip, Buffer.from('more')])), 'it cannot be read as a zip');
  assert.match(await faultOf(Buffer.concat([Buffer.from('Cr24'), zip])), 'it is a .crx');
  assert.match(await faultOf(buildZip([{ name: 'a' }], { entryCount: 9 })), 'it cannot be read as a zip');
});

zips('unpacks to no more than it may, whatever its parts are', async () => {
  const limits = { ...EXTENSION_LIMITS, maxTotalBytes: 1_000, maxEntries: 4 };
  const half = { content: 'x'.repeat(500) };
  const zip = buildExtensionZip({ name: 'a', ...half }, { name: '__MACOSX/b', ...half });
  assert.match(await faultOf(zip, limits), 'the zip unpacks to more than 1000 bytes');
  const many = buildExtensionZip(...['a', 'b', 'c', 'd'].map((name) => ({ name })));
  assert.match(await faultOf(many, limits), 'it has more than 4 entries');
});

zips('that is refused repeats little of a stranger’s text, and nothing that a terminal obeys', async () => {
  const message = await faultOf(buildExtensionZip({ name: `\u001b[2J${'n'.repeat(9_000)}` }));
  assert.ok(message.length < 250, message);
  assert.not.match(message, '\u001b');
});

zips.run();
