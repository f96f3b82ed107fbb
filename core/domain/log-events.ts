/**
 * What is logged once for each time that it happens: one line, whose `event` is a name of this catalogue. Every such line
 * has an `outcome` and, where something took its time, a `durationMs`; one that is about a session has its `sessionId`,
 * `projectId` and `requestId` (docs/observability.md).
 */

/** Whose ids a line has. `request`: its own request's, and the others as far as they are known. */
type Subject = 'request' | 'session' | 'project' | 'platform';

interface LogEvent {
  readonly by: 'function' | 'controller' | 'router' | 'guard';
  readonly about: Subject;
  /** The sentence beside the name, for people. */
  readonly message: string;
  readonly level?: 'warn';
}

const event = <const Row extends LogEvent>(row: Row): Row => row;

export const LOG_EVENTS = {
  'api.request': event({ by: 'function', about: 'request', message: 'request' }),
  'session.start': event({ by: 'function', about: 'session', message: 'session starts' }),
  'session.room': event({ by: 'function', about: 'session', message: 'got room' }),
  'session.step': event({ by: 'function', about: 'session', message: 'session stepped' }),
  'session.swept': event({ by: 'function', about: 'session', message: 'sweeping a session', level: 'warn' }),
  'pool.claim': event({ by: 'function', about: 'session', message: 'claim' }),
  'pool.kept': event({ by: 'function', about: 'platform', message: 'warm pool' }),
  'pool.demand': event({ by: 'function', about: 'platform', message: 'warm demand' }),
  'task.running': event({ by: 'function', about: 'session', message: 'task runs' }),
  'task.stopped': event({ by: 'function', about: 'session', message: 'task stopped' }),
  'sweep.done': event({ by: 'function', about: 'platform', message: 'swept' }),
  'webhook.tried': event({ by: 'function', about: 'project', message: 'webhook' }),

  'container.assigned': event({ by: 'controller', about: 'session', message: 'session assigned' }),
  'container.ready': event({ by: 'controller', about: 'session', message: 'session ready' }),
  'container.ended': event({ by: 'controller', about: 'session', message: 'session ended' }),
  'client.connected': event({ by: 'controller', about: 'session', message: 'client connected' }),
  'client.disconnected': event({ by: 'controller', about: 'session', message: 'client disconnected' }),
  'heartbeat.lost': event({
    by: 'controller',
    about: 'session',
    message: 'heartbeat failed',
    level: 'warn',
  }),
  'recording.lost': event({
    by: 'controller',
    about: 'session',
    message: 'a part of the recording is lost',
    level: 'warn',
  }),
  'log.lost': event({
    by: 'controller',
    about: 'session',
    message: 'rows of the session log are lost',
    level: 'warn',
  }),
  'download.lost': event({
    by: 'controller',
    about: 'session',
    message: 'a download is lost',
    level: 'warn',
  }),
  'egress.refused': event({ by: 'guard', about: 'session', message: 'the browser was not let out' }),

  'router.connected': event({ by: 'router', about: 'session', message: 'client connected' }),
  'router.disconnected': event({ by: 'router', about: 'session', message: 'client disconnected' }),
  'router.load': event({ by: 'router', about: 'platform', message: 'load' }),
  'router.refused': event({ by: 'router', about: 'request', message: 'refused' }),
} as const;

export type LogEventName = keyof typeof LOG_EVENTS;

/** What a line says beside its ids. */
export interface LogEventFields extends Readonly<Record<string, unknown>> {
  /** In one word how it went. */
  readonly outcome: string;
  /** How long it took, or how old its session was then; missing where nothing took its time. */
  readonly durationMs?: number;
}

/** What lines and spans of a session are found by. Sessions from before there was one are without a request. */
export interface SessionIds {
  readonly sessionId: string;
  readonly projectId: string;
  readonly requestId?: string | undefined;
}

/** The ids of every line that is about a session. */
export const lineIdsOf = ({ sessionId, projectId, requestId }: SessionIds) => ({
  sessionId,
  projectId,
  requestId,
});
