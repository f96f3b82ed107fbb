import type { CdpClient } from '../../e2e/support/cdp.ts';
import { descendantsOf, listProcesses, type ProcessInfo } from '../../e2e/support/processes.ts';

/** What kill -9 may hit: of the session that a client is in, of any container (one that waits or starts too), or of all. */
export const VICTIMS = [
  'its Chrome',
  'its controller',
  "its Chrome's network",
  'a page of it',
  'any Chrome',
  'any controller',
  'the router',
  'the machine',
] as const;

export type Victim = (typeof VICTIMS)[number];

const isChrome = ({ command }: ProcessInfo) =>
  command.includes('--user-data-dir') && !command.includes('--type=');
const isPage = ({ command }: ProcessInfo) => command.includes('--type=renderer');
const isNetwork = ({ command }: ProcessInfo) =>
  command.includes('--utility-sub-type=network.mojom.NetworkService');
const isController = ({ command }: ProcessInfo) => command.includes('dist/controller/');
const isRouter = ({ command }: ProcessInfo) => command.includes('dist/router/');
const pidsOf = (processes: readonly ProcessInfo[]) => processes.map(({ pid }) => pid);

/** The main process of the Chrome that a client is connected to: a warm one is not named after its session. */
export async function chromeBehind(cdp: CdpClient): Promise<number> {
  const { result } = await cdp.send('SystemInfo.getProcessInfo');
  const { processInfo } = result as {
    processInfo: readonly { readonly type: string; readonly id: number }[];
  };
  const id = processInfo.find(({ type }) => type === 'browser')?.id;
  if (id === undefined) throw new Error('Chrome does not say which process it is');
  return id;
}

const parentOf = (pid: number) =>
  listProcesses().flatMap((each) => (each.pid === pid ? [each.parentPid] : []));

/** The processes that may be killed as this victim: none where there are none yet, or none any more. */
export function processesOf(victim: Victim, machinePid: number, chromePid: number): readonly number[] {
  const all = () => descendantsOf(machinePid);
  switch (victim) {
    case 'its Chrome':
      return [chromePid];
    case 'its controller':
      return parentOf(chromePid);
    case "its Chrome's network":
      return pidsOf(descendantsOf(chromePid).filter(isNetwork));
    case 'a page of it':
      return pidsOf(descendantsOf(chromePid).filter(isPage));
    case 'any Chrome':
      return pidsOf(all().filter(isChrome));
    case 'any controller':
      return pidsOf(all().filter(isController));
    case 'the router':
      return pidsOf(all().filter(isRouter));
    case 'the machine':
      return [machinePid];
  }
}

/** Containers that run, with or without a session, and their browsers. */
export function countContainers(machinePid: number): {
  readonly controllers: number;
  readonly chromes: number;
} {
  const all = descendantsOf(machinePid);
  return { controllers: all.filter(isController).length, chromes: all.filter(isChrome).length };
}
