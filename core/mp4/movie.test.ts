import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { boxesIn, findBox, Mp4Error } from './boxes.ts';
import { Movie } from './movie.ts';
import { makeFragment, makeInit } from './testing/make-film.ts';

const movies = suite('a movie of films');

const film = (...fragments: readonly Buffer[]) => Buffer.concat([makeInit(), ...fragments]);
const TABLE = ['moov', 'trak', 'mdia', 'minf', 'stbl'];

/** The numbers of a table's box, each 32 bits long. */
function numbersOf(movie: Buffer, type: string): number[] {
  const { bodyStart, end } = findBox(movie, ...TABLE, type);
  return Array.from({ length: (end - bodyStart) / 4 - 1 }, (_, at) =>
    movie.readUInt32BE(bodyStart + 4 + 4 * at),
  );
}

movies('has all pictures in one table, in their order, and where each fragment’s are', () => {
  const movie = new Movie();
  const media = [
    ...movie.add(film(makeFragment(0, [5, 3], 200, 1), makeFragment(400, [4], 1_000, 2))),
    ...movie.add(film(makeFragment(7_000, [6, 2], 200, 3))),
  ];
  const bytes = Buffer.concat([movie.head(), ...media]);
  assert.equal(
    boxesIn(bytes).map(({ type }) => type),
    ['ftyp', 'moov', 'mdat'],
  );
  assert.equal(numbersOf(bytes, 'stsz'), [0, 5, 5, 3, 4, 6, 2]);
  assert.equal(numbersOf(bytes, 'stts'), [3, 2, 1_000, 1, 5_000, 2, 1_000]);
  assert.equal(numbersOf(bytes, 'stss'), [3, 1, 3, 4], 'each fragment begins with a picture of its own');
  assert.equal(numbersOf(bytes, 'stsc'), [3, 1, 2, 1, 2, 1, 1, 3, 2, 1]);
  const [count, ...places] = numbersOf(bytes, 'co64');
  assert.is(count, 3);
  assert.equal(
    [places[1], places[3], places[5]].map((place) => bytes[place ?? 0]),
    [1, 2, 3],
  );
  const { bodyStart } = findBox(bytes, 'moov', 'mvhd');
  assert.is(bytes.readBigUInt64BE(bodyStart + 24), 9_000n, 'without what lay between');
});

movies('may have as many pictures as a session of six hours shows', () => {
  const movie = new Movie();
  const sizes = Array.from({ length: 1_000 }, (_, at) => 1 + (at % 7));
  const media: Buffer[] = [];
  for (let round = 0; round < 200; round++)
    media.push(...movie.add(film(makeFragment(round * 200_000, sizes, 100 + (round % 3)))));
  const bytes = Buffer.concat([movie.head(), ...media]);
  const { bodyStart } = findBox(bytes, ...TABLE, 'stsz');
  assert.is(bytes.readUInt32BE(bodyStart + 8), 200_000);
});

movies('keeps apart pictures of two kinds', () => {
  const movie = new Movie();
  const media = [
    ...movie.add(film(makeFragment(0, [1]))),
    ...movie.add(Buffer.concat([makeInit('config-b'), makeFragment(0, [1])])),
    ...movie.add(film(makeFragment(0, [1]))),
  ];
  const head = Buffer.concat([movie.head(), ...media]);
  assert.is(head.readUInt32BE(findBox(head, ...TABLE, 'stsd').bodyStart + 4), 2);
  assert.equal(numbersOf(head, 'stsc'), [3, 1, 1, 1, 2, 1, 2, 3, 1, 1]);
});

movies('knows its largest picture, and takes AV1 only', () => {
  const movie = new Movie();
  for (const [width, height] of [
    [1_280, 700],
    [401, 720],
  ] as const) {
    const init = makeInit();
    const description = init.lastIndexOf('av01') + 4;
    init.writeUInt16BE(width, description + 24);
    init.writeUInt16BE(height, description + 26);
    movie.add(Buffer.concat([init, makeFragment(0, [1])]));
  }
  assert.equal(movie.largest, { width: 1_280, height: 720 });
  const other = makeInit();
  other.write('jpeg', other.lastIndexOf('av01'));
  assert.throws(() => movie.add(Buffer.concat([other, makeFragment(0, [1])])), /not AV1/);
});

movies('is none of what is cut off, or has no pictures', () => {
  const whole = film(makeFragment(0, [100]));
  for (const bytes of [whole.subarray(0, -1), makeInit(), Buffer.from('not a film at all')])
    assert.throws(
      () => new Movie().add(bytes),
      (error: unknown) => error instanceof Mp4Error,
    );
  assert.throws(
    () => new Movie().head(),
    (error: unknown) => error instanceof Mp4Error,
  );
});

movies.run();
