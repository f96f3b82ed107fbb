import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fileNameOf } from './file-name.ts';

const naming = suite('fileNameOf');

for (const [given, name, why] of [
  ['cv.pdf', 'cv.pdf', 'as it is'],
  ['Lebenslauf März (2).pdf', 'Lebenslauf März (2).pdf', 'with spaces and letters of any language'],
  ['../../etc/passwd', 'passwd', 'without the folders of a path'],
  ['C:\\Users\\me\\cv.pdf', 'cv.pdf', 'without those of Windows'],
  ['/tmp/.uploads/cv.pdf', 'cv.pdf', 'without those of ours'],
  ['.ssh', 'ssh', 'not hidden'],
  ['.. /...x', 'x', 'not hidden, however often'],
  [' .x', 'x', 'not hidden behind a space'],
  ['a\u0000b\r\nc\u007f\u0085.txt', 'abc.txt', 'without control characters'],
  ['\u0001.x', 'x', 'not hidden behind a control character'],
  ['u\u0308.txt', 'ü.txt', 'in one spelling of its letters'],
  ['\ud800.txt', '\ufffd.txt', 'without half a character'],
  [`${'ü'.repeat(125)}.abcd`, `${'ü'.repeat(125)}.abcd`, 'of as many bytes as a file system takes'],
] as const) {
  naming(`calls ${JSON.stringify(given.slice(0, 40))} ${why}`, () => assert.is(fileNameOf(given), name));
}

for (const [given, why] of [
  ['', 'nothing'],
  ['.', 'a folder'],
  ['..', 'the folder above'],
  ['folder/', 'a folder by its path'],
  ['\u0000\n', 'control characters'],
  ['x'.repeat(256), 'more than a file system takes'],
  ['ü'.repeat(128), 'more bytes than a file system takes'],
] as const) {
  naming(`has no name for ${why}`, () => assert.is(fileNameOf(given), undefined));
}

naming('calls a name by itself', () => {
  for (const given of ['.. /...x', '\u0001 .x ', '../a\\.b\u0308']) {
    const name = fileNameOf(given) ?? '';
    assert.is(fileNameOf(name), name);
  }
});

naming.run();
