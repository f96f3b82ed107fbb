import { createLogger, type Logger } from '../log/logger.ts';

/** A logger that keeps its lines: as text, in which a secret would stand, and as what they say. */
export function recordLog(): {
  readonly logger: Logger;
  text(): string;
  lines(): readonly Readonly<Record<string, unknown>>[];
} {
  const written: string[] = [];
  return {
    logger: createLogger({}, (line) => written.push(line)),
    text: () => written.join('\n'),
    lines: () => written.map((line) => JSON.parse(line)),
  };
}
