import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WEEKDAYS } from '../../core/domain/warm-sizes.ts';
import type { Arrival } from './days.ts';
import { type Platform, type Pool, simulatePool } from './simulate-pool.ts';
import { demandRule, fixedRule } from './warm-rule.ts';

const HOUR_MS = 3_600_000;
/** Every start takes 30 s. */
const PLATFORM: Platform = {
  start: { medianMs: 30_000, p95Ms: 30_000 },
  claimMs: 500,
  runTasksASecond: 20,
  maxContainers: 100,
  maxAgeMs: HOUR_MS,
};
const always = (max: number): Pool => ({ sizes: { min: 0, max, schedule: [] }, rule: fixedRule });
const session = (atMs: number, durationMs = 60_000): Arrival => ({ atMs, durationMs });
const run = (arrivals: readonly Arrival[], pool: Pool, platform = PLATFORM) =>
  simulatePool({ arrivals, days: 1, random: () => 0.5 }, platform, pool);

const model = suite('the model of a pool');

model('without a pool lets every create wait for a start, and keeps nothing idle', () => {
  const outcome = run([session(0), session(HOUR_MS)], always(0));
  assert.equal([outcome.waitsMs, outcome.warmCreates, outcome.idleContainerMs], [[30_000, 30_000], 0, 0]);
});

model('gives a create the container that waits, and starts another at once', () => {
  const { waitsMs } = run(
    [60_000, 80_000, 95_000].map((atMs) => session(atMs)),
    always(1),
  );
  // The second comes while the next is starting, the third when it is there.
  assert.equal(waitsMs, [500, 30_000, 500]);
});

model('counts the time for which containers are ready and unused', () => {
  const hours = 24 * HOUR_MS;
  // One start at midnight; it is replaced each time it is an hour old, which takes 30 s and is noticed by the minute.
  const { idleContainerMs } = run([], always(1));
  assert.ok(idleContainerMs <= hours && idleContainerMs > 0.97 * hours, String(idleContainerMs));
});

model('keeps to the rate of RunTask: of a burst the last waits for those before it', () => {
  const { waitsMs } = run(
    Array.from({ length: 60 }, () => session(HOUR_MS)),
    always(0),
  );
  assert.equal([waitsMs[0], waitsMs[20], waitsMs[59]], [30_000, 31_000, 32_950]);
});

model('refuses what is above the quota, and takes creates again when sessions have ended', () => {
  const burst = Array.from({ length: 4 }, () => session(HOUR_MS));
  const outcome = run([...burst, session(2 * HOUR_MS)], always(0), { ...PLATFORM, maxContainers: 3 });
  assert.equal([outcome.waitsMs.length, outcome.refusedCreates], [4, 1]);
});

model('counts warm containers in the quota as well', () => {
  const outcome = run([session(HOUR_MS), session(HOUR_MS), session(HOUR_MS)], always(2), {
    ...PLATFORM,
    maxContainers: 2,
  });
  assert.equal([outcome.warmCreates, outcome.refusedCreates], [2, 1]);
});

model('has another minimum by the hour', () => {
  const night = { from: '00:00', to: '01:00', days: [...WEEKDAYS], min: 1 };
  const { waitsMs } = run([session(0.5 * HOUR_MS), session(2 * HOUR_MS)], {
    sizes: { min: 0, max: 1, schedule: [night] },
    rule: demandRule,
  });
  assert.equal(waitsMs, [500, 30_000]);
});

model('by demand is filled in the minute after a cold create, and emptied some minutes later', () => {
  const byDemand = { sizes: { min: 0, max: 5, schedule: [] }, rule: demandRule };
  const minutes = (count: number) => count * 60_000;
  const outcome = run(
    [0.5, 2, 4, 20].map((at) => session(minutes(at))),
    byDemand,
  );
  assert.equal(outcome.waitsMs, [30_000, 500, 500, 30_000]);
});

model('starts no more at once than the keeper does', () => {
  const { waitsMs } = run(
    Array.from({ length: 20 }, () => session(45_000)),
    always(20),
  );
  assert.is(waitsMs.filter((ms) => ms === 500).length, 10);
});

model.run();
