/**
 * One process at a time works on a data folder: a second machine on the same data would take the tasks of the first for
 * orphans and end them. Nothing else is loaded with this file, so that it can be asked before anything is built.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { identityOf, isRunning, type ProcessIdentity } from '../processes/process-table.ts';
import { readJsonFile } from './atomic-file.ts';

export class DataFolderInUse extends Error {
  override readonly name = 'DataFolderInUse';
}

const PRIVATE = 0o600;

const lockFileOf = (dataDir: string): string => join(dataDir, 'owner.json');

/** Throws DataFolderInUse, which names the process, when one works on the folder. Takes nothing. */
export function requireFreeDataFolder(dataDir: string): void {
  const owner = readJsonFile(lockFileOf(dataDir)) as ProcessIdentity | undefined;
  if (owner === undefined || !isRunning(owner)) return;
  throw new DataFolderInUse(`${dataDir} is in use by process ${owner.pid}; stop that one first`);
}

/** Takes the folder, made if it is not there, for this process, until `release`. A dead process holds nothing. */
export function takeDataLock(dataDir: string) {
  requireFreeDataFolder(dataDir);
  mkdirSync(dataDir, { recursive: true });
  const file = lockFileOf(dataDir);
  rmSync(file, { force: true });
  // Two starts at the same moment: the second meets the file of the first.
  writeFileSync(file, JSON.stringify(identityOf(process.pid)), { flag: 'wx', mode: PRIVATE });
  return { release: (): void => rmSync(file, { force: true }) };
}
