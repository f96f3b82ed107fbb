import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { downloadNameOf, mimeTypeOf, newDownload, toDownloadView } from './download.ts';

const AT_MS = Date.parse('2026-06-01T00:00:00.000Z');
const names = suite('the name of a download');

const NAMES = {
  'report.pdf': 'report-7.pdf',
  'no extension': 'no extension-7',
  'archive.tar.gz': 'archive.tar-7.gz',
  '.bashrc': 'bashrc-7',
  '..': 'download-7',
  '': 'download-7',
  '../../etc/passwd': '_.._etc_passwd-7',
  'a\u0000b\n.txt': 'a_b_-7.txt',
  'C:\\x.exe': 'C__x-7.exe',
  'u202e\u202efdp.exe': 'u202e_fdp-7.exe',
  '\ud800.txt': '\ufffd-7.txt',
  'rapport é.pdf': 'rapport é-7.pdf',
};
for (const [given, wanted] of Object.entries(NAMES))
  names(`of ${JSON.stringify(given)} is ${JSON.stringify(wanted)}`, () => {
    assert.is(downloadNameOf(given, 7), wanted);
  });

names('is no longer than a file system takes, and whole characters', () => {
  for (const character of ['x', 'é', '漢', '😀']) {
    const name = downloadNameOf(`${character.repeat(500)}.pdf`, AT_MS);
    assert.ok(Buffer.byteLength(name) <= 255);
    assert.is(name, name.toWellFormed());
    assert.ok(name.endsWith(`-${AT_MS}.pdf`));
  }
});

names.run();

// ---

const types = suite('the type of a download');

types('is by its extension, and bytes where that says nothing', () => {
  assert.equal(['a.PDF', 'a.tar.gz', 'a', 'a.exe', 'constructor', 'x.__proto__'].map(mimeTypeOf), [
    'application/pdf',
    'application/gzip',
    ...Array(4).fill('application/octet-stream'),
  ]);
});

types.run();

// ---

const items = suite('a download');

items('is its session’s, and is gone when its file is', () => {
  const stored = { id: 'd1', filename: 'a.csv', sizeBytes: 3, sha256: 'ab', finishedAtMs: AT_MS };
  const download = newDownload({ sessionId: 's1', projectId: 'p1' }, stored, 31);
  assert.is(download.purgeAt, AT_MS / 1000 + 31 * 86_400);
  assert.equal(toDownloadView(download), {
    id: 'd1',
    sessionId: 's1',
    filename: `a-${AT_MS}.csv`,
    mimeType: 'text/csv',
    size: 3,
    checksum: 'ab',
    createdAt: '2026-06-01T00:00:00.000Z',
  });
});

items.run();
