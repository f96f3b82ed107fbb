import type { Clock } from '../../core/domain/clock.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { Tracing } from '../../core/tracing/tracing.ts';
import { type AssignmentSource, lineIdsOfAssignment } from '../assignment/assignment.ts';
import type { Host } from '../assignment/host.ts';
import type { Identity } from '../assignment/identity.ts';
import { createContainerApi } from '../container-api/container-api.ts';
import type { OnRuns } from './runs.ts';
import { RunningSession } from './session.ts';
import { startContainerSpan } from './trace-session.ts';

export interface ContainerDeps {
  readonly identity: Identity;
  readonly host: Host;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly tracing: Tracing;
}

/** A container that is started for one session. Resolves with the process's exit code. */
export async function runAssigned(
  { assignments, ...deps }: ContainerDeps & { readonly assignments: AssignmentSource },
  onRuns: OnRuns,
): Promise<number> {
  const assignment = await assignments.next();
  const { sessionId, token } = assignment;
  const logger = deps.logger.with(lineIdsOfAssignment(assignment));
  const sinceProcessStartMs = Math.round(performance.now());
  logEvent(logger, 'container.assigned', {
    outcome: 'cold',
    durationMs: sinceProcessStartMs,
    sinceProcessStartMs,
    nodeStartMs: Math.round(performance.nodeTiming.bootstrapComplete),
  });
  const { clock, tracing, identity } = deps;
  const span = startContainerSpan(tracing, assignment, {
    clock,
    start: 'cold',
    sinceMs: sinceProcessStartMs,
  });
  const { traceparent } = span;
  const session = new RunningSession({
    ...deps,
    assignment,
    api: createContainerApi({ baseUrl: identity.containerApiUrl, sessionId, token, traceparent }),
    logger,
    span,
  });
  onRuns(session);
  const exitCode = await session.run();
  await tracing.flush();
  return exitCode;
}
