import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MOST_STARTS_A_RUN, startsAllowed } from './starts-allowed.ts';
import { type DemandMinute, minuteOf } from './warm-demand.ts';
import { keptWarm, wantedWarm } from './warm-pool.ts';

const now = new Date('2026-06-01T12:30:20.000Z');
const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const minute = (minutesAgo: number, counts: Partial<DemandMinute>): DemandMinute => ({
  pool: 'demand',
  slot: minuteOf(ago(minutesAgo)),
  purgeAt: 1,
  ...counts,
});
const sizes = { min: 1, max: 10, schedule: [] };
const wish = { sizes, createsByMinute: [] as DemandMinute[], now, room: 100 };

const wanted = suite('how many warm containers are wanted');

wanted('is the minimum while nobody comes', () => {
  assert.is(wantedWarm(wish), 1);
  assert.is(wantedWarm({ ...wish, sizes: { ...sizes, min: 0 } }), 0);
});

wanted('is what the busiest of the last minutes took, and no longer than that', () => {
  const createsByMinute = [minute(6, { creates: 9 }), minute(4, { creates: 4 }), minute(1, { creates: 2 })];
  assert.is(wantedWarm({ ...wish, createsByMinute }), 4);
  assert.is(wantedWarm({ ...wish, createsByMinute, now: new Date(now.getTime() + 120_000) }), 2);
});

wanted('is never above the maximum, nor above the room beside the sessions', () => {
  const createsByMinute = [minute(0, { creates: 50 })];
  assert.is(wantedWarm({ ...wish, createsByMinute }), 10);
  assert.is(wantedWarm({ ...wish, createsByMinute, room: 3 }), 3);
  assert.is(wantedWarm({ ...wish, createsByMinute, room: -2 }), 0);
});

wanted('before some are ended: the most of the last minutes', () => {
  const createsByMinute = [minute(8, { creates: 6 })];
  assert.equal([wantedWarm({ ...wish, createsByMinute }), keptWarm({ ...wish, createsByMinute })], [1, 6]);
  assert.is(keptWarm({ ...wish, createsByMinute: [minute(12, { creates: 6 })] }), 1);
});

wanted.run();

// ---

const allowed = suite('how many may be started');
const fill = (demand: DemandMinute[], starting = 0) => startsAllowed({ demand, starting, now });
const failed = (failures: number, secondsAgo: number, starts = failures) =>
  fill([
    minute(0, { starts, failures, lastFailureAt: new Date(now.getTime() - secondsAgo * 1000).toISOString() }),
  ]);

allowed('is bounded in each run', () => assert.is(fill([]), MOST_STARTS_A_RUN));

allowed('does not change with one failure now and then', () => {
  assert.is(failed(2, 0), MOST_STARTS_A_RUN);
  assert.is(failed(10, 0, 100), MOST_STARTS_A_RUN);
});

allowed('is one after a pause while starts keep failing, and the pause grows', () => {
  assert.equal([failed(3, 29), failed(3, 30)], [0, 1]);
  assert.equal([failed(4, 59), failed(4, 60)], [0, 1]);
  assert.equal([failed(40, 299), failed(40, 300)], [0, 1], 'and not for ever');
});

allowed('is none while the one that tries has not come up', () => {
  const demand = [minute(2, { starts: 3, failures: 3, lastFailureAt: ago(2).toISOString() })];
  assert.equal([fill(demand, 0), fill(demand, 1)], [1, 0]);
});

allowed('forgets after ten minutes', () => {
  assert.is(fill([minute(11, { failures: 30, lastFailureAt: ago(11).toISOString() })]), MOST_STARTS_A_RUN);
});

allowed.run();
