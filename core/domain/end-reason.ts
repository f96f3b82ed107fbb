import type { TerminalStatus } from './session.ts';

/**
 * Why a session ended: the status it ends in, and the sentence a person reads. The sentence also is the reason in the
 * close frame of its sockets, which may be 123 bytes at most; the codes are in close-codes.ts.
 */
export const END_REASONS = {
  released: { status: 'STOPPED', text: 'The session was released' },
  disconnected: { status: 'STOPPED', text: 'The last client disconnected and keepAlive is off' },
  browser_closed: { status: 'STOPPED', text: 'A client closed the browser' },
  create_given_up: { status: 'STOPPED', text: 'Who asked for the session left before it was answered' },
  never_connected: { status: 'TIMED_OUT', text: 'No client connected in time' },
  idle: { status: 'TIMED_OUT', text: 'No client sent anything for too long' },
  timed_out: { status: 'TIMED_OUT', text: 'The session reached its timeout' },
  browser_crashed: { status: 'FAILED', text: 'The browser exited unexpectedly' },
  out_of_memory: { status: 'FAILED', text: 'The session ran out of memory' },
  bad_archive: { status: 'FAILED', text: "The context's archive was refused" },
  start_failed: { status: 'FAILED', text: 'The browser could not be started' },
  start_timed_out: { status: 'FAILED', text: 'The browser was not ready in time' },
  container_lost: { status: 'FAILED', text: 'The container of the session was lost' },
  profile_not_saved: { status: 'FAILED', text: 'The profile could not be saved' },
  spot_reclaimed: { status: 'FAILED', text: 'AWS took the Spot capacity of the session back' },
  extension_not_loaded: { status: 'FAILED', text: 'The extension could not be loaded' },
  certificates_not_trusted: { status: 'FAILED', text: 'The certificates could not be trusted' },
  platform_stopping: { status: 'FAILED', text: 'The platform is stopping this container' },
} as const satisfies Record<string, { status: TerminalStatus; text: string }>;

/** Of what is told of an end beside its reason. */
export const MAX_DETAIL_CHARACTERS = 1_000;

export type EndReason = keyof typeof END_REASONS;

export const isEndReason = (value: unknown): value is EndReason =>
  typeof value === 'string' && Object.hasOwn(END_REASONS, value);

/** The terminal status a session reaches when it ends for `reason`. */
export const statusAfter = (reason: EndReason): TerminalStatus => END_REASONS[reason].status;
