import type { Logger } from '../../../core/log/logger.ts';
import { pause } from '../../processes/pause.ts';

export type Invoke = (functionName: string, event: unknown) => Promise<unknown>;

/** Asynchronous invocations, as Lambda does them: nobody waits for the answer, a failure is tried again. */
export interface AsyncInvoker {
  /** False when the function has failed as often as it may. */
  invoke(functionName: string, event: unknown): Promise<boolean>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
  /** Tries at once, and for the last time, what waits for its next attempt. */
  close(): void;
}

/** Lambda tries twice more, after one and two minutes: too slow for a person at a laptop, so sooner and oftener. */
const RETRY_DELAYS_MS = [250, 500, 1000, 2000, 4000];

export function createAsyncInvoker({
  invoke,
  logger,
  retryDelaysMs = RETRY_DELAYS_MS,
}: {
  readonly invoke: Invoke;
  readonly logger: Logger;
  readonly retryDelaysMs?: readonly number[];
}): AsyncInvoker {
  const underWay = new Set<Promise<boolean>>();
  const closing = new AbortController();

  const run = async (functionName: string, event: unknown): Promise<boolean> => {
    for (let attempt = 0; ; attempt++) {
      try {
        await invoke(functionName, event);
        return true;
      } catch (error) {
        const delayMs = retryDelaysMs[attempt];
        const isLast = delayMs === undefined || closing.signal.aborted;
        logger.warn('An asynchronous invocation failed', { functionName, attempt, isLast, error });
        if (isLast) return false;
        await pause(delayMs, closing.signal);
      }
    }
  };

  return {
    invoke(functionName, event) {
      const invocation = run(functionName, event).finally(() => underWay.delete(invocation));
      underWay.add(invocation);
      return invocation;
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    close: () => closing.abort(),
  };
}
