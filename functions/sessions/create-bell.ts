import type { Clock } from '../../core/domain/clock.ts';

export interface Bell {
  /** Wakes the `wait` that is under way, or the next one at once: a ring between two waits is not lost. */
  ring(): void;
  /** Resolves at the next ring, or after `timeoutMs`; whether it has rung. */
  wait(timeoutMs: number): Promise<boolean>;
}

export function createBell(clock: Clock): Bell {
  let hasRung = false;
  let wake = () => {};
  return {
    ring() {
      hasRung = true;
      wake();
    },
    async wait(timeoutMs) {
      if (!hasRung) {
        await new Promise<void>((resolve) => {
          const cancel = clock.setTimer(Math.max(0, timeoutMs), resolve);
          wake = () => {
            cancel();
            resolve();
          };
        });
      }
      const rang = hasRung;
      hasRung = false;
      return rang;
    },
  };
}
