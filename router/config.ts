import { integer, optional, readConfig, text, url } from '../core/config/env.ts';
import { CONNECTION, CREATE_LADDER } from '../core/domain/timing.ts';

export type RouterConfig = ReturnType<typeof readRouterConfig>;

/** All of the router's configuration; credentials and region are the AWS SDK's own business. */
export const readRouterConfig = (env: Readonly<Record<string, string | undefined>>) =>
  readConfig(env, {
    host: ['HOST', optional(text(), '0.0.0.0')],
    port: ['PORT', optional(integer({ min: 0, max: 65_535 }), 8080)],
    sessionsTable: ['SESSIONS_TABLE', text()],
    publicKeysTable: ['PUBLIC_KEYS_TABLE', text()],
    /** Where clients reach it, through whatever stands in front. */
    publicOrigin: ['PUBLIC_CONNECT_ORIGIN', optional(url('ws:', 'wss:'), undefined)],
    /** How long an upgrade is held for a session that is not ready; shorter than what stands in front waits. */
    readyWaitMs: ['READY_WAIT_MS', optional(integer({ min: 1, max: 60_000 }), CREATE_LADDER.readyWaitMs)],
    /** How long connections may go on after SIGTERM. */
    drainMs: ['DRAIN_MS', optional(integer({ min: 0, max: 3_600_000 }), CONNECTION.routerDrainMs)],
    /** Where ECS tells a container about its task; nobody else sets it. */
    metadataUri: ['ECS_CONTAINER_METADATA_URI_V4', optional(text(), null)],
    /** Connections at once, of every kind. */
    maxSockets: ['MAX_SOCKETS', optional(integer({ min: 1, max: 60_000 }), 2_000)],
    /** Of these, so many may wait for a session that is not ready. */
    maxWaiting: ['MAX_WAITING', optional(integer({ min: 1, max: 60_000 }), 500)],
  });
