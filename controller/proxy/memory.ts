import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

// V8 counts its own heap, and hardly the buffers outside it: after a few large messages a quiet process would keep
// hundreds of megabytes that nobody uses, beside a Chrome that needs them.
const WORTH_COLLECTING_BYTES = 24 * 1024 * 1024;
const QUIET_MS = 300;
const MAX_WAIT_MS = 5_000;

/** Gives the memory of large messages back once the traffic pauses. */
export function createMemoryTrim(collect: () => void = collectGarbage) {
  let relayedBytes = 0;
  let dueAtMs = 0;
  let timer: NodeJS.Timeout | undefined;

  const run = () => {
    timer = undefined;
    relayedBytes = 0;
    collect();
  };
  return {
    note(bytes: number): void {
      relayedBytes += bytes;
      if (relayedBytes < WORTH_COLLECTING_BYTES) return;
      const now = performance.now();
      if (timer === undefined) dueAtMs = now + MAX_WAIT_MS;
      else if (now + QUIET_MS > dueAtMs) return;
      clearTimeout(timer);
      timer = setTimeout(run, QUIET_MS);
    },
    stop: (): void => clearTimeout(timer),
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
