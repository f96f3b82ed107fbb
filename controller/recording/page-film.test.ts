import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeFragment, makeInit } from '../../core/mp4/testing/make-film.ts';
import { PageFilm, type ReadyChunk } from './page-film.ts';

const films = suite('the film of a page');

films('lasts as long as it did: each piece until the next one begins', () => {
  const chunks: ReadyChunk[] = [];
  const film = new PageFilm(0, (chunk) => void chunks.push(chunk), {
    chunkMs: 20_000,
    chunkBytes: 1_000_000,
  });
  film.begin(1_000);
  film.push(makeInit());
  // Chrome ends a piece with a picture of 200 ms, and has the next one when something changes.
  film.push(makeFragment(0, [200, 200]));
  film.push(makeFragment(1_400, [200]));
  film.push(makeFragment(1_600, [200, 100]));
  film.end();
  const [only] = chunks;
  assert.equal(
    only?.segments.map(([, durationMs]) => durationMs),
    [1_400, 200, 400],
  );
});

films.run();
