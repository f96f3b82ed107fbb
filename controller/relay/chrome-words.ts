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
  /** Of a connection that may command its own page only. */
  notAllowed: { code: -32000, message: 'Not allowed' },
  invalidUrl: { code: -32000, message: 'Cannot navigate to invalid URL' },
  /** Chrome takes every path of its machine. */
  foreignFile: {
    code: -32000,
    message: 'Only a file of this session can be chosen: upload it, and name it /tmp/.uploads/<name>',
  },
  /** Chrome knows no session that outlives its browser's clients. */
  kept: { code: -32000, message: 'The session is kept alive: no client may end its browser' },
  /** To Chrome, a client is somebody on its own machine. */
  folderOfTheContainer: {
    code: -32000,
    message:
      'No folder of the container is loaded: upload the extension, and create a session with its extensionId',
  },
  /** Chrome knows no connection that may only watch. */
  viewOnly: { code: -32000, message: 'This connection may watch, and command nothing' },
} as const satisfies Record<string, ProtocolError>;

export interface ProtocolError {
  readonly code: number;
  readonly message: string;
}

/** Chrome's word for a method that is not there, or not for this connection. */
export const unknownMethod = (method: string): ProtocolError => ({
  code: -32601,
  message: `'${method}' wasn't found`,
});

/** Chrome names the command's id where there is one. */
export const errorAnswer = (error: ProtocolError, id?: unknown, sessionId?: unknown): string =>
  JSON.stringify({ id, error, sessionId });

function faultOf(key: string, value: unknown): ProtocolError | null {
  switch (key) {
    case 'id':
      return typeof value === 'number' && isInt32(value) ? null : CHROME_WORDS.id;
    case 'method':
      return typeof value === 'string' && value !== '' ? null : CHROME_WORDS.method;
    case 'params':
      return typeof value === 'object' && !Array.isArray(value) ? null : CHROME_WORDS.params;
    case 'sessionId':
      return typeof value === 'string' ? null : CHROME_WORDS.sessionId;
    default:
      return CHROME_WORDS.strangeKey;
  }
}

const isInt32 = (id: number): boolean => id === (id | 0);

/** What Chrome would find wrong with a message; null: it is a command. It reads one property after the other. */
export function findFault(message: Json): ProtocolError | null {
  for (const key of Object.keys(message)) {
    const fault = faultOf(key, message[key]);
    if (fault !== null) return fault;
  }
  if (message.id === undefined) return CHROME_WORDS.id;
  return message.method === undefined ? CHROME_WORDS.method : null;
}
