import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { appErrorOf } from '../testing/app-error-of.ts';
import { MAX_MULTIPART_FILE_BYTES, type MultipartRules, readUploadedFile } from './multipart.ts';
import { multipartBody } from './testing/multipart-body.ts';

const RULES: MultipartRules = { maxFileBytes: 100_000 };
const BOUNDARY = 'multipart/form-data; boundary=B';

/** A body by its raw parts, each with its head. */
const raw = (...parts: readonly (readonly [head: string, content: string])[]): Buffer =>
  Buffer.from(`${parts.map(([head, content]) => `--B\r\n${head}\r\n\r\n${content}\r\n`).join('')}--B--\r\n`);
const named = (rest: string) => `Content-Disposition: form-data; ${rest}`;
const FILE = named('name="file"; filename="a.txt"');

const faultOf = async (body: Buffer, contentType = BOUNDARY, rules = RULES) => {
  const { status, message } = await appErrorOf(readUploadedFile(body, contentType, rules));
  return [status, message];
};

const reading = suite('readUploadedFile');

reading('has every byte of the file that a client sends', async () => {
  const content = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256);
  const { bytes, contentType } = await multipartBody({ file: new File([content], 'Größe 1.bin') });
  const file = await readUploadedFile(bytes, contentType, RULES);
  assert.is(file.name, 'Größe 1.bin');
  assert.ok(file.bytes.equals(content));
});

reading('has an empty file', async () => {
  const { bytes, contentType } = await multipartBody({ file: new File([], 'empty') });
  const file = await readUploadedFile(bytes, contentType, RULES);
  assert.equal([file.name, file.bytes.length], ['empty', 0]);
});

reading('leaves nothing in a name that leads elsewhere', async () => {
  const head = named('name="file"; filename="../../etc/.passwd"');
  assert.is((await readUploadedFile(raw([head, 'x']), BOUNDARY, RULES)).name, 'passwd');
});

reading('is 413 for one byte too many, with the way for larger files', async () => {
  const rules = { maxFileBytes: 10, largerFiles: ' PUT it' };
  assert.is((await readUploadedFile(raw([FILE, 'x'.repeat(10)]), BOUNDARY, rules)).bytes.length, 10);
  assert.equal(await faultOf(raw([FILE, 'x'.repeat(11)]), BOUNDARY, rules), [
    413,
    'body/file must be at most 10 bytes. PUT it',
  ]);
});

reading('takes no more than an event of Lambda holds', () => {
  const headersBytes = 6 * 1024 * 1024 - (MAX_MULTIPART_FILE_BYTES * 4) / 3;
  assert.ok(headersBytes > 400_000, `${headersBytes}`);
});

for (const [what, body, message] of [
  ['nothing', Buffer.of(), 'body must be valid multipart/form-data'],
  ['no part', Buffer.from('--B--\r\n'), "body must have required property 'file'"],
  ['another text', Buffer.from('{"file":1}'), 'body must be valid multipart/form-data'],
  ['a part that is no field', raw(['X-A: b', 'x']), "body must have required property 'file'"],
  [
    'a file of another name',
    raw([named('name="a"; filename="b"'), 'x']),
    'body must have one part only, file, and not "a"',
  ],
  [
    'a file without a name',
    raw([named('filename="b"'), 'x']),
    'body must have one part only, file, and not ""',
  ],
  ['a text', raw([named('name="file"'), 'x']), 'body/file must have a filename'],
  ['another field', raw([named('name="a"'), 'x']), 'body must have one part only, file, and not "a"'],
  ['two files', raw([FILE, 'x'], [FILE, 'y']), 'body must have one part only, file'],
  ['a field besides', raw([FILE, 'x'], [named('name="a"'), 'y']), 'body must have one part only, file'],
  [
    'ten thousand parts',
    raw(...Array.from({ length: 10_000 }, () => [FILE, 'x'] as const)),
    'body must have one part only, file',
  ],
  [
    'a name of dots',
    raw([named('name="file"; filename=".."'), 'x']),
    'body/file must have a filename, of at most 255 bytes',
  ],
  [
    'a name that is too long',
    raw([named(`name="file"; filename="${'x'.repeat(256)}"`), 'x']),
    'body/file must have a filename, of at most 255 bytes',
  ],
  [
    'a file that is cut off',
    raw([FILE, 'x'.repeat(50)]).subarray(0, 100),
    'body must be valid multipart/form-data',
  ],
  [
    'headers without end',
    Buffer.from(`--B\r\n${'A: b\r\n'.repeat(20_000)}`),
    'body must be valid multipart/form-data',
  ],
] as const) {
  reading(`is 400 for ${what}`, async () => assert.equal(await faultOf(body), [400, message]));
}

for (const contentType of [
  '',
  'application/json',
  'multipart/form-data',
  'multipart/form-data; x=y',
  'multipart/mixed; boundary=B',
]) {
  reading(`is 415 for the type "${contentType}"`, async () =>
    assert.equal(await faultOf(raw([FILE, 'x']), contentType), [
      415,
      'The content-type must be multipart/form-data with a boundary',
    ]),
  );
}

reading('gives up early on megabytes of nothing but boundaries', async () => {
  const startedAtMs = performance.now();
  await faultOf(Buffer.from('--B\r\n'.repeat(800_000)));
  assert.ok(performance.now() - startedAtMs < 1_500);
});

reading.run();
