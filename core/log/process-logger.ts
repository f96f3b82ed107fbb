import { optional, readConfig, text } from '../config/env.ts';
import { createLogger, type Logger } from './logger.ts';

/** The logger of a function or a container: CloudWatch counts its lines where METRICS_NAMESPACE says under which name. */
export function createProcessLogger(
  service: string,
  env: Readonly<Record<string, string | undefined>>,
): Logger {
  const { namespace } = readConfig(env, { namespace: ['METRICS_NAMESPACE', optional(text(), undefined)] });
  return createLogger({ service }, undefined, { namespace });
}
