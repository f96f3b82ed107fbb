/** What Chrome's messages show without being parsed: it writes `id` or `method` first. */
const ID = Buffer.from('{"id":');
const TARGET_EVENT = Buffer.from('{"method":"Target.');
// The two that tell of sessions of CDP.
const SESSION_EVENTS = ['Target.attachedToTarget', 'Target.detachedFromTarget'].map((method) =>
  Buffer.from(`{"method":"${method}"`),
);
const MINUS = 0x2d;
const ZERO = 0x30;

/** The id of an answer; undefined: it is an event, or names none. */
export function readAnswerId(message: Buffer): number | undefined {
  if (!startsWith(message, ID)) return undefined;
  const isNegative = message[ID.length] === MINUS;
  let at = ID.length + (isNegative ? 1 : 0);
  let id = 0;
  for (let digit = digitAt(message, at); digit >= 0 && digit <= 9; digit = digitAt(message, at)) {
    id = id * 10 + digit;
    at += 1;
  }
  return isNegative ? -id : id;
}

const digitAt = (message: Buffer, at: number): number => (message[at] ?? 0) - ZERO;

export const isTargetEvent = (message: Buffer): boolean => startsWith(message, TARGET_EVENT);

export const isSessionEvent = (message: Buffer): boolean =>
  isTargetEvent(message) && SESSION_EVENTS.some((start) => startsWith(message, start));

// The last byte first: of `{"id":` and of `{"method":"Target` it is the one that tells, and a call costs more than bytes.
function startsWith(message: Buffer, start: Buffer): boolean {
  for (let at = start.length - 1; at >= 0; at -= 1) if (message[at] !== start[at]) return false;
  return true;
}
