/** What a process prints: line by line into a file of bounded size. */
import { createWriteStream, mkdirSync, openSync, renameSync, statSync, type WriteStream } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export type LogLine = (line: string) => void;

export type LineLog = ReturnType<typeof openLineLog>;

const MAX_FILE_BYTES = 5_000_000;
const OWNER_ONLY = 0o700;

/** Appends to the file at `path`. A full file becomes `<path>.1`, in place of the one before it. */
export function openLineLog(path: string, maxFileBytes = MAX_FILE_BYTES) {
  mkdirSync(dirname(path), { recursive: true, mode: OWNER_ONLY });
  let size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  let file = open(path);
  return {
    write(line: string): void {
      const text = `${line}\n`;
      if (size > 0 && size + text.length > maxFileBytes) {
        file.end();
        renameSync(path, `${path}.1`);
        file = open(path);
        size = 0;
      }
      size += Buffer.byteLength(text);
      file.write(text);
    },
    close: () => new Promise<void>((resolve) => void file.end(() => resolve())),
  };
}

function open(path: string): WriteStream {
  const file = createWriteStream(path, { fd: openSync(path, 'a') });
  // A full disk costs the log, not the platform.
  file.on('error', () => undefined);
  return file;
}

/** Calls `log` with every line of `stream`, an unfinished last one included. */
export function readLines(stream: Readable, log: LogLine): void {
  createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY }).on('line', log);
}
