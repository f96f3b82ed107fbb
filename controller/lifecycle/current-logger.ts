import type { LogFields, Logger } from '../../core/log/logger.ts';

export interface CurrentLogger {
  readonly logger: Logger;
  /** From now on every line is about this, also of those who have the logger already. */
  about(fields: LogFields): void;
}

/** A logger for what outlives the moment in which a container gets its session: the proxy and all that it has made. */
export function createCurrentLogger(base: Logger, fields: LogFields): CurrentLogger {
  let current = base.with(fields);
  const following = (own: LogFields): Logger => ({
    info: (message, extra) => current.info(message, { ...own, ...extra }),
    warn: (message, extra) => current.warn(message, { ...own, ...extra }),
    error: (message, extra) => current.error(message, { ...own, ...extra }),
    with: (extra) => following({ ...own, ...extra }),
  });
  return {
    logger: following({}),
    about(next) {
      current = base.with(next);
    },
  };
}
