import { randomInt } from 'node:crypto';
import { isUserActive } from '../../processes/list-processes.ts';
import { canBind, createNumberRange, PROXY_PORTS, TASK_UIDS } from './ranges.ts';

/** A port for the proxy and, where processes can be given to other users, a user for Chrome: one task's alone. */
export interface TaskPlace {
  readonly hostPort: number;
  readonly uid: number | undefined;
}

export interface TaskPlaces {
  take(): Promise<TaskPlace | undefined>;
  giveBack(place: { readonly hostPort: number; readonly uid?: number | undefined }): void;
}

const randomStart = ({ first, last }: { first: number; last: number }): number => randomInt(first, last + 1);

/** Starts anywhere in its ranges, so that two machines side by side seldom meet; and looks whether they did. */
export function createTaskPlaces({
  proxyHost,
  ownUsers,
}: {
  proxyHost: string;
  ownUsers: boolean;
}): TaskPlaces {
  const ports = createNumberRange(PROXY_PORTS, randomStart(PROXY_PORTS));
  const uids = createNumberRange(TASK_UIDS, randomStart(TASK_UIDS));
  const taken = new Set<number>();
  return {
    async take() {
      const hostPort = await ports.next((port) => !taken.has(port) && canBind(port, proxyHost));
      const uid = ownUsers
        ? await uids.next((candidate) => !taken.has(candidate) && !isUserActive(candidate))
        : undefined;
      if (hostPort === undefined || (ownUsers && uid === undefined)) return undefined;
      // Ports and users are numbers of ranges that do not meet, so one set holds both.
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
