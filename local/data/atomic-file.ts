import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

const PRIVATE = 0o600;

/** Replaces the file in one step: a reader, or a crash, sees the old content or the new. For its owner only. */
export function writeFileAtomic(path: string, content: string): void {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    writeFileSync(temporary, content, { mode: PRIVATE, flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** The JSON in a file, or undefined when there is none. Throws on a file that holds no JSON object, and names it. */
export function readJsonFile(path: string): unknown {
  let source: string;
  try {
    source = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (cause) {
    throw new Error(`${path} is not JSON; remove it to start without it`, { cause });
  }
  if (typeof value !== 'object' || value === null) {
    throw new Error(`${path} does not hold what it should; remove it to start without it`);
  }
  return value;
}
