/** Why a client's socket closes, when it is not the session that ends. */
export interface CloseNote {
  readonly code: number;
  readonly text: string;
}

export const CLOSE_NOTES = {
  pageGone: { code: 1001, text: 'The page was closed' },
  binary: { code: 1003, text: 'The DevTools protocol is text; this was a binary message' },
  tooManyFragments: { code: 1008, text: 'A message came in too many fragments' },
  messageTooLarge: { code: 1009, text: 'A message is larger than the 100 MiB that Chrome takes' },
  answerTooLarge: { code: 1009, text: 'Chrome sent a message that is larger than 256 MiB' },
  chromeDropped: { code: 1011, text: 'The browser dropped the connection' },
  tooSlow: { code: 1013, text: 'The client reads too slowly, and too much waits for it' },
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
