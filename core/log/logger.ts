import { systemNow } from '../clock/system-clock.ts';
import { embeddedMetricsOf } from './embedded-metrics.ts';
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

interface LoggerOptions {
  readonly now?: () => Date;
  /** Of the metrics that CloudWatch is to read from lines of events; without it they are plain lines. */
  readonly namespace?: string | undefined;
}

/** A logger on `write`, which takes one finished line. */
export function createLogger(
  fields: LogFields = {},
  write: (line: string) => void = (line) => process.stdout.write(`${line}\n`),
  options: LoggerOptions = {},
): Logger {
  const { now = systemNow, namespace } = options;
  const log = (level: string, message: string, extra: LogFields = {}) => {
    const at = now();
    const entry = redact({ time: at.toISOString(), level, message, ...fields, ...extra }) as LogFields;
    const metrics =
      namespace === undefined ? {} : embeddedMetricsOf(entry, { namespace, timestampMs: at.getTime() });
    write(JSON.stringify({ ...entry, ...metrics }));
  };
  return {
    info: (message, extra) => log('info', message, extra),
    warn: (message, extra) => log('warn', message, extra),
    error: (message, extra) => log('error', message, extra),
    with: (extra) => createLogger({ ...fields, ...extra }, write, options),
  };
}
