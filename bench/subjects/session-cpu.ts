import { descendantsOf } from '../../tests/e2e/support/processes.ts';
import { timeMs } from '../harness/time-ms.ts';
import { cpuMs } from './cpu-ms.ts';

const SECOND_MS = 1_000;

/** Of a session's controller and all of its Chrome; what ended meanwhile is not in it. */
const treeCpuMs = (pid: number): number =>
  [pid, ...descendantsOf(pid).map((each) => each.pid)].reduce((sum, each) => sum + cpuMs(each), 0);

/** What a session, by its controller, takes of a processor in a second of this. */
export async function sessionCpuMs(pid: number, run: () => Promise<unknown>): Promise<number> {
  const beforeMs = treeCpuMs(pid);
  const spentMs = await timeMs(run);
  return ((treeCpuMs(pid) - beforeMs) * SECOND_MS) / spentMs;
}
