import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where each stand-in keeps what survives a restart. */
export type DataFolder = Readonly<ReturnType<typeof openDataFolder>>;

const PRIVATE = 0o700;

/** Makes the folders in `dataDir` that are not there. Only their owner may look into them. */
export function openDataFolder(dataDir: string) {
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
  };
}
