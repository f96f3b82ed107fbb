import { NO_UPLOAD } from '../core/domain/uploads.ts';
import type { Refusal } from '../core/server/refusal.ts';

const RETRY_SOON = { headers: { 'retry-after': '1' } };

/** Everything the router says no to. What the session's own proxy refuses is passed on as the proxy said it. */
export const REFUSALS = {
  notAnUpgrade: { status: 400, message: 'Only a WebSocket upgrade without a body is served here' },
  spokeTooEarly: { status: 400, message: 'Too much was sent before the upgrade was answered' },
  badToken: { status: 401, message: 'The token is missing, expired or not for this' },
  unknownPath: { status: 404, message: 'There is nothing at this path' },
  unknownSession: { status: 404, message: 'There is no session for this token' },
  wrongMethod: { status: 405, message: 'Only GET is served here', headers: { allow: 'GET, HEAD' } },
  noUpload: NO_UPLOAD,
  unknownLength: { status: 411, message: 'A file comes with its Content-Length' },
  claimTooLarge: { status: 413, message: 'A claim is not that large' },
  tooManySockets: { status: 429, message: 'Too many connections are open', ...RETRY_SOON },
  tooManyOfSession: { status: 429, message: 'Too many connections to this session are open', ...RETRY_SOON },
  tooManyNewKeys: {
    status: 429,
    message: 'Too many tokens name keys that are not known yet',
    ...RETRY_SOON,
  },
  tooManyWaiting: {
    status: 429,
    message: 'Too many connections wait for browsers that are not ready',
    ...RETRY_SOON,
  },
  tooManyForSession: {
    status: 429,
    message: 'Too many connections wait for this session to be ready',
    ...RETRY_SOON,
  },
  unreachable: { status: 502, message: 'The browser of this session cannot be reached' },
  silent: { status: 502, message: 'The browser of this session does not answer' },
  draining: { status: 503, message: 'This router is about to stop: connect again', ...RETRY_SOON },
  failed: { status: 503, message: 'The platform failed: try again', ...RETRY_SOON },
  notReady: { status: 504, message: 'The session was not ready in time' },
} as const satisfies Record<string, Refusal>;

/** `why` is the sentence of the end reason, for a session that has one already. */
export const hasEnded = (why?: string): Refusal => ({
  status: 410,
  message: why === undefined ? 'The session has ended' : `The session has ended: ${why}`,
});

/** What a refusal is called here, for logs and alarms. */
export const reasonOf = (refusal: Refusal): string =>
  Object.entries(REFUSALS).find(([, each]) => each === refusal)?.[0] ?? 'ended';

/** Ends a request's way with an answer instead of a connection. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  readonly refusal: Refusal;
  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(refusal.message, options);
    this.refusal = refusal;
  }
}
