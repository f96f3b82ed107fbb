import { systemNow } from '../clock/system-clock.ts';
import { redact } from './redact.ts';

/** One JSON object a line, so that CloudWatch Logs Insights (and a person with jq) can query every field. */
export type LogFields = Readonly<Record<string, unknown>>;

export interface Logger {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  /** A logger that adds `fields` to each of its lines. */
  with(fields: LogFields): Logger;
}

/** A logger on `write`, which takes one finished line. */
export function createLogger(
  fields: LogFields = {},
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
  now: () => Date = systemNow,
): Logger {
  const log = (level: string, message: string, extra: LogFields = {}) => {
    const entry = { time: now().toISOString(), level, message, ...fields, ...extra };
    write(JSON.stringify(redact(entry)));
  };
  return {
    info: (message, extra) => log('info', message, extra),
    warn: (message, extra) => log('warn', message, extra),
    error: (message, extra) => log('error', message, extra),
    with: (extra) => createLogger({ ...fields, ...extra }, write, now),
  };
}
