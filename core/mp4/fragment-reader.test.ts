import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Mp4Error, makeBox } from './boxes.ts';
import { type FilmFragment, FragmentReader } from './fragment-reader.ts';
import { makeFragment, makeInit } from './testing/make-film.ts';

const reading = suite('a film that grows');
const FILM = [makeInit(), makeFragment(0, [100, 10, 10]), makeFragment(600, [90, 9], 5_000)] as const;

for (const step of [1, 7, 100, 10_000]) {
  reading(`is cut into its fragments, ${step} bytes at a time`, () => {
    const reader = new FragmentReader();
    const film = Buffer.concat(FILM);
    const found: FilmFragment[] = [];
    for (let at = 0; at < film.length; at += step) found.push(...reader.push(film.subarray(at, at + step)));
    assert.equal(
      found.map(({ startMs, durationMs, bytes }) => [startMs, durationMs, bytes.length]),
      [
        [0, 600, FILM[1].length],
        [600, 10_000, FILM[2].length],
      ],
    );
    assert.equal(
      found[0]?.samples.map(({ isSync, bytes }) => [isSync, bytes]),
      [
        [true, 100],
        [false, 10],
        [false, 10],
      ],
    );
    assert.equal(reader.init, FILM[0]);
    assert.ok(reader.isWhole);
  });
}

reading('is not whole in the middle of a fragment, and has no init before it is there', () => {
  const reader = new FragmentReader();
  reader.push(FILM[0].subarray(0, 50));
  assert.is(reader.init.length, 0);
  reader.push(Buffer.concat([FILM[0].subarray(50), FILM[1].subarray(0, 30)]));
  assert.ok(reader.init.length > 0);
  assert.not(reader.isWhole);
});

const BAD: Readonly<Record<string, Buffer>> = {
  'a box without a length': Buffer.alloc(16),
  'a box larger than any': Buffer.from('7fffffff6d646174', 'hex'),
  'a long box larger than any': Buffer.from('000000016d646174ffffffffffffffff', 'hex'),
  'an mdat that nothing describes': makeBox('mdat', Buffer.alloc(4)),
  'an empty moov': makeBox('moov'),
  'a moov that is cut off': makeBox('moov', makeBox('trak', makeBox('mdia', makeBox('mdhd')))),
  'a box that is longer than the one around it': makeBox('moov', Buffer.from('00000fff7472616b', 'hex')),
  'samples without end': Buffer.concat([
    makeInit(),
    makeBox(
      'moof',
      makeBox(
        'traf',
        makeBox('tfhd', Buffer.alloc(8)),
        makeBox('tfdt', Buffer.alloc(8)),
        makeBox('trun', Buffer.from('00000000ffffffff', 'hex')),
      ),
    ),
    makeBox('mdat'),
  ]),
};

for (const [what, bytes] of Object.entries(BAD)) {
  reading(`is none with ${what}`, () => {
    assert.throws(
      () => new FragmentReader().push(bytes),
      (error: unknown) => error instanceof Mp4Error,
    );
  });
}

reading.run();
