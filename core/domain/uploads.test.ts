import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { uploadNameIn, uploadPathOf } from './uploads.ts';

const paths = suite('the path of an upload');

for (const name of ['a.txt', 'März 1%.pdf', '../x', 'a?b#c']) {
  paths(`leads back to ${name}`, () => assert.is(uploadNameIn(uploadPathOf(name)), name));
}

for (const path of [
  '/uploads',
  '/uploads/',
  '/uploads/a/b',
  '/connect/uploads/a',
  '/xuploads/a',
  '/uploads/%ff',
]) {
  paths(`is not ${path}`, () => assert.is(uploadNameIn(path), null));
}

paths.run();
