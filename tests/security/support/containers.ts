import { listeningPortsOf } from '../../e2e/support/listening-ports.ts';
import { descendantsOf } from '../../e2e/support/processes.ts';
import type { Wallcrawler } from '../../e2e/support/wallcrawler.ts';

export interface ContainerProcess {
  readonly pid: number;
  /** Of its session, or the warm id of one that began without. */
  readonly name: string;
  readonly port: number;
}

/** The processes of all containers, as anybody who may look at /proc sees them. */
export const containersOf = ({ pid }: Pick<Wallcrawler, 'pid'>): readonly ContainerProcess[] =>
  descendantsOf(pid).flatMap((process) => {
    const folder = /--session-folder=(\S+)/.exec(process.command)?.[1];
    const [port] = folder === undefined ? [] : listeningPortsOf(process.pid);
    const name = folder?.split('/').findLast((part) => part.includes('-'));
    return port === undefined || name === undefined ? [] : [{ pid: process.pid, name, port }];
  });
