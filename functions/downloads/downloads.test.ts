/** The routes of downloads, with stand-ins for tables and bucket. */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { unzipSync } from 'fflate';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Download, newDownload } from '../../core/domain/download.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { contentDisposition } from './content-disposition.ts';
import { deleteDownload } from './delete-download.ts';
import { deleteSessionDownloads } from './delete-session-downloads.ts';
import { listDownloads } from './list-downloads.ts';
import { listSessionDownloads, MAX_ZIP_BYTES } from './list-session-downloads.ts';
import { retrieveDownload } from './retrieve-download.ts';

const SESSION = '00000000-0000-4000-8000-000000000001';
const access = { projectId: 'p1', projectIds: ['p1'] };
const idOf = (number: number) => `00000000-0000-4000-8000-0000000000${String(number).padStart(2, '0')}`;
const downloadOf = (number: number, sizeBytes = 1): Download =>
  newDownload(
    { sessionId: SESSION, projectId: 'p1' },
    {
      id: idOf(number),
      filename: number % 2 ? 'a.csv' : 'b.pdf',
      sizeBytes,
      sha256: 'x',
      finishedAtMs: number * 1_000,
    },
    31,
  );

const session = newSession({ sessionId: SESSION, status: 'STOPPED' });
const withSession = (downloads: readonly Download[]) => ({
  getSession: async (id: string) => (id === SESSION ? session : undefined),
  listDownloads: async () => downloads,
  open: async (key: string) => Readable.from([Buffer.from(`content of ${key.at(-1)}`)]),
});
const request = <Query>(query: Query, pathId = SESSION, headers = {}) =>
  newRequest({ access, pathId, query, headers, body: undefined }) as never;

const lists = suite('the list of downloads');

lists('has the oldest first, a page of them, and how many match', async () => {
  const all = Array.from({ length: 25 }, (_, number) => downloadOf(number));
  const list = async (query: object) =>
    (await listDownloads(withSession(all))(request({ sessionId: SESSION, ...query }))).body as {
      downloads: { id: string }[];
      total: number;
    };
  const first = await list({});
  assert.equal([first.downloads.length, first.total, first.downloads[0]?.id], [20, 25, idOf(0)]);
  assert.equal((await list({ limit: 10, offset: 20 })).downloads.length, 5);
  assert.is((await list({ mimeType: 'text/csv' })).total, 12);
  assert.is((await list({ filename: 'b-4000.pdf' })).total, 1);
  assert.is((await list({ minSize: 2 })).total, 0);
  assert.is((await list({ maxSize: 1 })).total, 25);
  const from = { createdAfter: '1970-01-01T00:00:10.000Z', createdBefore: '1970-01-01T00:00:12.000Z' };
  assert.is((await list(from)).total, 3);
});

lists('is of a session of this project only', async () => {
  const list = listDownloads(withSession([]));
  assert.is((await appErrorOf(list(request({ sessionId: idOf(9) })))).code, 'SESSION_NOT_FOUND');
  assert.is((await appErrorOf(list(request({ sessionId: '../x' })))).code, 'SESSION_NOT_FOUND');
});

lists.run();

// ---

const zips = suite('the zip of a session’s downloads');
const zip = async (downloads: readonly Download[]) => {
  const { stream = assert.unreachable() as never, headers } = await listSessionDownloads(
    withSession(downloads),
  )(request({}));
  assert.is(headers?.['content-type'], 'application/zip');
  return buffer(stream);
};

zips('has 22 bytes when there are none', async () => {
  assert.is((await zip([])).length, 22);
});

zips('has each file whole, under its name', async () => {
  const size = 'content of 1'.length;
  const entries = unzipSync(await zip([downloadOf(1, size), downloadOf(2, size), downloadOf(3, size)]));
  const texts = Object.entries(entries).map(([name, bytes]) => [name, Buffer.from(bytes).toString()]);
  assert.equal(texts, [
    ['a-1000.csv', 'content of 1'],
    ['b-2000.pdf', 'content of 2'],
    ['a-3000.csv', 'content of 3'],
  ]);
});

zips('breaks off when a file cannot be read: it never looks whole', async () => {
  const { open, ...deps } = withSession([downloadOf(1, 12), downloadOf(2, 12)]);
  const openFirst = (key: string) =>
    key.endsWith('1') ? open(key) : Promise.reject(new Error('S3 went down'));
  const { stream = assert.unreachable() as never } = await listSessionDownloads({ ...deps, open: openFirst })(
    request({}),
  );
  assert.is(await buffer(stream).catch((error: Error) => error.message), 'S3 went down');
});

zips('is no answer at all while the store is down', async () => {
  const { open: _, ...deps } = withSession([downloadOf(1)]);
  const open = () => Promise.reject(new Error('S3 is down'));
  const answer = listSessionDownloads({ ...deps, open })(request({}));
  assert.is(await Promise.resolve(answer).catch((error: Error) => error.message), 'S3 is down');
});

zips('breaks off when a file has another size than is known', async () => {
  const { stream = assert.unreachable() as never } = await listSessionDownloads(
    withSession([downloadOf(1, 3)]),
  )(request({}));
  assert.instance(await buffer(stream).catch((error: Error) => error), Error);
});

zips('is refused where it would be too large, with the way round', async () => {
  const large = [downloadOf(1, MAX_ZIP_BYTES), downloadOf(2, 1)];
  const { status, message } = await appErrorOf(listSessionDownloads(withSession(large))(request({})));
  assert.is(status, 413);
  assert.match(message, 'GET /v1/downloads lists them');
});

zips.run();

// ---

const single = suite('one download');
const found = { getDownload: async (id: string) => (id === idOf(1) ? downloadOf(1) : undefined) };

single('is described, or given out as bytes and never as a page', async () => {
  const opened: string[] = [];
  const open = async (key: string) => {
    opened.push(key);
    return Readable.from(['bytes']);
  };
  const retrieve = (accept?: string) =>
    retrieveDownload({ ...found, open })(request({}, idOf(1), accept === undefined ? {} : { accept }));
  for (const accept of [undefined, 'application/json', '*/*', 'application/json, application/octet-stream'])
    assert.is(((await retrieve(accept)).body as { filename: string }).filename, 'a-1000.csv');
  const { headers } = await retrieve('application/octet-stream');
  assert.equal(
    [headers?.['content-type'], headers?.['x-content-type-options'], headers?.['content-disposition']],
    ['application/octet-stream', 'nosniff', contentDisposition('a-1000.csv')],
  );
  assert.equal(opened, [`downloads/p1/${SESSION}/${idOf(1)}`]);
});

single('of another project is not there', async () => {
  const foreign = { getDownload: async () => ({ ...downloadOf(1), projectId: 'p2' }) };
  const open = () => assert.unreachable() as never;
  const { code } = await appErrorOf(retrieveDownload({ ...foreign, open })(request({}, idOf(1))));
  assert.is(code, 'DOWNLOAD_NOT_FOUND');
});

single('is deleted with its file, the file first', async () => {
  const steps: string[] = [];
  const deps = {
    ...found,
    deleteFile: async (key: string) => void steps.push(`file ${key.slice(-2)}`),
    deleteDownload: async (id: string) => void steps.push(`row ${id.slice(-2)}`),
  };
  assert.is((await deleteDownload(deps)(request({}, idOf(1)))).status, 204);
  const all = { ...withSession([downloadOf(1), downloadOf(2)]), ...deps };
  assert.is((await deleteSessionDownloads(all)(request({}))).status, 204);
  assert.equal(steps, ['file 01', 'row 01', 'file 01', 'row 01', 'file 02', 'row 02']);
});

single('has a name that no header is broken by', () => {
  assert.is(
    contentDisposition('a"b\r\nx: y é%.pdf'),
    'attachment; filename="a_b__x: y __.pdf"; filename*=UTF-8\'\'a%22b%0D%0Ax%3A%20y%20%C3%A9%25.pdf',
  );
});

single.run();
