import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { durationOf, filmOf, nextOf, sceneAt, toFilmMs, toRealMs } from './film.ts';

const films = suite('the time of a film');

const scene = (pageId: string, startMs: number, durationMs: number) => ({ pageId, startMs, durationMs });
/** Page 0 for 10 s, 50 s of nothing, page 1 for 5 s, page 0 again at once. */
const film = filmOf([scene('0', 1_000, 10_000), scene('1', 61_000, 5_000), scene('0', 66_000, 4_000)]);

films('is its scenes without what lies between them', () => {
  assert.is(film.durationMs, 19_000);
  assert.equal(
    film.scenes.map(({ atMs, gapMs }) => [atMs, gapMs]),
    [
      [0, 0],
      [10_000, 50_000],
      [15_000, 0],
    ],
  );
});

films('is a time of the day, and back', () => {
  for (const [filmMs, realMs] of [
    [0, 1_000],
    [9_999, 10_999],
    [10_000, 61_000],
    [15_500, 66_500],
    [19_000, 70_000],
  ] as const) {
    assert.is(toRealMs(film, filmMs), realMs);
    assert.is(toFilmMs(film, realMs), filmMs);
  }
});

films('shows what happened in a gap where it was cut out, and what was before it at its beginning', () => {
  assert.is(toFilmMs(film, 30_000), 10_000);
  assert.is(toFilmMs(film, 0), 0);
  assert.is(toFilmMs(film, 1_000_000), 19_000);
  assert.is(toRealMs(film, 1_000_000), 70_000);
});

films('knows which page is seen, and when one is seen next', () => {
  assert.is(sceneAt(film, 12_000)?.pageId, '1');
  assert.is(sceneAt(film, 15_000)?.pageId, '0');
  assert.is(nextOf(film, '1', 0), 10_000);
  assert.is(nextOf(film, '0', 3_000), 3_000);
  assert.is(nextOf(film, '0', 10_000), 15_000, 'not the last moment of what has been');
  assert.is(nextOf(film, '1', 15_000), undefined);
  assert.equal([durationOf(film, '0'), durationOf(film, '1')], [14_000, 5_000]);
});

films('of nothing has no moment', () => {
  const none = filmOf([]);
  assert.equal(
    [none.durationMs, toFilmMs(none, 5), toRealMs(none, 5), sceneAt(none, 0)],
    [0, 0, 0, undefined],
  );
});

films.run();
