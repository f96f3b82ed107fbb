import { createLogger } from '../core/log/logger.ts';
import { readControllerConfig } from './config.ts';
import { createContainerApi } from './container-api/container-api.ts';
import { systemClock } from './lifecycle/clock.ts';
import { joinDetails } from './lifecycle/ending.ts';
import { runSession } from './lifecycle/session.ts';

const config = readControllerConfig(process.env);
const { sessionId, projectId, containerApiUrl: baseUrl, controllerToken: token } = config;
const logger = createLogger({ service: 'controller', sessionId, projectId });
const api = createContainerApi({ baseUrl, sessionId, token });
const session = runSession({ config, api, clock: systemClock, logger });

const fail = (error: unknown) => {
  logger.error('the controller failed', { error });
  session.end(
    'container_lost',
    joinDetails(`The controller failed: ${(error as Error | undefined)?.message}`),
    1,
  );
};

process.on('uncaughtException', fail).on('unhandledRejection', fail);
process.on('SIGTERM', session.stop).on('SIGINT', session.stop);
process.on('exit', session.abandon);
// Whoever read the log is gone; the heartbeats tell whether anybody else is left.
process.stdout.on('error', () => undefined);

session.finished.then(
  (exitCode) => process.exit(exitCode),
  (error) => {
    logger.error('the shutdown failed', { error });
    process.exit(1);
  },
);
