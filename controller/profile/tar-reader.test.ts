import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { archiveOf, paxOf, type TarEntry } from '../testing/tar-archive.ts';
import { ArchiveRefusedError } from './archive-refused.ts';
import { ARCHIVE_LIMITS } from './limits.ts';
import { unpackProfile } from './unpack.ts';

const t = suite<{ folder: string }>('openTarReader');
t.before.each(async (context) => {
  context.folder = await mkdtemp(path.join(tmpdir(), 'wallcrawler-reader-'));
});
t.after.each(({ folder }) => rm(folder, { recursive: true, force: true }));

async function outcomeOf(folder: string, entries: readonly TarEntry[], limits = ARCHIVE_LIMITS) {
  try {
    await unpackProfile(Readable.from([archiveOf(entries)]), { folder, limits });
  } catch (error) {
    assert.instance(error, ArchiveRefusedError);
    return (error as Error).message;
  }
  return 'unpacked';
}

const COOKIES: TarEntry = { path: 'Default/Cookies', body: 'x' };
const HISTORY = 'Default/History';

for (const [typeFlag, type] of [
  ['S', 'SparseFile: pack it without --sparse (GNU tar) or with --no-read-sparse (macOS)'],
  ['V', 'TapeVolumeHeader'],
  ['M', 'ContinuationFile'],
  ['A', 'SolarisACL'],
  ['I', 'Inode'],
  ['Z', 'Unsupported'],
  ['8', 'Unsupported'],
] as const) {
  for (const body of ['', 'content']) {
    t(`refuses an entry of type ${typeFlag} ${body ? 'with' : 'without'} content`, async ({ folder }) => {
      const entries = [COOKIES, { path: HISTORY, typeFlag, body }, { path: 'Local State', body: '{}' }];
      assert.is(await outcomeOf(folder, entries), `"${HISTORY}" was refused: it is of type ${type}`);
      assert.equal(await readdir(folder), ['Default'], 'nothing is written after a refusal');
    });
  }
}

// macOS packs holes without being asked, and the files that have them are mostly those that nobody keeps.
t('leaves out a file with holes that is left out anyway', async ({ folder }) => {
  const spare = 'BrowserMetrics-spare.pma';
  const entries = [
    paxOf({ 'GNU.sparse.major': '1', 'GNU.sparse.minor': '0', 'GNU.sparse.name': spare }),
    { path: `GNUSparseFile.1/${spare}`, body: '1\n0\n1\nx' },
    { path: 'Default/Cache/data_0', typeFlag: 'S', body: 'x' },
    COOKIES,
  ];
  assert.is(await outcomeOf(folder, entries), 'unpacked');
  assert.equal(await readdir(folder, { recursive: true }), ['Default', 'Default/Cookies']);
});

const REFUSED_PARTIAL = `"${HISTORY}" was refused: it is of type SparseFile: pack it without --sparse (GNU tar) or with --no-read-sparse (macOS)`;
// As GNU tar writes them, by the version of its format, and others.
const PARTIAL: Readonly<Record<string, readonly [records: Readonly<Record<string, string>>, path: string]>> =
  {
    'GNU 1.0': [
      {
        mtime: '1',
        'GNU.sparse.major': '1',
        'GNU.sparse.minor': '0',
        'GNU.sparse.name': HISTORY,
        'GNU.sparse.realsize': '9',
      },
      'Default/GNUSparseFile.1/History',
    ],
    'GNU 0.1': [
      { 'GNU.sparse.size': '9', 'GNU.sparse.name': HISTORY, 'GNU.sparse.map': '0,1' },
      'Default/GNUSparseFile.1/History',
    ],
    'GNU 0.0': [{ 'GNU.sparse.size': '9', 'GNU.sparse.offset': '0', 'GNU.sparse.numbytes': '1' }, HISTORY],
    'a part of several archives': [{ 'GNU.volume.offset': '512' }, HISTORY],
    star: [{ 'SCHILY.realsize': '9' }, HISTORY],
    Solaris: [{ 'SUN.holesdata': ' 0 4' }, HISTORY],
  };

for (const [name, [records, path]] of Object.entries(PARTIAL)) {
  for (const type of ['ExtendedHeader', 'GlobalExtendedHeader', 'OldExtendedHeader']) {
    t(`refuses a file with holes (${name}, ${type})`, async ({ folder }) => {
      const entries = [COOKIES, paxOf(records, type), { path, body: '1\n0\n1\nx' }];
      assert.is(await outcomeOf(folder, entries), REFUSED_PARTIAL);
    });
  }
}

t('takes what other systems add to entries, and the long names of GNU tar', async ({ folder }) => {
  const long = `Default/${'n'.repeat(150)}`;
  const entries: readonly TarEntry[] = [
    paxOf({ comment: 'made here', 'GNU.volume.label': 'profile' }, 'GlobalExtendedHeader'),
    paxOf({ mtime: '1.5', 'SCHILY.xattr.user.x': 'GNU.sparse.name=x', path: 'Default/Päx' }),
    { path: 'Default/Pax', body: 'pax' },
    { path: '././@LongLink', type: 'NextFileHasLongPath', body: `${long}\0` },
    { path: 'Default/nnn', body: 'long' },
  ];
  assert.is(await outcomeOf(folder, entries), 'unpacked');
  assert.is(await readFile(path.join(folder, 'Default/Päx'), 'utf8'), 'pax');
  assert.is(await readFile(path.join(folder, long), 'utf8'), 'long');
});

t('judges the size that is read, not one that a header for all files names', async ({ folder }) => {
  const limits = { ...ARCHIVE_LIMITS, maxEntryBytes: 100 };
  const entries = [
    paxOf({ size: '1' }, 'GlobalExtendedHeader'),
    paxOf({ size: '5000' }),
    { path: HISTORY, body: 'x'.repeat(5000) },
  ];
  assert.match(await outcomeOf(folder, entries, limits), /History" was refused: it is larger than 100/);
});

t('refuses a file with the name of the profile itself', async ({ folder }) => {
  assert.match(await outcomeOf(folder, [COOKIES, { path: '.', body: 'x' }]), /name of the profile itself/);
});

t.run();
