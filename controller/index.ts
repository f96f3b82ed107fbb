import { systemClock } from '../core/clock/system-clock.ts';
import { createLogger } from '../core/log/logger.ts';
import type { Assignment } from './assignment/assignment.ts';
import { readControllerConfig } from './assignment/config.ts';
import { createContainerApi } from './container-api/container-api.ts';
import { joinDetails } from './lifecycle/end-decision.ts';
import { RunningSession } from './lifecycle/session.ts';

const { identity, host, assignments } = readControllerConfig(process.env);
const idle = createLogger({ service: 'controller' });

/** From here on whatever happens to the process happens to its session. */
async function work(assignment: Assignment): Promise<number> {
  const { sessionId, projectId, token } = assignment;
  const logger = idle.with({ sessionId, projectId });
  logger.info('session assigned', {
    sinceProcessStartMs: Math.round(performance.now()),
    nodeStartMs: Math.round(performance.nodeTiming.bootstrapComplete),
  });
  const api = createContainerApi({ baseUrl: identity.containerApiUrl, sessionId, token });
  const session = new RunningSession({ identity, host, assignment, api, clock: systemClock, logger });

  const fail = (error: unknown) => {
    logger.error('the controller failed', { error });
    const detail = `The controller failed: ${(error as Error | undefined)?.message}`;
    session.end.decide('container_lost', joinDetails(detail), 1);
  };
  process.on('uncaughtException', fail).on('unhandledRejection', fail);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, session.stop.request);
  process.on('exit', () => session.abandon());
  try {
    return await session.run();
  } catch (error) {
    logger.error('the shutdown failed', { error });
    return 1;
  }
}

// Whoever read the log is gone; the heartbeats tell whether anybody else is left.
process.stdout.on('error', () => undefined);
void assignments
  .next()
  .then(work)
  .then((exitCode) => process.exit(exitCode));
