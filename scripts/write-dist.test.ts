import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { suite, type Test } from 'uvu';
import * as assert from 'uvu/assert';
// @ts-expect-error plain JavaScript without types
import { findEntries, isZipped } from './entries.mjs';
// @ts-expect-error plain JavaScript without types
import { writeDist } from './write-dist.mjs';
// @ts-expect-error plain JavaScript without types
import { zipFiles } from './zip.mjs';

let root: string;
const at = (path: string) => join(root, path);
const read = (path: string) => readFileSync(at(path), 'utf8');
function put(path: string, text = ''): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), text);
}
const write = (files: Readonly<Record<string, string>>, makeStamp: () => string = () => 'stamp') =>
  writeDist(root, new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)])), makeStamp);
/** Lets each test of a suite have a tree of its own. */
function inTree(tests: Test): void {
  tests.before.each(() => {
    root = mkdtempSync(join(tmpdir(), 'dist-'));
  });
  tests.after.each(() => rmSync(root, { recursive: true }));
}

const dist = suite('what is written to dist/');
inTree(dist);

dist('is there with its folders, and the stamp last of all', async () => {
  await write({ 'dist/a/index.js': 'a', 'dist/meta/a.json': '{}' }, () => {
    assert.is(read('dist/a/index.js'), 'a');
    return 'made';
  });
  assert.is(read('dist/meta/a.json'), '{}');
  assert.is(read('dist/stamp.json'), 'made');
});

dist('takes the place of what was there; what no longer belongs is gone, folders as well', async () => {
  await write({ 'dist/a/index.js': 'a', 'dist/old/deep/b.js': 'b', 'dist/old.zip': 'z' });
  await write({ 'dist/a/index.js': 'new' });
  assert.is(read('dist/a/index.js'), 'new');
  assert.equal(readdirSync(at('dist')).sort(), ['a', 'stamp.json']);
  assert.equal(readdirSync(at('dist/a')), ['index.js'], 'no temporary file is left');
});

dist('is replaced whole: whoever has the old file open reads the old one', async () => {
  await write({ 'dist/a.js': 'old' });
  const { ino } = statSync(at('dist/a.js'));
  await write({ 'dist/a.js': 'new' });
  assert.is.not(statSync(at('dist/a.js')).ino, ino);
});

dist('is not fresh while it is being written, nor after it has failed', async () => {
  await write({ 'dist/a.js': 'a' });
  const failing = write({ 'dist/a.js': 'b' }, () => {
    assert.not(existsSync(at('dist/stamp.json')));
    throw new Error('no stamp');
  });
  assert.is(await failing.catch((error: Error) => error.message), 'no stamp');
  assert.not(existsSync(at('dist/stamp.json')));
});

dist('leaves the lock of the build that writes it', async () => {
  put('dist/build.lock', 'mine');
  await write({ 'dist/a.js': 'a' });
  assert.is(read('dist/build.lock'), 'mine');
});

dist.run();

// ---

const zips = suite('a zip');
const bytesOf = (text: string) => Buffer.from(text);

zips('depends on names and contents only: neither on their order nor on the hour', () => {
  const [a, b] = [bytesOf('a'), bytesOf('b')];
  const zip = Buffer.from(zipFiles({ 'a.js': a, 'b.js': b }));
  assert.ok(zip.equals(zipFiles({ 'b.js': b, 'a.js': a })));
  assert.not(zip.equals(zipFiles({ 'a.js': a, 'b.js': bytesOf('c') })));
  assert.not(zip.equals(zipFiles({ 'a.js': a, 'c.js': b })));
});

zips('holds what went in, readable by everybody on a Unix', () => {
  const zip = Buffer.from(
    zipFiles({ 'index.js': bytesOf('x'.repeat(10_000)), 'package.json': bytesOf('{}') }),
  );
  const files = unzipSync(zip);
  assert.equal(Object.keys(files), ['index.js', 'package.json']);
  assert.is(Buffer.from(files['index.js'] ?? []).toString(), 'x'.repeat(10_000));
  assert.ok(zip.length < 1_000, 'it is compressed');
  // The central directory: made on Unix, and the mode of a regular file in the upper half of its attributes.
  const entry = zip.indexOf(Buffer.from([0x50, 0x4b, 1, 2]));
  assert.is(zip[entry + 5], 3);
  assert.is(zip.readUInt16LE(entry + 40).toString(8), '100644');
});

zips.run();

// ---

const entries = suite('what is bundled');
inTree(entries);

entries('is each function by its own name, wherever it lies, and the parts that are there', () => {
  for (const path of [
    'functions/things/make-thing.lambda.ts',
    'functions/things/make-thing.ts',
    'functions/things/make-thing.test.ts',
    'functions/sweeper.lambda.ts',
    'functions/a/b/deep.lambda.ts',
    'controller/index.ts',
    'local/index.ts',
  ])
    put(path);
  assert.equal(findEntries(root), {
    deep: 'functions/a/b/deep.lambda.ts',
    sweeper: 'functions/sweeper.lambda.ts',
    'make-thing': 'functions/things/make-thing.lambda.ts',
    controller: 'controller/index.ts',
  });
});

entries('is nothing in an empty tree', () => assert.equal(findEntries(root), {}));

entries('is refused when two have one name, with both of them', () => {
  put('functions/a/x.lambda.ts');
  put('functions/b/x.lambda.ts');
  assert.throws(
    () => findEntries(root),
    'Two functions are called x: functions/a/x.lambda.ts and functions/b/x.lambda.ts',
  );
});

entries('may be called like what every object has', () => {
  put('functions/a/constructor.lambda.ts');
  assert.equal(Object.keys(findEntries(root)), ['constructor']);
});

entries('is zipped where it is a function, and not where it goes into an image', () => {
  assert.is(isZipped('functions/a/x.lambda.ts'), true);
  for (const path of ['controller/index.ts', 'local/aws/lambda/environment-worker.ts'])
    assert.is(isZipped(path), false);
});

entries.run();
