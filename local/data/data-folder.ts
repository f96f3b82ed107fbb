import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, isRunning, type ProcessIdentity } from '../processes/process-identity.ts';
import { readJsonFile } from './atomic-file.ts';

/** Where each stand-in keeps what survives a restart. */
export interface DataFolder {
  readonly dynamodb: string;
  readonly objects: string;
  readonly tasks: string;
  readonly taskLogs: string;
  readonly compileCache: string;
  readonly state: string;
  /** Gives the folder free for the next start. */
  release(): void;
}

export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
}

const PRIVATE = 0o700;

/**
 * Makes the folders and takes the data folder for this process: a second machine on the same data would take the
 * tasks of the first for orphans and end them.
 */
export function openDataFolder(dataDir: string): DataFolder {
  mkdirSync(dataDir, { recursive: true });
  const ownerFile = join(dataDir, 'owner.json');
  takeOwnership(ownerFile, dataDir);
  const folder = (...names: string[]): string => {
    const path = join(dataDir, ...names);
    mkdirSync(path, { recursive: true });
    chmodSync(path, PRIVATE);
    return path;
  };
  return {
    dynamodb: folder('dynamodb'),
    objects: folder('s3'),
    tasks: folder('tasks'),
    taskLogs: folder('logs', 'tasks'),
    compileCache: folder('compile-cache'),
    state: folder('aws'),
    release: () => rmSync(ownerFile, { force: true }),
  };
}

function takeOwnership(ownerFile: string, dataDir: string): void {
  const owner = readJsonFile(ownerFile) as ProcessIdentity | undefined;
  if (owner !== undefined && isRunning(owner)) {
    throw new DataFolderInUse(`${dataDir} is in use by process ${owner.pid}; stop that one first`);
  }
  rmSync(ownerFile, { force: true });
  // Two starts at the same moment: the second meets the file of the first.
  writeFileSync(ownerFile, JSON.stringify(identityOf(process.pid)), { flag: 'wx', mode: 0o600 });
}
