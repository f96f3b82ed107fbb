import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEMAND_READ_MS } from '../../core/domain/warm-pool.ts';
import { Demand } from './demand.ts';

const MINUTE_MS = 60_000;
const demanding = suite('the demand of a model');

demanding('is counted by the minute, and forgotten when the keeper reads it no more', () => {
  const demand = new Demand();
  for (const atMs of [0, 59_999, MINUTE_MS, 3 * MINUTE_MS]) demand.note(atMs);
  const countsAt = (nowMs: number) => demand.read(nowMs).map(({ slot, creates }) => [slot, creates]);
  assert.equal(countsAt(3 * MINUTE_MS), [
    ['1970-01-01T00:00Z', 2],
    ['1970-01-01T00:01Z', 1],
    ['1970-01-01T00:03Z', 1],
  ]);
  assert.equal(countsAt(DEMAND_READ_MS + 2 * MINUTE_MS), [['1970-01-01T00:03Z', 1]]);
});

demanding.run();
