import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Extension } from '../../core/domain/extension.ts';
import { buildExtensionZip, buildZip } from '../../core/extension-zip/testing/build-zip.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { type FinishExtensionUploadDeps, finishExtensionUpload } from './finish-extension-upload.ts';
import { startExtensionUpload } from './start-extension-upload.ts';

const ID = '00000000-0000-4000-8000-00000000000e';
const AT = '2026-06-01T00:00:00.000Z';
const ZIP = buildExtensionZip({ name: 'a.js', content: 'x'.repeat(100_000) });

const uploads = suite('the upload of a large extension');

uploads('begins with a URL for just so many bytes, which is good for an hour', async () => {
  const signed: unknown[] = [];
  const start = startExtensionUpload({
    newId: () => ID,
    now: () => new Date(AT),
    urlSeconds: 3_600,
    countExtensions: async () => 99,
    presignUpload: async (...of) => {
      signed.push(of);
      return 'https://store/signed';
    },
  });
  assert.equal(await start(newRequest({ body: { sizeBytes: 5_000_000 } })), {
    status: 201,
    body: { id: ID, uploadUrl: 'https://store/signed', expiresAt: '2026-06-01T01:00:00.000Z' },
  });
  assert.equal(signed, [['p1', ID, 5_000_000]]);
});

uploads('is not begun for a project that may have no more extensions', async () => {
  const start = startExtensionUpload({
    newId: () => ID,
    now: () => new Date(AT),
    urlSeconds: 1,
    countExtensions: async () => 100,
    presignUpload: () => assert.unreachable() as never,
  });
  assert.is((await appErrorOf(start(newRequest({ body: { sizeBytes: 1 } })))).code, 'TOO_MANY_EXTENSIONS');
});

/** A store with one upload, and what becomes of it. */
async function finish(
  upload: Buffer | undefined,
  changes: Partial<FinishExtensionUploadDeps> = {},
  { fileName = 'my ext.zip', pathId = ID } = {},
) {
  const done: string[] = [];
  const file = join(mkdtempSync(join(tmpdir(), 'upload-')), 'upload.zip');
  const handle = finishExtensionUpload({
    now: () => new Date(AT),
    getExtension: async () => undefined,
    countExtensions: async () => 0,
    newFile: () => file,
    saveUpload: async (projectId, uploadId, to) => {
      done.push(`save ${projectId} ${uploadId}`);
      if (upload !== undefined) writeFileSync(to, upload);
      return upload?.length;
    },
    putZip: async ({ sizeBytes }, from) => void done.push(`put ${sizeBytes} ${existsSync(from)}`),
    storeExtension: async ({ fileName: name }) => {
      done.push(`store ${name}`);
      return true;
    },
    deleteUpload: async () => void done.push('delete'),
    ...changes,
  });
  const answer = await handle(newRequest({ pathId, body: { fileName } })).catch((error: unknown) => error);
  assert.not.ok(existsSync(file), 'nothing stays on the disk');
  return { answer, done };
}

const faultOf = async ({ answer }: { readonly answer: unknown }) =>
  appErrorOf(Promise.reject(answer) as Promise<never>);

uploads('becomes an extension of its own id: looked at, stored, known, and then gone', async () => {
  const { answer, done } = await finish(ZIP);
  assert.equal(answer, {
    status: 200,
    body: { id: ID, createdAt: AT, updatedAt: AT, fileName: 'my ext.zip', projectId: 'p1' },
  });
  assert.equal(done, [`save p1 ${ID}`, `put ${ZIP.length} true`, 'store my ext.zip', 'delete']);
});

const EXTENSION: Extension = {
  extensionId: ID,
  projectId: 'p1',
  fileName: 'first.zip',
  sizeBytes: 1,
  createdAt: AT,
  updatedAt: AT,
};

uploads('that is finished again is the same extension, and nothing is done', async () => {
  const { answer, done } = await finish(undefined, { getExtension: async () => EXTENSION });
  assert.is((answer as { body: { fileName: string } }).body.fileName, 'first.zip');
  assert.equal(done, []);
});

uploads('that another call finishes at the same moment is what that one has made of it', async () => {
  let looks = 0;
  const { answer } = await finish(ZIP, {
    getExtension: async () => (looks++ === 0 ? undefined : EXTENSION),
    storeExtension: async () => false,
  });
  assert.is((answer as { body: { fileName: string } }).body.fileName, 'first.zip');
});

uploads('that was never sent, is another project’s or is no id at all is the same 404', async () => {
  const theirs = async () => ({ ...EXTENSION, projectId: 'p3' });
  const faults = [
    await finish(undefined),
    await finish(undefined, { getExtension: theirs }),
    await finish(undefined, { getExtension: () => assert.unreachable() as never }, { pathId: '../x' }),
  ];
  for (const fault of faults) {
    const { code, status } = await faultOf(fault);
    assert.equal([code, status], ['EXTENSION_UPLOAD_NOT_FOUND', 404]);
  }
});

uploads('that no browser could load is a 400 that says why, and nothing of it is stored', async () => {
  const bomb = buildZip([{ name: 'manifest.json', claims: { size: 300 * 1024 * 1024 } }]);
  for (const [zip, why] of [
    [Buffer.from('no zip'), 'it cannot be read as a zip'],
    [ZIP.subarray(0, ZIP.length / 2), 'it cannot be read as a zip'],
    [Buffer.concat([Buffer.from('Cr24'), ZIP]), 'it is a .crx'],
    [bomb, 'the zip unpacks to more than'],
    [buildExtensionZip({ name: 'a', content: 'x', claims: { crc: 1 } }), 'does not fit to its checksum'],
    [Buffer.alloc(0), 'it cannot be read as a zip'],
  ] as const) {
    const made = await finish(zip);
    const { status, message } = await faultOf(made);
    assert.is(status, 400);
    assert.match(message, 'the upload must be the zip of an extension: ');
    assert.match(message, why);
    assert.equal(made.done, [`save p1 ${ID}`]);
  }
});

uploads('is not finished under a name that is none, nor past what a project may have', async () => {
  assert.is((await faultOf(await finish(ZIP, {}, { fileName: '../..' }))).status, 400);
  const full = await finish(ZIP, { countExtensions: async () => 100 });
  assert.equal([(await faultOf(full)).code, full.done], ['TOO_MANY_EXTENSIONS', []]);
});

uploads('leaves nothing known, nor on the disk, where the store is away', async () => {
  const { answer, done } = await finish(ZIP, { putZip: () => Promise.reject(new Error('S3 is away')) });
  assert.is((answer as Error).message, 'S3 is away');
  assert.equal(done, [`save p1 ${ID}`]);
});

uploads.run();
