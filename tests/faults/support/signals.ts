import type { Random } from './random.ts';
import type { Turns } from './turns.ts';

export interface SignalFaults {
  readonly lost: number;
  readonly doubled: number;
}

/** What a waiting create hears by way of stream, topic and queue: late, twice, or never. */
export function createSignals(turns: Turns, random: Random, faults: SignalFaults) {
  const waiting = new Map<string, Set<() => void>>();

  async function deliver(sessionId: string): Promise<void> {
    for (const wake of waiting.get(sessionId) ?? []) wake();
  }

  return {
    send(sessionId: string): void {
      const chance = random.next();
      if (chance < faults.lost) return;
      const copies = chance < faults.lost + faults.doubled ? 2 : 1;
      for (let copy = 0; copy < copies; copy++)
        void turns.take(`signal: ${sessionId}`, () => deliver(sessionId));
    },
    receive: (sessionId: string, stop: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const wakes = waiting.get(sessionId) ?? new Set();
        waiting.set(sessionId, wakes.add(resolve));
        stop.addEventListener('abort', () => resolve());
      }),
  };
}
