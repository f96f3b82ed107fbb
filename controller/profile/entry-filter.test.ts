import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type ArchiveEntry, judgeEntry, NOTHING_YET } from './entry-filter.ts';
import { ARCHIVE_LIMITS } from './limits.ts';

const judge = suite('judgeEntry');

const file = (path: string, size = 1): ArchiveEntry => ({ path, type: 'File', size });
const faultOf = (entry: ArchiveEntry, before = NOTHING_YET): string | null => {
  const verdict = judgeEntry(entry, before);
  return 'fault' in verdict ? verdict.fault : null;
};

const GOOD: readonly (readonly [given: string, path: string])[] = [
  ['Default/Cookies', 'Default/Cookies'],
  ['./Default/Cookies', 'Default/Cookies'],
  ['././Local State', 'Local State'],
  ['./', ''],
  ['.', ''],
  [
    'Default/IndexedDB/https_ä.example_0.indexeddb.leveldb/',
    'Default/IndexedDB/https_ä.example_0.indexeddb.leveldb',
  ],
  ['Default/..hidden', 'Default/..hidden'],
];

for (const [given, path] of GOOD) {
  judge(`takes ${JSON.stringify(given)}`, () => {
    const type = path === '' ? 'Directory' : 'File';
    const verdict = judgeEntry({ ...file(given), type }, NOTHING_YET);
    assert.ok('path' in verdict && verdict.path === path, JSON.stringify(verdict));
  });
}

const BAD_PATHS: readonly (readonly [path: string, fault: RegExp])[] = [
  ['../x', /leaves its folder/],
  ['./../x', /leaves its folder/],
  ['Default/../../x', /leaves its folder/],
  ['Default/..', /leaves its folder/],
  ['/etc/passwd', /absolute/],
  ['.//etc/../../passwd', /leaves/],
  ['C:/windows', /absolute/],
  ['Default\\..\\x', /backslash/],
  ['Default/\u0000x', /control/],
  ['Default/a\nb', /control/],
  ['Default//x', /plain form/],
  ['Default/./x', /plain form/],
  [`Default/${'a'.repeat(256)}`, /name in its path/],
  [Array.from({ length: 200 }, () => 'abc').join('/'), /longer than 512/],
  [Array.from({ length: 25 }, () => 'a').join('/'), /deeper than 24/],
];

for (const [path, fault] of BAD_PATHS) {
  judge(`refuses the path ${JSON.stringify(path.slice(0, 40))}`, () => {
    assert.match(faultOf(file(path)) ?? 'taken', fault);
  });
}

for (const type of [
  'SymbolicLink',
  'Link',
  'CharacterDevice',
  'BlockDevice',
  'FIFO',
  'Unsupported',
  'SparseFile',
]) {
  judge(`refuses the type ${type}`, () => {
    assert.match(faultOf({ path: 'Default/x', type, size: 0 }) ?? 'taken', new RegExp(type));
  });
}

judge('refuses one file that is too large', () => {
  assert.is(faultOf(file('a', ARCHIVE_LIMITS.maxEntryBytes)), null);
  assert.match(faultOf(file('a', ARCHIVE_LIMITS.maxEntryBytes + 1)) ?? 'taken', /larger than/);
});

judge('refuses a size that is no number', () => {
  for (const size of [-1, Number.NaN, 1.5, Number.MAX_SAFE_INTEGER + 1]) {
    assert.match(faultOf(file('a', size)) ?? 'taken', /size/);
  }
});

judge('counts what it took, and refuses too much of it', () => {
  const verdict = judgeEntry(file('a', 7), { entries: 2, bytes: 5 });
  assert.ok('totals' in verdict);
  assert.equal(verdict.totals, { entries: 3, bytes: 12 });
  assert.match(faultOf(file('a'), { entries: ARCHIVE_LIMITS.maxEntries, bytes: 0 }) ?? 'taken', /entries/);
  assert.match(
    faultOf(file('a'), { entries: 1, bytes: ARCHIVE_LIMITS.maxTotalBytes }) ?? 'taken',
    /unpacks to/,
  );
});

judge.run();
