import type { Logger } from '../core/log/logger.ts';
import type { Refusal } from '../core/server/refusal.ts';
import { ClientGoneError } from './hold-client.ts';
import type { RouterMetrics } from './metrics.ts';
import { REFUSALS, RefusedError, reasonOf } from './refusals.ts';

/** What a client hears whose way has ended, undefined when there is nobody to hear it; and what the log says of it. */
export const createRefusalLog =
  ({ metrics, logger }: { readonly metrics: Pick<RouterMetrics, 'countAnswer'>; readonly logger: Logger }) =>
  (error: unknown, kind: 'upgrade' | 'request'): Refusal | undefined => {
    if (error instanceof ClientGoneError) return undefined;
    const refusal = error instanceof RefusedError ? error.refusal : REFUSALS.failed;
    const { status } = refusal;
    metrics.countAnswer(kind, status);
    if (error instanceof RefusedError) {
      // An alarm looks for some of the reasons.
      logger.info('refused', { kind, status, reason: reasonOf(refusal), why: describe(error) });
    } else logger.error('a connection failed', { kind, status, error });
    return refusal;
  };

/** The sentence, and what was behind it: never the token, which no error of ours holds. */
const describe = ({ message, cause }: RefusedError): string =>
  cause instanceof Error ? `${message}: ${cause.message}` : message;
