import type { TerminalStatus } from './session.ts';

/**
 * Why a session ended: the status it ends in, the close code its sockets carry, and the sentence a person reads.
 *
 * Close codes are in the private range 4000..4999 (RFC 6455, 7.4.2), except where a registered one says it exactly.
 * The sentence also is the WebSocket close reason, which may be 123 bytes at most.
 */
export const END_REASONS = {
  released: { status: 'STOPPED', closeCode: 4000, text: 'The session was released' },
  disconnected: {
    status: 'STOPPED',
    closeCode: 4001,
    text: 'The last client disconnected and keepAlive is off',
  },
  browser_closed: { status: 'STOPPED', closeCode: 4002, text: 'A client closed the browser' },
  never_connected: { status: 'TIMED_OUT', closeCode: 4010, text: 'No client connected in time' },
  idle: { status: 'TIMED_OUT', closeCode: 4011, text: 'No client sent anything for too long' },
  timed_out: { status: 'TIMED_OUT', closeCode: 4012, text: 'The session reached its timeout' },
  browser_crashed: { status: 'FAILED', closeCode: 4020, text: 'The browser exited unexpectedly' },
  bad_archive: { status: 'FAILED', closeCode: 4021, text: "The context's archive was refused" },
  start_failed: { status: 'FAILED', closeCode: 4022, text: 'The browser could not be started' },
  start_timed_out: { status: 'FAILED', closeCode: 4023, text: 'The browser was not ready in time' },
  container_lost: { status: 'FAILED', closeCode: 4024, text: 'The container of the session was lost' },
  profile_not_saved: { status: 'FAILED', closeCode: 4025, text: 'The profile could not be saved' },
  platform_stopping: { status: 'FAILED', closeCode: 1012, text: 'The platform is stopping this container' },
} as const satisfies Record<string, { status: TerminalStatus; closeCode: number; text: string }>;

export type EndReason = keyof typeof END_REASONS;

export const isEndReason = (value: unknown): value is EndReason =>
  typeof value === 'string' && Object.hasOwn(END_REASONS, value);

/** The terminal status a session reaches when it ends for `reason`. */
export const statusAfter = (reason: EndReason): TerminalStatus => END_REASONS[reason].status;
