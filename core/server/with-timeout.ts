import { systemClock } from '../clock/system-clock.ts';
import type { Clock } from '../domain/clock.ts';

/** The promise's value, or undefined when it takes longer. */
export function withTimeout<T>(
  promise: Promise<T>,
  ms: number,
  clock: Clock = systemClock,
): Promise<T | undefined> {
  const { promise: first, resolve, reject } = Promise.withResolvers<T | undefined>();
  const cancel = clock.setTimer(ms, () => resolve(undefined));
  promise.then(resolve, reject);
  return first.finally(cancel);
}
