/** How other processes of this user find the stand-ins of a machine that runs. */
import { join } from 'node:path';
import { identityOf, isRunning, type ProcessIdentity } from '../processes/process-table.ts';
import { readJsonFile, writeFileAtomic } from './atomic-file.ts';

interface PublishedEndpoint {
  readonly endpoint: string;
  readonly owner: ProcessIdentity;
}

const fileIn = (stateFolder: string): string => join(stateFolder, 'endpoint.json');

/** Tells of the endpoint, which counts as long as this process runs. */
export const publishEndpoint = (stateFolder: string, endpoint: string): void =>
  writeFileAtomic(fileIn(stateFolder), JSON.stringify({ endpoint, owner: identityOf(process.pid) }));

/** The endpoint of the machine that runs; undefined when none does. */
export function findEndpoint(stateFolder: string): string | undefined {
  const published = readJsonFile(fileIn(stateFolder)) as PublishedEndpoint | undefined;
  return published !== undefined && isRunning(published.owner) ? published.endpoint : undefined;
}
