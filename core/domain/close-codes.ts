/**
 * Every code that a socket of the platform closes with. Registered codes (RFC 6455, 7.4.1 and its registry) where one says
 * it exactly; else the private range 4000..4999. A reason goes with each, 123 bytes at most.
 */
import { END_REASONS, type EndReason } from './end-reason.ts';

/** Why a socket closes, for a program and for a person. */
export interface CloseNote {
  readonly code: number;
  readonly text: string;
}

/** "Service Restart" of the registry: come back, the session goes on. A client that is sent away answers with the same. */
export const SERVICE_RESTART = 1012;

/** Never sent: the socket ended without a close frame (RFC 6455, 7.1.5). */
export const CUT_OFF = 1006;

/** The session has ended. */
const SESSION_CODES = {
  released: 4000,
  disconnected: 4001,
  browser_closed: 4002,
  create_given_up: 4003,
  never_connected: 4010,
  idle: 4011,
  timed_out: 4012,
  browser_crashed: 4020,
  bad_archive: 4021,
  start_failed: 4022,
  start_timed_out: 4023,
  container_lost: 4024,
  profile_not_saved: 4025,
  spot_reclaimed: 4026,
  extension_not_loaded: 4027,
  certificates_not_trusted: 4028,
  out_of_memory: 4029,
  platform_stopping: SERVICE_RESTART,
} as const satisfies Record<EndReason, number>;

export const sessionEnded = (reason: EndReason): CloseNote => ({
  code: SESSION_CODES[reason],
  text: END_REASONS[reason].text,
});

/** The session goes on; its proxy closes one client's socket. */
export const PROXY_CLOSES = {
  browserClosed: { code: 1000, text: 'The client closed its browser; the session is kept alive' },
  pageGone: { code: 1001, text: 'The page was closed' },
  binary: { code: 1003, text: 'The DevTools protocol is text; this was a binary message' },
  // Sent by ws itself: over its pipe, Chrome could not say whose message it was.
  notUtf8: { code: 1007, text: 'A message is not UTF-8' },
  tooManyFragments: { code: 1008, text: 'A message came in too many fragments' },
  messageTooLarge: { code: 1009, text: 'A message is larger than the 100 MiB that Chrome takes' },
  answerTooLarge: { code: 1009, text: 'Chrome sent a message that is larger than 256 MiB' },
  chromeDropped: { code: 1011, text: 'The browser dropped the connection' },
  silent: { code: 4030, text: 'The client has answered nothing for minutes, or its network is gone' },
  tooMuchUnfinished: {
    code: 1013,
    text: 'The clients of this session have sent too much of unfinished messages',
  },
  tooSlow: { code: 1013, text: 'The client reads too slowly, and too much waits for it' },
} as const satisfies Record<string, CloseNote>;

/** The session goes on; its proxy closes a live view's socket. */
export const CAST_CLOSES = {
  binary: { code: 1003, text: 'What a live view sends is JSON; this was a binary message' },
  badMessage: { code: 1008, text: 'A message is none of those that a live view sends' },
  viewOnly: { code: 1008, text: 'This link is for watching: with it nobody can act in the page' },
  restarting: {
    code: SERVICE_RESTART,
    text: 'The browser of this session is being exchanged: connect again',
  },
  tooMany: { code: 1008, text: 'The live view sends more than 200 messages a second' },
} as const satisfies Record<string, CloseNote>;

/** The router closes a socket that it has joined to a session. */
export const ROUTER_CLOSES = {
  restarting: { code: SERVICE_RESTART, text: 'The router is restarting: connect again' },
} as const satisfies Record<string, CloseNote>;

const MAX_REASON_BYTES = 123;

/** Cut to what a close frame can carry, at a character's border. */
export function fitReason(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= MAX_REASON_BYTES) return reason;
  return bytes
    .subarray(0, MAX_REASON_BYTES)
    .toString()
    .replace(/\ufffd+$/, '');
}
