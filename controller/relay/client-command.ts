import { isObject } from '../../core/domain/is-object.ts';
import type { Json } from '../chrome/connection.ts';

/** A command of a client, as far as it has to be known to pass it on. */
export type ClientCommand =
  /** Parsed; `text` is what goes to Chrome. */
  | {
      readonly kind: 'parsed';
      readonly json: Json;
      readonly text: string;
      readonly cdpSessionId: string | undefined;
    }
  /** A large one whose session of CDP is plain to see: passes as it is. */
  | { readonly kind: 'large'; readonly bytes: Buffer; readonly cdpSessionId: string }
  /** No command at all. `answer` says so, in the protocol's words for it. */
  | { readonly kind: 'invalid'; readonly answer: string };

// Parsing this much takes less time than a system call.
const SMALL_BYTES = 65_536;
const MAX_ID = 2 ** 31 - 1;
// Anything else is an error for Chrome, whose answer would not say whose command it was.
const KEYS: readonly string[] = ['id', 'method', 'params', 'sessionId'];
// What the proxy acts on, and what could hide it: a method's name may be written with \u00XX escapes.
const SUSPECT_BYTES = ['setDownloadBehavior', 'Browser.close', '\\u00', '\0'].map((text) =>
  Buffer.from(text),
);
const SESSION_KEY = Buffer.from('"sessionId"');
const TRAILING_SESSION = /,\s*"sessionId"\s*:\s*"(\w{1,64})"\s*\}\s*$/;
const TAIL_BYTES = 160;

/**
 * Reads one message of a client. Small ones are parsed; so are large ones that could mean more than they show. A large
 * one that only ends with the id of its session of CDP (as Playwright and Puppeteer write them) is not.
 */
export function readClientCommand(bytes: Buffer): ClientCommand {
  const cdpSessionId = bytes.length > SMALL_BYTES ? plainSessionOf(bytes) : undefined;
  return cdpSessionId === undefined ? parseCommand(bytes.toString()) : { kind: 'large', bytes, cdpSessionId };
}

function plainSessionOf(bytes: Buffer): string | undefined {
  const match = TRAILING_SESSION.exec(bytes.toString('latin1', bytes.length - TAIL_BYTES));
  if (match === null || bytes.indexOf(SESSION_KEY) < bytes.length - TAIL_BYTES) return undefined;
  return SUSPECT_BYTES.some((suspect) => bytes.includes(suspect)) ? undefined : match[1];
}

function parseCommand(text: string): ClientCommand {
  const json = parseObject(text);
  if (json === null) return invalid(-32700, 'The message is not a JSON object');
  const { id, method, params, sessionId: cdpSessionId } = json;
  if (typeof id !== 'number' || !Number.isInteger(id) || Math.abs(id) > MAX_ID)
    return invalid(-32600, "The message needs an integer 'id'");
  if (typeof method !== 'string') return invalid(-32600, "The message needs a string 'method'", id);
  if (params !== undefined && params !== null && !isObject(params))
    return invalid(-32600, "'params' must be an object", id);
  if (cdpSessionId !== undefined && typeof cdpSessionId !== 'string')
    return invalid(-32600, "'sessionId' must be a string", id);
  const strangeKey = Object.keys(json).find((key) => !KEYS.includes(key));
  if (strangeKey !== undefined) return invalid(-32600, `A message has no '${strangeKey.slice(0, 40)}'`, id);
  // An empty one is none, for Chrome too. Written anew: a key that came twice is one more such error.
  return {
    kind: 'parsed',
    json,
    text: JSON.stringify(cdpSessionId === '' ? withoutSession(json) : json),
    cdpSessionId: cdpSessionId || undefined,
  };
}

const withoutSession = ({ sessionId: _, ...rest }: Json): Json => rest;

/** A command that could be read. */
export type ReadCommand = Exclude<ClientCommand, { kind: 'invalid' }>;

/** What Chrome answers for a session of CDP that is not there, or is another client's. */
export const unknownSessionAnswer = (command: ReadCommand): string =>
  errorAnswer(-32001, 'There is no session with this id', idOf(command));

export const tooLargeAnswer = (command: ReadCommand): string =>
  errorAnswer(-32600, 'Written out, the message is larger than the 100 MiB that Chrome takes', idOf(command));

export const notPermittedAnswer = (command: ReadCommand): string =>
  errorAnswer(-32000, 'This connection may watch, and command nothing', idOf(command));

const idOf = (command: ReadCommand): unknown =>
  command.kind === 'parsed' ? command.json.id : parseObject(command.bytes.toString())?.id;

const invalid = (code: number, message: string, id?: number): ClientCommand => ({
  kind: 'invalid',
  answer: errorAnswer(code, message, id),
});

const errorAnswer = (code: number, message: string, id: unknown): string =>
  JSON.stringify({ id, error: { code, message } });

export function parseObject(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
