import type { Clock } from '../../core/domain/clock.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { Span } from '../../core/tracing/tracing.ts';
import type { Assignment } from '../assignment/assignment.ts';
import type { Host } from '../assignment/host.ts';
import type { Identity } from '../assignment/identity.ts';
import type { ContainerApi } from '../container-api/container-api.ts';

export interface SessionDeps {
  readonly identity: Pick<Identity, 'publicKeys'>;
  readonly host: Host;
  readonly assignment: Assignment;
  readonly api: ContainerApi;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of the container: what happens to its session is told by parts of it. */
  readonly span?: Span;
}
