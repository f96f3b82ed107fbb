import { LOG_EVENTS, type LogEventFields, type LogEventName } from '../domain/log-events.ts';
import type { Logger } from './logger.ts';

/** The one line of something that has happened, as its catalogue has it. */
export function logEvent(logger: Logger, name: LogEventName, fields: LogEventFields): void {
  const { message, ...row } = LOG_EVENTS[name];
  logger['level' in row ? row.level : 'info'](message, { event: name, ...fields });
}
