import { createWriteStream, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

const MAX_LOG_BYTES = 1024 * 1024;
const MAX_LOG_FILES = 200;
const MAX_LINE_CHARACTERS = 16_384;

/** Keeps the lines of one task in a file of bounded size. Resolves when all is written. */
export async function keepTaskLog(streams: readonly Readable[], file: string): Promise<void> {
  const sink = createWriteStream(file, { mode: 0o600, flags: 'a' });
  // A full disk ends the log, not the machine.
  sink.on('error', () => {});
  let bytesLeft = MAX_LOG_BYTES;
  const write = (line: string): void => {
    if (bytesLeft <= 0) return;
    const text = line.length > MAX_LINE_CHARACTERS ? `${line.slice(0, MAX_LINE_CHARACTERS)}[cut]` : line;
    bytesLeft -= Buffer.byteLength(text) + 1;
    sink.write(bytesLeft > 0 ? `${text}\n` : '[the log of this task is full]\n');
  };
  const reading = streams.map(async (stream) => {
    for await (const line of createInterface({ input: stream })) write(line);
  });
  await Promise.allSettled(reading);
  await new Promise<void>((resolve) => {
    sink.end(resolve);
    sink.once('error', () => resolve());
  });
}

/** Removes the oldest logs, so that many short sessions do not fill the disk either. */
export function pruneTaskLogs(folder: string, keep = MAX_LOG_FILES): void {
  const files = readdirSync(folder).map((name) => join(folder, name));
  const byAge = files
    .map((file) => ({ file, modifiedAtMs: statSync(file).mtimeMs }))
    .sort((left, right) => right.modifiedAtMs - left.modifiedAtMs);
  for (const { file } of byAge.slice(keep)) rmSync(file, { force: true });
}
