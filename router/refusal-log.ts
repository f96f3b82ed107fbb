import { logEvent } from '../core/log/log-event.ts';
import type { Logger } from '../core/log/logger.ts';
import type { Refusal } from '../core/server/refusal.ts';
import type { SessionRef } from './find-session.ts';
import { ClientGoneError } from './hold-client.ts';
import type { RouterMetrics } from './metrics.ts';
import { REFUSALS, RefusedError, reasonOf } from './refusals.ts';

export type RefusalFor = (
  error: unknown,
  kind: 'upgrade' | 'request',
  session?: SessionRef | undefined,
) => Refusal | undefined;

/** What a client hears whose way has ended, undefined when there is nobody to hear it; and what the log says of it. */
export const createRefusalLog =
  ({
    metrics,
    logger,
  }: {
    readonly metrics: Pick<RouterMetrics, 'countAnswer'>;
    readonly logger: Logger;
  }): RefusalFor =>
  (error, kind, session) => {
    if (error instanceof ClientGoneError) return undefined;
    const refusal = error instanceof RefusedError ? error.refusal : REFUSALS.failed;
    const { status } = refusal;
    metrics.countAnswer(kind, status);
    if (error instanceof RefusedError) {
      // An alarm looks for some of the reasons.
      const reason = reasonOf(refusal);
      const why = describe(error);
      logEvent(logger, 'router.refused', { ...session, outcome: 'refused', kind, status, reason, why });
    } else logger.error('a connection failed', { ...session, kind, status, error });
    return refusal;
  };

/** The sentence, and what was behind it: never the token, which no error of ours holds. */
const describe = ({ message, cause }: RefusedError): string =>
  cause instanceof Error ? `${message}: ${cause.message}` : message;
