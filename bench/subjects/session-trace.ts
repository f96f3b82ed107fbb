/** What the logs and the trace of HTTP requests say of one session, as moments. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Served {
  readonly method: string;
  readonly path: string;
  readonly operation?: string;
  readonly status: number;
  readonly beganMs: number;
  readonly endedMs: number;
}

interface LogLine {
  readonly time: string;
  readonly message: string;
  readonly sessionId?: string;
  readonly sinceProcessStartMs?: number;
  readonly nodeStartMs?: number;
}

const linesOf = <T>(file: string): readonly T[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as T);

export const readServed = (traceFile: string): readonly Served[] => linesOf<Served>(traceFile);

/** When the controller of a session said what, by its message; and when its process began. */
export function readSaid(dataDir: string, sessionId: string): ReadonlyMap<string, number> {
  const folder = join(dataDir, 'logs', 'tasks');
  const lines = readdirSync(folder)
    .flatMap((name) => linesOf<LogLine>(join(folder, name)))
    .filter((line) => line.sessionId === sessionId);
  const said = new Map(lines.map(({ time, message }) => [message, Date.parse(time)]));
  const first = lines.find(({ sinceProcessStartMs }) => sinceProcessStartMs !== undefined);
  if (first !== undefined) {
    const beganMs = Date.parse(first.time) - (first.sinceProcessStartMs ?? 0);
    said.set('process began', beganMs).set('node started', beganMs + (first.nodeStartMs ?? 0));
  }
  return said;
}
