import { CONNECTION, CREDENTIALS, UPLOAD } from '../core/domain/timing.ts';

/** Every limit of the router that is the same wherever it runs. What differs is in config.ts. */
export const ROUTER_LIMITS = Object.freeze({
  /** Upgrades of one session that wait for its browser; its proxy takes 256 sockets once it is there. */
  maxWaitingPerSession: 16,
  /** Sockets of one session at once: a few dozen are many, and the slots are everybody's. */
  maxSocketsPerSession: 64,
  /** Files of its live view that are on their way: DevTools asks for up to a hundred at once, and two may look. */
  maxRequestsPerSession: 256,
  /** Tokens that wait to see whether the key they name has just been published. */
  maxWaitingForKey: 100,
  /** A client that takes nothing for so long is looked after: has its session ended? */
  stallMs: 30_000,
  /** TCP connections, those that have asked nothing yet as well: each may become two open files, of 65,535. */
  maxConnections: 30_000,
  /** How often a session that is not ready yet is read again: from here, doubling, to there. */
  firstPollMs: 100,
  lastPollMs: 1_000,
  /** How long a container may take to accept a connection. It is in the same network. */
  connectMs: 3_000,
  /** How long it may then take to answer: a little longer than its proxy takes for Chrome. */
  answerMs: CONNECTION.proxyAnswerMs,
  /** What a client may send before its upgrade is answered. Well-behaved ones send nothing. */
  maxEarlyBytes: 64 * 1024,
  /** How long one side of a connection may stay open when the other has ended. */
  lingerMs: 5_000,
  /** When a dead peer is noticed that never said goodbye: below every middle box's idle time-out. */
  keepAliveMs: CONNECTION.pingMs,
  /** For an HTTP request: its head, and all of it... */
  httpRequestMs: 15_000,
  /** ...unless it is a file for a session, of which something has to come now and then. */
  uploadMs: UPLOAD.maxMs,
  uploadSilentMs: UPLOAD.silentMs,
  /** Longer than the load balancer keeps an idle connection (timing.ts), so that no request meets a closed one. */
  keptConnectionMs: CONNECTION.edgeIdleMs + 20_000,
  maxHeaderBytes: 16 * 1024,
  /** Public keys are read again when they are so old... */
  maxKeyAgeMs: CREDENTIALS.keyCacheMs,
  /** ...or when a token names a key that is not among them, which then waits: never more often than this. */
  minKeyAgeMs: 1_000,
  /** Being taken out by the load balancer (watch-departure.ts): how often it is looked, and after how many missed checks. */
  departureCheckMs: 15_000,
  departureQuietMs: 60_000,
  departureMs: CONNECTION.routerDepartureMs,
  /** For ECS's answer about this task, from its own host. */
  desiredStatusMs: 2_000,
  /** How often a line in the log says how full the router is. */
  loadLogMs: 60_000,
});

export type RouterLimits = { readonly [Name in keyof typeof ROUTER_LIMITS]: number };
