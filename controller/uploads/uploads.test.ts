import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Uploads, type UploadsOptions } from './uploads.ts';

const root = mkdtempSync(join(tmpdir(), 'wallcrawler-uploads-'));
const [folder, unfinished] = [join(root, 'uploads'), join(root, 'unfinished')];

const create = (changes: Partial<UploadsOptions> = {}) => new Uploads({ folder, unfinished, ...changes });
const send = (uploads: Uploads, name: string, content = 'x') =>
  uploads.take({ name, bytes: content.length }, Readable.from([content]));
const there = () => ({ whole: readdirSync(folder).sort(), unfinished: readdirSync(unfinished) });

const uploading = suite('files of a session');
uploading.before.each(() => {
  for (const each of [folder, unfinished]) {
    rmSync(each, { recursive: true, force: true });
    mkdirSync(each);
  }
});
uploading.after(() => rmSync(root, { recursive: true }));

uploading('lie there whole, for everybody to read', async () => {
  const before = process.umask(0o077);
  try {
    const uploads = create();
    assert.is(uploads.pathOf({ name: 'a.txt' }), undefined);
    assert.is(await send(uploads, 'a.txt', 'content'), null);
    const path = uploads.pathOf({ name: 'a.txt' }) ?? '';
    assert.is(path, join(folder, 'a.txt'));
    assert.equal([readFileSync(path, 'utf8'), statSync(path).mode & 0o777], ['content', 0o644]);
  } finally {
    process.umask(before);
  }
});

uploading('are replaced by the next one of their name, and only by all of it', async () => {
  const uploads = create();
  await send(uploads, 'a', 'first');
  const content = new PassThrough();
  const taking = uploads.take({ name: 'a', bytes: 6 }, content);
  content.write('sec');
  assert.is(readFileSync(join(folder, 'a'), 'utf8'), 'first');
  content.end('ond');
  await taking;
  assert.is(readFileSync(join(folder, 'a'), 'utf8'), 'second');
});

for (const [what, breakOff] of [
  ['its sender leaves', (content: PassThrough) => content.destroy()],
  ['less comes than was announced', (content: PassThrough) => content.end()],
  ['more comes than was announced', (content: PassThrough) => content.end('x'.repeat(100))],
  ['the session ends', (_: PassThrough, uploads: Uploads) => uploads.stop()],
] as const) {
  uploading(`are not there at all when ${what}`, async () => {
    const uploads = create();
    const content = new PassThrough();
    content.write('begun');
    const taking = uploads.take({ name: 'a', bytes: 10 }, content).catch((error: Error) => error);
    await once(content, 'resume');
    breakOff(content, uploads);
    assert.instance(await taking, Error);
    assert.equal(there(), { whole: [], unfinished: [] });
    assert.is(uploads.pathOf({ name: 'a' }), undefined);
  });
}

uploading('take the place of a link, and are not written through it', async () => {
  const outside = join(root, 'outside');
  symlinkSync(outside, join(folder, 'a'));
  await send(create(), 'a', 'content');
  assert.equal(readFileSync(join(folder, 'a'), 'utf8'), 'content');
  assert.not(readdirSync(root).includes('outside'));
});

uploading('are no larger than one may be, and then are not read', async () => {
  const uploads = create({ limits: { maxFileBytes: 3 } });
  const content = new PassThrough();
  assert.is(await uploads.take({ name: 'a', bytes: 4 }, content, () => assert.unreachable()), 'tooLarge');
  assert.is(content.listenerCount('data') + content.listenerCount('readable'), 0);
  assert.is(await send(uploads, 'a', 'xxx'), null);
});

uploading('are so many, and one that replaces another is none more', async () => {
  const uploads = create({ limits: { maxFiles: 2 } });
  for (const name of ['a', 'b', 'a']) assert.is(await send(uploads, name), null);
  assert.is(await send(uploads, 'c'), 'tooMany');
});

uploading('have so many bytes together, with those on their way', async () => {
  const uploads = create({ limits: { maxBytes: 10 } });
  await send(uploads, 'a', 'xxxx');
  const content = new PassThrough();
  const taking = uploads.take({ name: 'b', bytes: 4 }, content);
  assert.is(await send(uploads, 'c', 'xxx'), 'tooMany');
  content.destroy();
  await taking.catch((error: Error) => error);
  assert.is(await send(uploads, 'c', 'xxx'), null);
  assert.is(await send(uploads, 'a', 'xxxxxxx'), null);
});

uploading('come so many at once', async () => {
  const uploads = create({ limits: { maxAtOnce: 1 } });
  const content = new PassThrough();
  const taking = uploads.take({ name: 'a', bytes: 1 }, content);
  assert.is(await send(uploads, 'b'), 'tooManyAtOnce');
  content.end('x');
  assert.is(await taking, null);
  assert.is(await send(uploads, 'b'), null);
});

uploading('leave the browser room on the disk, whichever of them comes first', async () => {
  const uploads = create({ limits: { minFreeBytes: 10 }, freeBytes: async () => 15 });
  const contents = [new PassThrough(), new PassThrough()] as const;
  const taking = contents.map((content, index) => uploads.take({ name: `${index}`, bytes: 3 }, content));
  assert.is(await Promise.race(taking), 'noRoom');
  for (const content of contents) content.end('xxx');
  await Promise.all(taking);
  assert.is(await send(create({ limits: { minFreeBytes: 10 }, freeBytes: async () => 11 }), 'c'), null);
});

uploading('of one name lie in folders of their own, where they are to be in nobody’s way', async () => {
  const uploads = create({ limits: { maxFiles: 3 } });
  await send(uploads, 'a', 'of a client');
  for (const folder of ['1', '2'])
    await uploads.take({ name: 'a', folder, bytes: 1 }, Readable.from([folder]));
  const [first, second] = ['1', '2'].map((folder) => ({ name: 'a', folder })) as [
    { name: string; folder: string },
    { name: string; folder: string },
  ];
  const read = (slot: { name: string }) => readFileSync(uploads.pathOf(slot) ?? '', 'utf8');
  assert.equal([read({ name: 'a' }), read(first), read(second)], ['of a client', '1', '2']);
  assert.is(await send(uploads, 'b'), 'tooMany');
  await uploads.discard(first);
  assert.is(uploads.pathOf(first), undefined);
  assert.is(await send(uploads, 'b'), null);
  assert.equal(readdirSync(folder).sort(), ['.2', 'a', 'b']);
});

uploading.run();
