/** What is kept of a run, and of the runs before it: bench/latest.json. Parts may be measured one by one. */
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import type { Result } from './figure.ts';

export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly chrome: string;
}

export interface PartRun {
  readonly part: string;
  readonly at: string;
  readonly tookSeconds: number;
  /** The machine's load average over a minute, when the part began and when it ended: how busy others kept it. */
  readonly load: readonly [before: number, after: number];
  readonly results: readonly Result[];
  readonly notes: readonly string[];
}

export interface Report {
  readonly machine: Machine;
  readonly runs: readonly PartRun[];
}

const GB = 2 ** 30;

export const minuteLoad = (): number => Number((loadavg()[0] ?? 0).toFixed(1));

export function describeMachine(chromePath: string | undefined): Machine {
  const all = cpus();
  return {
    processor: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGb: Math.round(totalmem() / GB),
    node: process.version,
    chrome:
      chromePath === undefined
        ? 'none'
        : execFileSync(chromePath, ['--version'], { encoding: 'utf8' }).trim(),
  };
}

/** A part that ran again takes the place of its last run; the others stay as they were. */
export const mergeRuns = (
  before: readonly PartRun[],
  now: readonly PartRun[],
  order: readonly string[],
): readonly PartRun[] =>
  order.flatMap((name) => {
    const of = ({ part }: PartRun) => part === name;
    return now.find(of) ?? before.find(of) ?? [];
  });

export const resultsOf = (runs: readonly PartRun[]): readonly Result[] =>
  runs.flatMap(({ results }) => results);
