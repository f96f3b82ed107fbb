import { randomInt } from 'node:crypto';
import { isUserActive } from '../../processes/list-processes.ts';
import { canBind, createNumberRange, PROXY_PORTS, TASK_UIDS } from './ranges.ts';

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

/** Only root may give processes to other users. */
export const HAS_OWN_USERS = process.platform === 'linux' && process.getuid?.() === 0;

const randomStart = ({ first, last }: { first: number; last: number }): number => randomInt(first, last + 1);

/** Starts anywhere in its ranges, so that two machines side by side seldom meet; and looks whether they did. */
export function createHostResourcePool({
  proxyHost,
  ownUsers,
}: {
  readonly proxyHost: string;
  readonly ownUsers: boolean;
}): HostResourcePool {
  const ports = createNumberRange(PROXY_PORTS, randomStart(PROXY_PORTS));
  const uids = createNumberRange(TASK_UIDS, randomStart(TASK_UIDS));
  // Ports and users are numbers of ranges that do not meet, so one set holds both.
  const taken = new Set<number>();
  const isUidFree = (uid: number): boolean => !taken.has(uid) && !isUserActive(uid);
  return {
    async take() {
      const hostPort = await ports.next((port) => !taken.has(port) && canBind(port, proxyHost));
      const uid = ownUsers ? await uids.next(isUidFree) : undefined;
      if (hostPort === undefined || (ownUsers && uid === undefined)) return undefined;
      taken.add(hostPort);
      if (uid !== undefined) taken.add(uid);
      return { hostPort, uid };
    },
    giveBack({ hostPort, uid }) {
      taken.delete(hostPort);
      if (uid !== undefined) taken.delete(uid);
    },
  };
}
