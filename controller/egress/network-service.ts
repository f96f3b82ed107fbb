import { existsSync } from 'node:fs';
import { commandLineOf, pidsMentioning } from '../chrome/orphaned-processes.ts';

const NETWORK_SERVICE = '--utility-sub-type=network.mojom.NetworkService';

/** Knows whether one Chrome's network is still done by the same process. */
export interface NetworkService {
  /** `proxyName`: the name of its proxy, which is in the command line of that process and of no other Chrome's. */
  isTheSame(proxyName: string): boolean;
  /** It is the one that is there now, where none was noted before. */
  note(proxyName: string): void;
  /** Of another Chrome from now on. */
  forget(): void;
}

const canSee = existsSync('/proc/self/cmdline');

/**
 * Chrome starts a new one when it dies, and all its contexts have the browser's own proxy then: of those that a client named
 * it knows nothing any more (156). Where the system does not list processes in /proc it cannot be known, and passes for the same.
 */
export function watchNetworkService(): NetworkService {
  let pid: number | undefined;
  const note = (proxyName: string) => {
    pid ??= pidsMentioning(proxyName, NETWORK_SERVICE)[0];
  };
  return {
    note,
    isTheSame(proxyName) {
      if (!canSee) return true;
      note(proxyName);
      // One that is dead and not yet buried has no command line.
      return pid !== undefined && commandLineOf(pid).includes(proxyName);
    },
    forget() {
      pid = undefined;
    },
  };
}
