import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ReplayEvent } from '../../core/domain/replay.ts';
import { filmOf } from './film.ts';
import { markEvents, marksOf } from './marks.ts';

const marks = suite('marks of a timeline');

const film = filmOf([{ pageId: '0', startMs: 1_000, durationMs: 100_000 }]);
const event = (atMs: number, type: string) => ({ atMs, type, data: {} }) as ReplayEvent;
const of = (...events: readonly ReplayEvent[]) => marksOf(markEvents(events, film), film.durationMs);

marks('are where the film is when an event happens, and know none of tomorrow', () => {
  const found = of(event(500, 'session.ready'), event(51_000, 'page.opened'), event(52_000, 'of.tomorrow'));
  assert.equal(
    found.map(({ filmMs, kind }) => [filmMs, kind]),
    [
      [0, 'session'],
      [50_000, 'page'],
    ],
  );
});

marks('in one place are one, which shows the worst and says all but many', () => {
  const crowd = Array.from({ length: 5 }, () => event(51_100, 'client.connected'));
  const [only, ...others] = of(event(51_000, 'page.opened'), ...crowd, event(51_200, 'page.crashed'));
  assert.equal([only?.kind, others], ['crash', []]);
  assert.is(only?.words.split('\n').length, 5);
  assert.match(only?.words ?? '', /and 3 more$/);
});

marks('of a film of nothing lie in one place', () => {
  const none = filmOf([]);
  assert.is(marksOf(markEvents([event(1, 'page.opened'), event(2, 'page.opened')], none), 0).length, 1);
});

marks.run();
