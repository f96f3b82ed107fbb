import type { Clock } from '../../core/domain/clock.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { AssignmentSource } from '../assignment/assignment.ts';
import type { Host } from '../assignment/host.ts';
import type { Identity } from '../assignment/identity.ts';
import { createContainerApi } from '../container-api/container-api.ts';
import type { OnRuns } from './runs.ts';
import { RunningSession } from './session.ts';

export interface ContainerDeps {
  readonly identity: Identity;
  readonly host: Host;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A container that is started for one session. Resolves with the process's exit code. */
export async function runAssigned(
  { assignments, ...deps }: ContainerDeps & { readonly assignments: AssignmentSource },
  onRuns: OnRuns,
): Promise<number> {
  const assignment = await assignments.next();
  const { sessionId, projectId, token } = assignment;
  const logger = deps.logger.with({ sessionId, projectId });
  logger.info('session assigned', {
    sinceProcessStartMs: Math.round(performance.now()),
    nodeStartMs: Math.round(performance.nodeTiming.bootstrapComplete),
  });
  const session = new RunningSession({
    ...deps,
    assignment,
    api: createContainerApi({ baseUrl: deps.identity.containerApiUrl, sessionId, token }),
    logger,
  });
  onRuns(session);
  return session.run();
}
