import { NO_UPLOAD, UPLOAD_LIMITS } from '../../core/domain/uploads.ts';
import type { Refusal } from '../../core/server/refusal.ts';
import { UNKNOWN_PATH } from '../live/live-view.ts';

/** Everything a session's proxy says no to. */
export const REFUSALS = {
  badAddress: { status: 400, message: 'Host or X-Forwarded-Host, -Proto, -Prefix are no address' },
  badToken: { status: 401, message: 'The token is missing, expired or not for this session' },
  unknownPath: UNKNOWN_PATH,
  unknownPage: { status: 404, message: 'The browser has no page with this id' },
  badFileName: { status: 400, message: 'This cannot be the name of a file, or is longer than 255 bytes' },
  noUpload: NO_UPLOAD,
  watchesOnly: { status: 403, message: 'This link is for watching: with it nobody can send a file' },
  noChooser: { status: 409, message: 'The page does not ask for this file any more' },
  wrongMethod: { status: 405, message: 'Only GET is served here' },
  ending: { status: 410, message: 'The session has ended' },
  unknownLength: { status: 411, message: 'A file comes with its Content-Length' },
  largeFile: { status: 413, message: `A file may have ${UPLOAD_LIMITS.maxFileBytes} bytes` },
  tooManyFiles: {
    status: 413,
    message: `A session takes ${UPLOAD_LIMITS.maxFiles} files, of ${UPLOAD_LIMITS.maxBytes} bytes together`,
  },
  tooManyUploads: {
    status: 429,
    message: 'Too many files are on their way to this session: send this one after them',
    headers: { 'retry-after': '1' },
  },
  noRoom: { status: 507, message: 'The disk of this session has no room for this file' },
  slowClaim: { status: 408, message: 'The claim did not arrive in time' },
  taken: { status: 409, message: 'This container has been claimed' },
  largeClaim: { status: 413, message: 'The claim is too large' },
  unusableClaim: { status: 400, message: 'The claim is not for this container, or not what its token says' },
  notClaimable: { status: 503, message: 'This container takes no session' },
  tooManyUpgrades: { status: 429, message: 'Too many connections are opened too fast' },
  tooManySockets: { status: 429, message: 'Too many connections are open' },
  chromeNotReady: { status: 503, message: 'The browser is not ready yet' },
  chromeSilent: { status: 503, message: 'The browser does not answer' },
} as const satisfies Record<string, Refusal>;

/** What ws finds wrong with a handshake: a header, which it names, or the method. */
export function refusalOfHandshake(method: string | undefined, { message }: Error): Refusal {
  if (method !== 'GET') return REFUSALS.wrongMethod;
  const headers = { 'sec-websocket-version': '13, 8' };
  return { status: 400, message: `This is no WebSocket handshake: ${message}`, headers };
}
