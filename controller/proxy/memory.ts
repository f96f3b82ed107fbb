import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Clock } from '../../core/domain/clock.ts';
import type { ProxyLimits } from './limits.ts';

// V8 counts its own heap, and hardly the buffers outside it: after a few large messages a quiet process would keep
// hundreds of megabytes that nobody uses, beside a Chrome that needs them.
const WORTH_COLLECTING_BYTES = 24 * 1024 * 1024;

export interface MemoryTrim {
  /** A message of so many bytes passed. */
  note(bytes: number): void;
  stop(): void;
}

export interface MemoryTrimOptions {
  readonly clock: Clock;
  readonly limits: Pick<ProxyLimits, 'memoryTrimQuietMs' | 'memoryTrimMaxWaitMs'>;
  readonly collect?: () => void;
}

/** Gives the memory of large messages back once the traffic pauses. */
export function createMemoryTrim({ clock, limits, collect = collectGarbage }: MemoryTrimOptions): MemoryTrim {
  let relayedBytes = 0;
  let dueAtMs = 0;
  let cancelTimer: (() => void) | undefined;

  const run = () => {
    cancelTimer = undefined;
    relayedBytes = 0;
    collect();
  };
  return {
    note(bytes) {
      relayedBytes += bytes;
      if (relayedBytes < WORTH_COLLECTING_BYTES) return;
      const nowMs = clock.now();
      if (cancelTimer === undefined) dueAtMs = nowMs + limits.memoryTrimMaxWaitMs;
      else if (nowMs + limits.memoryTrimQuietMs > dueAtMs) return;
      cancelTimer?.();
      cancelTimer = clock.setTimer(limits.memoryTrimQuietMs, run);
    },
    stop: () => cancelTimer?.(),
  };
}

let gc: (() => void) | undefined;

/** A full collection, whether or not the process was started with --expose-gc. */
function collectGarbage(): void {
  gc ??= globalThis.gc ?? exposeGc();
  gc?.();
}

function exposeGc(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
