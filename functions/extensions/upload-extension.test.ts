import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Extension } from '../../core/domain/extension.ts';
import { buildExtensionZip, buildZip } from '../../core/extension-zip/testing/build-zip.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { type UploadExtensionDeps, uploadExtension } from './upload-extension.ts';

const ZIP = buildExtensionZip();

function upload(bytes: Buffer, changes: Partial<UploadExtensionDeps> = {}) {
  const done: string[] = [];
  const stored: Extension[] = [];
  const answer = uploadExtension({
    newId: () => 'e1',
    now: () => new Date('2026-06-01T00:00:00.000Z'),
    countExtensions: async () => 99,
    putZip: async (_, zip) => void done.push(`put ${zip.length}`),
    storeExtension: async (extension) => {
      done.push('store');
      stored.push(extension);
    },
    ...changes,
  })(newRequest({ body: { file: { name: 'my ext.zip', bytes } } }));
  return { answer, done, stored };
}

const uploading = suite('uploadExtension');

uploading('stores the zip and then the extension, and answers what Browserbase answers', async () => {
  const { answer, done, stored } = upload(ZIP);
  const at = '2026-06-01T00:00:00.000Z';
  const view = { id: 'e1', createdAt: at, updatedAt: at, fileName: 'my ext.zip', projectId: 'p1' };
  assert.equal(await answer, { status: 200, body: view });
  assert.equal(done, [`put ${ZIP.length}`, 'store']);
  assert.is(stored[0]?.sizeBytes, ZIP.length);
});

uploading('says what is wrong with a zip, and stores nothing of it', async () => {
  for (const [zip, fault] of [
    [Buffer.from('no zip'), 'it cannot be read as a zip'],
    [buildZip([{ name: 'a.js' }]), 'it has no manifest.json at its root'],
    [buildExtensionZip({ name: '../x' }), 'it cannot be read as a zip (invalid relative path: ../x)'],
  ] as const) {
    const { answer, done } = upload(zip);
    const { status, message } = await appErrorOf(answer);
    assert.is(status, 400);
    assert.match(message, `body/file must be the zip of an extension: ${fault}`);
    assert.equal(done, []);
  }
});

uploading('is refused to a project that has as many as it may have', async () => {
  const { answer, done } = upload(ZIP, { countExtensions: async () => 100 });
  const { status, message } = await appErrorOf(answer);
  assert.is(status, 422);
  assert.match(message, 'This project has 100 extensions');
  assert.equal(done, []);
});

uploading('knows no extension whose zip is not stored', async () => {
  const { answer, stored } = upload(ZIP, { putZip: () => Promise.reject(new Error('S3 is away')) });
  assert.is((await answer.catch((error) => error)).message, 'S3 is away');
  assert.equal(stored, []);
});

uploading.run();
