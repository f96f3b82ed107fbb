import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from './process-identity.ts';

const POLL_MS = 20;

/** Waits until processes that are not our children are gone; the system has no event for that. False: not in time. */
export async function awaitExit(processes: readonly ProcessIdentity[], timeoutMs: number): Promise<boolean> {
  for (let waitedMs = 0; processes.some(isRunning); waitedMs += POLL_MS) {
    if (waitedMs >= timeoutMs) return false;
    await delay(POLL_MS);
  }
  return true;
}
