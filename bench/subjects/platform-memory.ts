import { listProcesses } from '../../tests/e2e/support/processes.ts';
import type { Wallcrawler } from '../../tests/e2e/support/wallcrawler.ts';
import { pssMb } from './memory-mb.ts';

export interface PlatformMemory {
  readonly platformMb: number;
  readonly dynamodbMb: number;
}

/**
 * The process of `npm start`, and its children that are no session: DynamoDB's stand-in, and the router when there is one.
 * A session's controller leads what belongs to that session, so that it and its Chrome are left out by it.
 */
export function platformMemory({ pid }: Wallcrawler): PlatformMemory {
  const children = listProcesses().filter(({ parentPid }) => parentPid === pid);
  const sumOf = (part: string) =>
    children.filter(({ command }) => command.includes(part)).reduce((sum, each) => sum + pssMb(each.pid), 0);
  return { platformMb: pssMb(pid) + sumOf('/router/index.js'), dynamodbMb: sumOf('dynoxide') };
}
