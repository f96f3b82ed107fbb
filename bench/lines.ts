/** What the benches print: a name, its figures, and the goal beside them. */
import { median, percentile } from './median.ts';

const NAME_CHARACTERS = 28;
const MAX_RATIO = 1.8;
const MAX_BUNDLE_KB = 1_536;
const MAX_LOAD_MS = 120;
const MAX_IDLE_MB = 150;
const MAX_AFTER_LOAD_MB = 200;

const line = (name: string, figures: string): string => `${name.padEnd(NAME_CHARACTERS)} ${figures}`;

export const spreadLine = (name: string, valuesMs: readonly number[]): string =>
  line(name, `p50 ${median(valuesMs).toFixed(0)} ms  p90 ${percentile(valuesMs, 0.9).toFixed(0)} ms`);

/** How many times as long ours took as the bare thing did in the same rounds. */
export const compareLine = (name: string, ours: readonly number[], bare: readonly number[]): string =>
  line(
    name,
    `${(median(ours) / median(bare)).toFixed(2)} (goal: at most ${MAX_RATIO}), ${ours.length} rounds in turns`,
  );

interface PlatformMemory {
  readonly platformMb: number;
  readonly dynamodbMb: number;
}

export interface PlatformMemoryFigures {
  readonly sessions: number;
  readonly atATime: number;
  readonly failures: number;
  readonly tookMs: number;
  readonly idle: PlatformMemory;
  readonly after: PlatformMemory;
}

/** What the platform took before and after a load; DynamoDB's stand-in, another process, is told apart. */
export const platformMemoryLine = ({
  sessions,
  atATime,
  failures,
  tookMs,
  idle,
  after,
}: PlatformMemoryFigures): string =>
  line(
    'platform (PSS)',
    `idle ${idle.platformMb.toFixed(0)} MB (goal: at most ${MAX_IDLE_MB}), after ${sessions} sessions ${atATime} at a time ` +
      `${after.platformMb.toFixed(0)} MB (goal: at most ${MAX_AFTER_LOAD_MB}), in ${(tookMs / 1000).toFixed(0)} s, ${failures} failed; ` +
      `DynamoDB ${idle.dynamodbMb.toFixed(0)} and ${after.dynamodbMb.toFixed(0)} MB`,
  );

export interface BundleFigures {
  readonly name: string;
  readonly sizeKb: number;
  readonly loadMs: number;
}

/** A line for each bundle, and one for the worst of them. */
export function bundleLines(bundles: readonly BundleFigures[]): readonly string[] {
  const largest = Math.max(...bundles.map(({ sizeKb }) => sizeKb));
  const slowest = Math.max(...bundles.map(({ loadMs }) => loadMs));
  const goals = [MAX_BUNDLE_KB.toLocaleString('en-US'), MAX_LOAD_MS];
  return [
    ...bundles.map(
      ({ name, sizeKb, loadMs }) =>
        `  ${name.padEnd(NAME_CHARACTERS - 2)} ${sizeKb.toFixed(0).padStart(5)} KB  loads in ${loadMs.toFixed(0)} ms`,
    ),
    line(
      'bundles',
      `largest ${largest.toFixed(0)} KB (goal: ${goals[0]}), slowest ${slowest.toFixed(0)} ms (goal: ${goals[1]})`,
    ),
  ];
}
