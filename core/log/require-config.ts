import { ConfigError } from '../config/env.ts';
import type { Logger } from './logger.ts';

/**
 * The configuration of a process, or its end with one line that names every fault. Left to Node, an error at the start is
 * printed with its line of source, and that of a bundle is all of it.
 */
export function requireConfig<Config>(logger: Pick<Logger, 'error'>, read: () => Config): Config {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    logger.error('the configuration is not usable', { faults: error.faults });
    return process.exit(1);
  }
}
