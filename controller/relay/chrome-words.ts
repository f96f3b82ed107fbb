import type { Json } from '../chrome/connection.ts';

/**
 * What Chrome itself answers, code and sentence: clients recover by these words. Asked of Chromium 156 over its own port.
 * Only what Chrome never has to say is worded here.
 */
export const CHROME_WORDS = {
  notObject: { code: -32600, message: 'Message must be an object' },
  id: { code: -32600, message: "Message must have integer 'id' property" },
  method: { code: -32600, message: "Message must have string 'method' property" },
  params: { code: -32600, message: "Message may have object 'params' property" },
  sessionId: { code: -32600, message: "Message may have string 'sessionId' property" },
  strangeKey: {
    code: -32600,
    message: "Message has property other than 'id', 'method', 'sessionId', 'params'",
  },
  tooDeep: { code: -32700, message: 'JSON: stack limit exceeded' },
  unknownSession: { code: -32001, message: 'Session with given id not found.' },
  /** Chrome reads no further, and answers nothing any more. */
  tooLarge: {
    code: -32600,
    message: 'Written out, the message is larger than the 100 MiB that Chrome takes',
  },
  /** Chrome knows no connection that may only watch. */
  viewOnly: { code: -32000, message: 'This connection may watch, and command nothing' },
} as const satisfies Record<string, ProtocolError>;

export interface ProtocolError {
  readonly code: number;
  readonly message: string;
}

/** Chrome names the command's id where there is one. */
export const errorAnswer = (error: ProtocolError, id?: unknown, sessionId?: unknown): string =>
  JSON.stringify({ id, error, sessionId });

/** Chrome reads one property after the other, and answers for the first that is wrong. */
const PROPERTIES: Readonly<Record<string, (value: unknown) => ProtocolError | null>> = {
  id: (id) => (typeof id === 'number' && Number.isInteger(id) && isInt32(id) ? null : CHROME_WORDS.id),
  method: (method) => (typeof method === 'string' && method !== '' ? null : CHROME_WORDS.method),
  params: (params) =>
    params === null || (typeof params === 'object' && !Array.isArray(params)) ? null : CHROME_WORDS.params,
  sessionId: (sessionId) => (typeof sessionId === 'string' ? null : CHROME_WORDS.sessionId),
};

const isInt32 = (id: number): boolean => id === (id | 0);

/** What Chrome would find wrong with a message; null: it is a command. */
export function findFault(message: Json): ProtocolError | null {
  for (const [key, value] of Object.entries(message)) {
    const check = Object.hasOwn(PROPERTIES, key) ? PROPERTIES[key] : undefined;
    const fault = check === undefined ? CHROME_WORDS.strangeKey : check(value);
    if (fault !== null) return fault;
  }
  if (message.id === undefined) return CHROME_WORDS.id;
  return message.method === undefined ? CHROME_WORDS.method : null;
}
