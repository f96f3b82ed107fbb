/** What the model says, as tables in Markdown. */
import { WARM } from '../../core/domain/timing.ts';
import { percentile } from '../harness/statistics.ts';
import { DAY_MS, type DayShape } from './days.ts';
import { HOURS_A_MONTH, taskHourUsd } from './fargate-prices.ts';
import { createRandom } from './random.ts';
import { type Outcome, type Platform, type Pool, simulatePool } from './simulate-pool.ts';
import { demandRule, fixedRule } from './warm-rule.ts';

const DAYS = 5;
const SEED = 1;
export const POOL_SIZES = [0, 1, 2, 5, 10, 20];

/** What docs/fargate-start.md estimates, AWS's published rate, and a quota that has been raised. */
export const ASSUMED: Platform = {
  start: { medianMs: 30_000, p95Ms: 45_000 },
  claimMs: 500,
  runTasksASecond: 20,
  maxContainers: 500,
  maxAgeMs: WARM.maxAgeMs,
};

const HOUR_MS = 3_600_000;
const HOUR_USD = taskHourUsd({
  architecture: 'x86_64',
  isSpot: false,
  size: { vcpu: 1, memoryGb: 2 },
});

/** The same days and the same luck for every pool. */
export function simulateDays(shape: DayShape, platform: Platform, pool: Pool): Outcome {
  const random = createRandom(SEED);
  const arrivals = Array.from({ length: DAYS }, (_, day) =>
    shape.arrivals(random).map((arrival) => ({ ...arrival, atMs: arrival.atMs + day * DAY_MS })),
  ).flat();
  return simulatePool({ arrivals, days: DAYS, random: createRandom(SEED + 1) }, platform, pool);
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(1);

const cellsOf = ({ waitsMs, warmCreates, refusedCreates, idleContainerMs }: Outcome): readonly string[] => {
  const share = (100 * warmCreates) / (waitsMs.length + refusedCreates);
  const monthUsd = ((idleContainerMs / HOUR_MS / (DAYS * 24)) * HOURS_A_MONTH * HOUR_USD).toFixed(0);
  return [
    `${share.toFixed(0)} %`,
    seconds(percentile(waitsMs, 0.5)),
    seconds(percentile(waitsMs, 0.95)),
    monthUsd,
  ];
};

/** A row for each size: the pool that always has it, and the one that has it at most. */
export function poolTable(shape: DayShape, platform: Platform = ASSUMED): readonly string[] {
  const row = (max: number): string => {
    const sizes = { min: 0, max, schedule: [] };
    const cells = [fixedRule, demandRule].flatMap((rule) =>
      cellsOf(simulateDays(shape, platform, { sizes, rule })),
    );
    return `| ${[String(max), ...cells].join(' | ')} |`;
  };
  return [
    '| pool | always: warm | p50, s | p95, s | $ a month | by demand: warm | p50, s | p95, s | $ a month |',
    `|${'---:|'.repeat(9)}`,
    ...POOL_SIZES.map(row),
  ];
}
