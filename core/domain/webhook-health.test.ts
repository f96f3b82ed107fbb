import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { FAILING_LIMIT_DAYS, healthNewsOf } from './webhook-health.ts';

const NOW = new Date('2026-06-10T00:00:00.000Z');
const daysAgo = (days: number): string => new Date(NOW.getTime() - days * 86_400_000).toISOString();
const tried = (status: number) => ({ at: NOW.toISOString(), durationMs: 1, status });
const news = (
  failingSince: string | undefined,
  status: number,
  delivery: 'delivered' | 'failed' | 'pending',
) => healthNewsOf(failingSince === undefined ? {} : { failingSince }, tried(status), delivery, NOW);

const health = suite('the health of a webhook');

health('is news only where it changes', () => {
  assert.is(news(undefined, 200, 'delivered'), undefined);
  assert.equal(news(undefined, 500, 'pending'), { kind: 'fails' });
  assert.is(news(daysAgo(1), 500, 'pending'), undefined);
  assert.is(news(daysAgo(1), 500, 'failed'), undefined);
  assert.equal(news(daysAgo(30), 204, 'delivered'), { kind: 'works' });
});

health('is over when nothing has arrived for days, with a delivery that has failed for good', () => {
  const over = { kind: 'disable', reason: 'failing' };
  assert.equal(news(daysAgo(FAILING_LIMIT_DAYS), 500, 'failed'), over);
  assert.is(news(daysAgo(FAILING_LIMIT_DAYS - 0.001), 500, 'failed'), undefined);
  assert.is(news(daysAgo(300), 500, 'pending'), undefined, 'the first try for days is not the last');
});

health('is over at once when the receiver says that it is gone, and not when it only broke off', () => {
  assert.equal(news(undefined, 410, 'pending'), { kind: 'disable', reason: 'gone' });
  const broken = { ...tried(410), error: 'bad-answer' };
  assert.equal(healthNewsOf({}, broken, 'pending', NOW), { kind: 'fails' });
});

health.run();
