export type Json = Record<string, unknown>;

/** A command of a client, as far as it has to be known to pass it on. */
export type ClientCommand =
  /** Parsed; `text` is what goes to Chrome. */
  | {
      readonly kind: 'parsed';
      readonly json: Json;
      readonly text: string;
      readonly sessionId: string | undefined;
    }
  /** A large one whose session is plain to see: passes as it is. */
  | { readonly kind: 'large'; readonly bytes: Buffer; readonly sessionId: string }
  /** No command at all. `answer` says so, in the protocol's words for it. */
  | { readonly kind: 'invalid'; readonly answer: string };

// Parsing this much takes less time than a system call.
const SMALL_BYTES = 65_536;
const MAX_ID = 2 ** 31 - 1;
// What the proxy acts on, and what could hide it: a method's name may be written with \u00XX escapes.
const SUSPECT_BYTES = ['setDownloadBehavior', 'Browser.close', '\\u00', '\0'].map((text) =>
  Buffer.from(text),
);
const SESSION_KEY = Buffer.from('"sessionId"');
const TRAILING_SESSION = /,\s*"sessionId"\s*:\s*"(\w{1,64})"\s*\}\s*$/;
const TAIL_BYTES = 160;

/**
 * Reads one message of a client. Small ones are parsed; so are large ones that could mean more than they show. A large
 * one that only ends with its session's id (as Playwright and Puppeteer write them) is not.
 */
export function readClientCommand(bytes: Buffer): ClientCommand {
  const sessionId = bytes.length > SMALL_BYTES ? plainSessionOf(bytes) : undefined;
  return sessionId === undefined ? parseCommand(bytes.toString()) : { kind: 'large', bytes, sessionId };
}

function plainSessionOf(bytes: Buffer): string | undefined {
  const match = TRAILING_SESSION.exec(bytes.toString('latin1', bytes.length - TAIL_BYTES));
  if (match === null || bytes.indexOf(SESSION_KEY) < bytes.length - TAIL_BYTES) return undefined;
  return SUSPECT_BYTES.some((suspect) => bytes.includes(suspect)) ? undefined : match[1];
}

function parseCommand(text: string): ClientCommand {
  const json = parseObject(text);
  if (json === null) return invalid(-32700, 'The message is not a JSON object');
  const { id, method, sessionId } = json;
  if (typeof id !== 'number' || !Number.isInteger(id) || Math.abs(id) > MAX_ID)
    return invalid(-32600, "The message needs an integer 'id'");
  if (typeof method !== 'string') return invalid(-32600, "The message needs a string 'method'", id);
  if (sessionId !== undefined && typeof sessionId !== 'string')
    return invalid(-32600, "'sessionId' must be a string", id);
  // An empty one is none, for Chrome too. Twice or escaped, it could be another for Chrome than it is here.
  if (sessionId === '') return { kind: 'parsed', json, text: withoutSession(json), sessionId: undefined };
  const isPlain = !text.includes('\\u00') && text.indexOf('"sessionId"') === text.lastIndexOf('"sessionId"');
  return { kind: 'parsed', json, text: isPlain ? text : JSON.stringify(json), sessionId };
}

const withoutSession = ({ sessionId: _, ...rest }: Json): string => JSON.stringify(rest);

/** What Chrome answers for a session that is not there, or is another client's. */
export const unknownSessionAnswer = (command: Exclude<ClientCommand, { kind: 'invalid' }>): string => {
  const id = command.kind === 'parsed' ? command.json.id : parseObject(command.bytes.toString())?.id;
  return errorAnswer(-32001, 'There is no session with this id', id);
};

const invalid = (code: number, message: string, id?: number): ClientCommand => ({
  kind: 'invalid',
  answer: errorAnswer(code, message, id),
});

const errorAnswer = (code: number, message: string, id: unknown): string =>
  JSON.stringify({ id, error: { code, message } });

export const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function parseObject(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
