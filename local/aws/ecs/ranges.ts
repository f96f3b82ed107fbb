import { once } from 'node:events';
import { createServer } from 'node:net';

/** Hands out the numbers of a range in turn, so that one just given back is not used again at once. */
export interface NumberRange {
  /** The next number that `isFree` lets through; undefined when there is none. */
  next(isFree: (candidate: number) => boolean | Promise<boolean>): Promise<number | undefined>;
}

/** Below the ephemeral ports of Linux and macOS, so that no outgoing connection takes one of these. */
export const PROXY_PORTS = { first: 20_000, last: 29_999 };

/** Above any user of the system, below those of user namespaces and containers (100000 on). */
export const TASK_UIDS = { first: 70_000, last: 79_999 };

export function createNumberRange(
  { first, last }: { first: number; last: number },
  startAt = first,
): NumberRange {
  const size = last - first + 1;
  let offset = (startAt - first) % size;
  return {
    async next(isFree) {
      for (let tried = 0; tried < size; tried++) {
        const candidate = first + offset;
        offset = (offset + 1) % size;
        if (await isFree(candidate)) return candidate;
      }
      return undefined;
    },
  };
}

export async function canBind(port: number, host: string): Promise<boolean> {
  const probe = createServer();
  try {
    probe.listen(port, host);
    await once(probe, 'listening');
    probe.close();
    await once(probe, 'close');
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw error;
  }
}
