import { readFileSync } from 'node:fs';
import { descendantsOf } from '../../tests/e2e/support/processes.ts';

const KB = 1024;

/** Proportional set size: shared pages count by share, so that the sum over processes is true. In MB. */
export function pssMb(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
  return Number(kilobytes) / KB;
}

/** Of a process and all below it. */
export const treeMb = (pid: number): number =>
  [pid, ...descendantsOf(pid).map((each) => each.pid)].reduce((sum, each) => sum + pssMb(each), 0);
