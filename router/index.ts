import { Socket } from 'node:net';
import { createDocumentClient } from '../core/aws/dynamodb/document-client.ts';
import { getPublicKeys } from '../core/aws/keys/get-public-keys.ts';
import { getSessionRoute } from '../core/aws/sessions/get-session-route.ts';
import { systemClock, systemNow } from '../core/clock/system-clock.ts';
import { createProcessLogger } from '../core/log/process-logger.ts';
import { requireConfig } from '../core/log/require-config.ts';
import { openTracing, startTracing } from '../core/tracing/open-tracing.ts';
import { createAuthenticate } from './authenticate.ts';
import { readRouterConfig } from './config.ts';
import { createDesiredStatus } from './desired-status.ts';
import { createSessionFinder } from './find-session.ts';
import { ROUTER_LIMITS as limits } from './limits.ts';
import { createPublicKeys } from './public-keys.ts';
import { createRouter } from './server.ts';

const logger = createProcessLogger('router', process.env);
const config = requireConfig(logger, () => readRouterConfig(process.env));
// Somebody waits behind each read: a connection that hangs is given up and tried again.
const client = createDocumentClient({
  maxAttempts: 4,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
});
const publicKeysTable = { client, tableName: config.publicKeysTable };
const sessionsTable = { client, tableName: config.sessionsTable };
const publicKeys = createPublicKeys({
  read: () => getPublicKeys(publicKeysTable),
  clock: systemClock,
  limits,
});
const sessions = createSessionFinder({
  getRoute: (sessionId) => getSessionRoute(sessionsTable, sessionId),
  clock: systemClock,
  readyWaitMs: config.readyWaitMs,
  maxWaiting: config.maxWaiting,
  limits,
});
const router = createRouter({
  authenticate: createAuthenticate({ publicKeys, now: systemNow }),
  sessions,
  clock: systemClock,
  maxSockets: config.maxSockets,
  publicOrigin: config.publicOrigin,
  logger,
  tracing: startTracing(openTracing('router', process.env, logger)),
  askWhetherStopping:
    config.metadataUri === null ? undefined : createDesiredStatus(config.metadataUri, limits.desiredStatusMs),
});

const exitWith = (error: unknown): never => {
  logger.error('the router failed', { error });
  process.exit(1);
};
let isStopping = false;
const stop = (exitCode: number): void => {
  if (isStopping) return;
  isStopping = true;
  router.drain(config.drainMs).then(() => process.exit(exitCode), exitWith);
};
// Another router takes over, and whoever is connected here has time to finish.
const giveUp = (error: unknown): void => {
  logger.error('the router is given up', { error });
  stop(1);
};

process.on('uncaughtException', giveUp).on('unhandledRejection', giveUp);
// Whoever read the log is gone; that is no reason to give up connections.
process.stdout.on('error', () => undefined);
process.on('SIGTERM', () => stop(0)).on('SIGINT', () => stop(0));
// Started with a channel to its parent, as on one machine, it ends with the parent; and a client of the one port that all
// parts have there is handed to it. One that has gone meanwhile comes as nothing.
process
  .on('disconnect', () => stop(0))
  .on('message', ({ sent }: { sent: string }, client: unknown) => {
    if (client instanceof Socket) router.adopt(client, Buffer.from(sent, 'latin1'));
  });

router.listen(config.host, config.port).then(({ port }) => {
  logger.info('listening', { port });
  process.send?.({ port });
}, exitWith);
// So that the first client does not wait for it. Before the first rotation there are none, and that is no fault.
publicKeys.having('').catch((error: unknown) => logger.warn('the public keys cannot be read yet', { error }));
