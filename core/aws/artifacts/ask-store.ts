import { systemClock } from '../../clock/system-clock.ts';
import type { Clock } from '../../domain/clock.ts';
import { ARTIFACT_STORE } from '../../domain/timing.ts';
import { StoreDownError } from './store-down-error.ts';

/** What the SDK's errors have, as far as they have it. */
interface StoreFault {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

const TOO_MANY = 429;
const NO_CONNECTION: readonly string[] = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
];

/**
 * One call of the store, the SDK's own repetitions included, bounded up to the head of its answer: the SDK would wait for
 * ever. A body that is read afterwards takes its time. Rejects with a StoreDownError where the store is to blame.
 */
export async function askStore<Answer>(
  send: (signal: AbortSignal) => Promise<Answer>,
  clock: Clock = systemClock,
): Promise<Answer> {
  const late = new AbortController();
  const cancel = clock.setTimer(ARTIFACT_STORE.answerMs, () => late.abort());
  try {
    return await send(late.signal);
  } catch (error) {
    if (!late.signal.aborted && !isDown(error as StoreFault)) throw error;
    throw new StoreDownError('The store of files does not answer', { cause: error });
  } finally {
    cancel();
  }
}

function isDown({ code, $metadata }: StoreFault): boolean {
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 500 || status === TOO_MANY;
  return code !== undefined && NO_CONNECTION.includes(code);
}
