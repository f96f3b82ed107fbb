/**
 * Threat: films and forms from strangers: a container that is not ours any more stores what it likes, and a client sends what it
 * likes. `FUZZ_REQUESTS=20000` tries more, `FUZZ_SEED` the same ones again.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AppError } from '../../core/domain/errors.ts';
import { BadIndexError, parseIndex } from '../../core/domain/recording.ts';
import { readUploadedFile } from '../../core/http/multipart.ts';
import { Mp4Error, makeBox } from '../../core/mp4/boxes.ts';
import { Movie } from '../../core/mp4/movie.ts';
import { makeFragment, makeInit } from '../../core/mp4/testing/make-film.ts';
import { faultOf, figures, grownBytes, seed, tryNearly } from './support/read-hostile.ts';

const MAX_GROWTH_BYTES = 600e6;

const files = suite(`films and forms from strangers (FUZZ_SEED=${seed})`);

files.after(() => console.log(`films and forms: ${figures}`));

const BOUNDARY = 'multipart/form-data; boundary=B';
const FORM = Buffer.from(
  '--B\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nx\r\n--B--\r\n',
);
const formFault = async (what: string, body: Buffer, type = BOUNDARY) =>
  faultOf(what, () => readUploadedFile(body, type, { maxFileBytes: 4_400_000 }), [AppError]);

files('forms that mean harm are refused, or hold one file', async () => {
  for (const [what, body, type] of [
    ['boundaries alone', Buffer.from('--B\r\n'.repeat(1_000_000))],
    ['nearly boundaries', Buffer.concat([FORM.subarray(0, -8), Buffer.from('\r\n--A'.repeat(1_000_000))])],
    ['headers without end', Buffer.from(`--B\r\n${'X: y\r\n'.repeat(700_000)}`)],
    ['a header of 4 MB', Buffer.from(`--B\r\nX: ${'y'.repeat(4_000_000)}`)],
    ['a thousand parts', Buffer.concat(Array.from({ length: 1_000 }, () => FORM.subarray(0, -8)))],
    ['a long boundary', FORM, `multipart/form-data; boundary=${'B'.repeat(100_000)}`],
    ['a boundary of spaces', FORM, 'multipart/form-data; boundary="  "'],
    ['many parameters', FORM, `multipart/form-data${'; a=b'.repeat(100_000)}`],
    ['a prototype', Buffer.from(FORM.toString().replace('name="file"', 'name="__proto__"'))],
    ['no end', FORM.subarray(0, -4)],
    ['line feeds', Buffer.from(FORM.toString().replaceAll('\r\n', '\n'))],
  ] as const)
    assert.ok(await formFault(`a form of ${what}`, body, type), what);
  await tryNearly('a form', FORM, (bytes) => formFault('a form nearly', bytes));
});

const run = (count: number, flags = 0) => {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32BE(flags, 0);
  bytes.writeUInt32BE(count, 4);
  return makeBox('trun', bytes);
};
const fragmentOf = (...runs: readonly Buffer[]): Buffer =>
  Buffer.concat([
    makeBox(
      'moof',
      makeBox('traf', makeBox('tfhd', Buffer.alloc(8)), makeBox('tfdt', Buffer.alloc(8)), ...runs),
    ),
    makeBox('mdat'),
  ]);
const filmFault = (what: string, film: Buffer) =>
  faultOf(what, () => {
    const movie = new Movie();
    movie.add(film);
    return movie.head();
  }, [Mp4Error]);

const FILMS: readonly (readonly [what: string, parts: () => readonly Buffer[]])[] = [
  ['pictures without bytes', () => [fragmentOf(run(100_000))]],
  [
    'a million runs of pictures without bytes',
    () => [fragmentOf(...Array.from({ length: 60_000 }, () => run(100_000)))],
  ],
  ['four billion pictures', () => [fragmentOf(run(0xffffffff))]],
  [
    'many fragments of pictures without bytes',
    () => Array.from({ length: 5_000 }, () => fragmentOf(run(100_000))),
  ],
  ['a box of 8 EiB', () => [Buffer.from(`\0\0\0\x01mdat\x7f${'\xff'.repeat(7)}`, 'latin1')]],
  ['a box of nothing', () => [Buffer.alloc(16)]],
  ['nothing but beginnings', () => Array.from({ length: 200_000 }, () => makeBox('ftyp'))],
  ['boxes in boxes', () => [nest(20_000)]],
];
const nest = (depth: number): Buffer => {
  let box = Buffer.alloc(0);
  for (let level = 0; level < depth; level++) box = Buffer.concat([makeBox('moof'), box]);
  return box;
};

files('films that mean harm are refused, however little they weigh', async () => {
  for (const [what, parts] of FILMS)
    assert.ok(await filmFault(`a film of ${what}`, Buffer.concat([makeInit(), ...parts()])), what);
  const good = Buffer.concat([makeInit(), makeFragment(0, [100, 200])]);
  assert.is(await filmFault('a film', good), undefined);
  await tryNearly('a film', good, (bytes) => filmFault('a film nearly', bytes));
});

const INDEX = {
  version: 1,
  url: 'https://a.example/',
  chunks: [{ number: 0, part: 0, startedAtMs: 1_000, initBytes: 10, segments: [[10, 200]] }],
};
const indexFault = (what: string, text: string) =>
  faultOf(what, () => parseIndex(text, 1_000), [BadIndexError]);

files('lists of films that mean harm are refused by the field', async () => {
  const chunk = INDEX.chunks[0];
  for (const [what, value] of [
    ['deep', `${'['.repeat(1_000_000)}`],
    ['a number beyond all', '{"version":1e999}'],
    ['a prototype', '{"__proto__":{"version":1,"url":"","chunks":[]}}'],
    ['a url of a megabyte', JSON.stringify({ ...INDEX, url: 'x'.repeat(1_000_000) })],
    ['a million chunks', JSON.stringify({ ...INDEX, chunks: Array(1_000_000).fill(0) })],
    [
      'a million segments',
      JSON.stringify({ ...INDEX, chunks: [{ ...chunk, segments: Array(1_000_000).fill([1, 1]) }] }),
    ],
    ['a way out', JSON.stringify({ ...INDEX, chunks: [{ ...chunk, number: '../../x' }] })],
    [
      'lines of a playlist',
      JSON.stringify({ ...INDEX, chunks: [{ ...chunk, part: '0\n#EXT-X-KEY:URI="http://a"' }] }),
    ],
    ['a key twice', '{"version":1,"version":2}'],
  ] as const)
    assert.ok(await indexFault(`an index: ${what}`, value), what);
  assert.is(await indexFault('an index', JSON.stringify(INDEX)), undefined);
});

files('all of them together take no more memory than this', () => {
  assert.ok(grownBytes() < MAX_GROWTH_BYTES, `${Math.round(grownBytes() / 1e6)} MB`);
});

files.run();
