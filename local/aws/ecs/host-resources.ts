import { randomInt } from 'node:crypto';
import { probePort } from '../../processes/probe-port.ts';
import { isUserActive } from '../../processes/process-table.ts';

/** What a task has of this machine for itself alone: a port for its proxy and, where we may give one, a user for Chrome. */
export interface HostResources {
  readonly hostPort: number;
  readonly uid?: number | undefined;
}

export interface HostResourcePool {
  /** undefined when no port or no user is free. */
  take(): Promise<HostResources | undefined>;
  giveBack(resources: HostResources): void;
}

/** Below the ephemeral ports of Linux and macOS, so that no outgoing connection takes one of these. */
export const PROXY_PORTS = { first: 20_000, last: 29_999 };

/** Above any user of the system, below those of user namespaces and containers (100000 on). */
export const TASK_UIDS = { first: 70_000, last: 79_999 };

/** Only root may give processes to other users. */
export const HAS_OWN_USERS = process.platform === 'linux' && process.getuid?.() === 0;

/** The numbers of a range in turn, for ever, so that one just given back is not used again at once. */
export function* cycle({ first, last }: typeof PROXY_PORTS, startAt: number): Generator<number, never> {
  for (let candidate = startAt; ; candidate = candidate === last ? first : candidate + 1) yield candidate;
}

/** Starts anywhere in its ranges, so that two machines side by side seldom meet; and looks whether they did. */
export function createHostResourcePool({
  proxyHost,
  ownUsers,
}: {
  readonly proxyHost: string;
  readonly ownUsers: boolean;
}): HostResourcePool {
  // Ports and users are numbers of ranges that do not meet, so one set holds both.
  const taken = new Set<number>();

  /** Takes the next number that is free; undefined when all have been asked. */
  function createTaker(range: typeof PROXY_PORTS, isFree: (candidate: number) => Promise<boolean>) {
    const numbers = cycle(range, randomInt(range.first, range.last + 1));
    return async (): Promise<number | undefined> => {
      for (let left = range.last - range.first + 1; left > 0; left--) {
        const { value: candidate } = numbers.next();
        if (taken.has(candidate) || !(await isFree(candidate))) continue;
        taken.add(candidate);
        return candidate;
      }
      return undefined;
    };
  }

  const takePort = createTaker(PROXY_PORTS, async (port) => (await probePort(port, proxyHost)) !== undefined);
  const takeUid = createTaker(TASK_UIDS, async (uid) => !isUserActive(uid));
  const giveBack = ({ hostPort, uid = hostPort }: HostResources): void => {
    taken.delete(hostPort);
    taken.delete(uid);
  };
  return {
    async take() {
      const hostPort = await takePort();
      if (hostPort === undefined || !ownUsers) return hostPort === undefined ? undefined : { hostPort };
      const uid = await takeUid();
      if (uid !== undefined) return { hostPort, uid };
      giveBack({ hostPort });
      return undefined;
    },
    giveBack,
  };
}
