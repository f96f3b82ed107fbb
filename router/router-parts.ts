import type { Clock } from '../core/domain/clock.ts';
import type { Logger } from '../core/log/logger.ts';
import type { Tracing } from '../core/tracing/tracing.ts';
import type { Authenticate } from './authenticate.ts';
import type { Connections } from './connections.ts';
import type { SessionFinder } from './find-session.ts';
import type { RouterLimits } from './limits.ts';
import type { RouterMetrics } from './metrics.ts';
import type { RefusalFor } from './refusal-log.ts';
import type { Departure } from './watch-departure.ts';

/** What every client's way through one router has to do with. */
export interface RouterParts {
  readonly authenticate: Authenticate;
  readonly sessions: Pick<SessionFinder, 'find' | 'isOver'>;
  readonly connections: Connections;
  readonly metrics: RouterMetrics;
  readonly departure: Pick<Departure, 'noteHealthCheck'>;
  /** What a client hears whose way has ended; undefined when there is nobody to hear it. */
  readonly refusalFor: RefusalFor;
  /** Where clients reach this router, as PUBLIC_CONNECT_ORIGIN says; otherwise each says it by its request. */
  readonly publicOrigin: string | undefined;
  readonly limits: RouterLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing: Tracing;
}
