/** What a client is told when Chrome drops its socket; Chrome itself sends no close frame (1006). */
export interface CloseNote {
  readonly code: number;
  readonly text: string;
}

export const CLOSE_NOTES = {
  pageGone: { code: 1001, text: 'The page was closed' },
  chromeDropped: { code: 1011, text: 'The browser dropped the connection' },
  messageTooLarge: { code: 1009, text: 'A message is larger than 256 MB' },
} as const satisfies Record<string, CloseNote>;

const MAX_REASON_BYTES = 123;
// RFC 6455, 7.4.1: these only stand for what happened and may never be sent.
const UNSENDABLE: readonly number[] = [1004, 1005, 1006, 1015];

export const isSendable = (code: number): boolean =>
  (code >= 1000 && code <= 1014 && !UNSENDABLE.includes(code)) || (code >= 3000 && code <= 4999);

/** Chrome's close as the client is to see it. */
export function noteForClient(code: number, reason: string, isPage: boolean): CloseNote {
  if (isSendable(code)) return { code, text: fitReason(reason) };
  return isPage ? CLOSE_NOTES.pageGone : CLOSE_NOTES.chromeDropped;
}

/** Cut to what a close frame can carry, at a character's border. */
export function fitReason(reason: string): string {
  const bytes = Buffer.from(reason);
  if (bytes.length <= MAX_REASON_BYTES) return reason;
  return bytes
    .subarray(0, MAX_REASON_BYTES)
    .toString()
    .replace(/\ufffd+$/, '');
}
