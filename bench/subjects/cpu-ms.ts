import { readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second on every Linux that there is. */
const TICK_MS = 10;

/** What a process has taken of processors since it began, its threads included. */
export function cpuMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  // The name, in brackets, may have spaces.
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) * TICK_MS;
}
