/**
 * Where a CDP message names its session of CDP, found without parsing the message.
 *
 * Chrome appends `"sessionId"` as the last key of a message. Bytes that read `,"sessionId":"X"}` at the very end can be
 * nothing else: a nested object's end would be followed by another brace, and within a string the quotes would be
 * escaped.
 */
const KEY = Buffer.from(',"sessionId":"');
const QUOTE = 0x22;
const BRACE = 0x7d;
const MAX_ID_BYTES = 64;

export interface TrailingSession {
  readonly cdpSessionId: string;
  /** Index of the comma before the key. */
  readonly keyAt: number;
}

/** The session of CDP that a message names in its last key; null when it names none there. */
export function readTrailingSession(message: Buffer): TrailingSession | null {
  const end = message.length - 2;
  if (message[end + 1] !== BRACE || message[end] !== QUOTE) return null;
  const open = message.lastIndexOf(QUOTE, end - 1);
  const keyAt = open + 1 - KEY.length;
  if (keyAt < 1 || end - open > MAX_ID_BYTES) return null;
  if (message.compare(KEY, 0, KEY.length, keyAt, open + 1) !== 0) return null;
  return { cdpSessionId: message.toString('latin1', open + 1, end), keyAt };
}

/** The message without that key. Changes the bytes in place: a large message is not copied for it. */
export function withoutTrailingSession(message: Buffer, { keyAt }: TrailingSession): Buffer {
  message[keyAt] = BRACE;
  return message.subarray(0, keyAt + 1);
}

/** The text of a message with a session of CDP named in its first key. Wants an object with at least one key. */
export const withSession = (text: string, cdpSessionId: string): string =>
  `{"sessionId":"${cdpSessionId}",${text.slice(text.indexOf('{') + 1)}`;
