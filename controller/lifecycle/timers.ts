import type { Clock } from '../../core/domain/clock.ts';

export interface Timers<Name extends string> {
  /** Instead of the timer of this name that was armed before. */
  arm(name: Name, delayMs: number, run: () => void): void;
  cancel(name: Name): void;
  isArmed(name: Name): boolean;
  cancelAll(): void;
}

/** Timers by name, each armed once at most. */
export function createTimers<Name extends string>(clock: Clock): Timers<Name> {
  const cancels = new Map<Name, () => void>();
  const cancel = (name: Name) => {
    cancels.get(name)?.();
    cancels.delete(name);
  };
  return {
    cancel,
    arm(name, delayMs, run) {
      cancel(name);
      cancels.set(name, clock.setTimer(Math.max(0, delayMs), run));
    },
    isArmed: (name) => cancels.has(name),
    cancelAll() {
      for (const name of [...cancels.keys()]) cancel(name);
    },
  };
}
