import { isObject } from '../../core/domain/is-object.ts';
import type { SentCommand } from '../chrome/channel.ts';
import type { Json } from '../chrome/connection.ts';
import { CHROME_WORDS, errorAnswer, findFault, type ProtocolError } from './chrome-words.ts';
import { jsonFaultOf } from './json-fault.ts';

/** A command of a client, as far as it has to be known to pass it on. */
export type ClientCommand =
  /** Parsed; `text` is what goes to Chrome. */
  | (SentCommand & { readonly kind: 'parsed'; readonly json: Json; readonly text: string })
  /** A large one whose id and session of CDP are plain to see: passes as it is. */
  | (SentCommand & { readonly kind: 'large'; readonly bytes: Buffer })
  /** No command at all. `answer` says so, in the protocol's words for it. */
  | { readonly kind: 'invalid'; readonly answer: string };

// Parsing this much takes less time than a system call.
const SMALL_BYTES = 65_536;
// What the proxy acts on, and what could hide it: a method's name may be written with \u00XX escapes.
const SUSPECT_BYTES = [
  'setDownloadBehavior',
  'setFileInputFiles',
  'dispatchDragEvent',
  'launchFilesInApp',
  'Browser.close',
  'Browser.crash',
  'exposeDevToolsProtocol',
  'loadUnpacked',
  'createBrowserContext',
  'Page.navigate',
  'createTarget',
  '\\u00',
  '\0',
].map((text) => Buffer.from(text));
const SESSION_KEY = Buffer.from('"sessionId"');
const TRAILING_SESSION = /,\s*"sessionId"\s*:\s*"(\w{1,64})"\s*\}\s*$/;
const TAIL_BYTES = 160;
const LEADING_ID = /^\s*\{\s*"id"\s*:\s*(-?\d{1,10})\s*,/;
const HEAD_BYTES = 64;

/**
 * Reads one message of a client. Small ones are parsed; so are large ones that could mean more than they show. A large
 * one that begins with its id and ends with its session of CDP (as Playwright and Puppeteer write them) is not, unless
 * `isAnyRead` asks for it.
 */
export function readClientCommand(bytes: Buffer, isAnyRead = false): ClientCommand {
  const plain = bytes.length > SMALL_BYTES && !isAnyRead ? readPlainCommand(bytes) : undefined;
  return plain === undefined ? parseCommand(bytes.toString()) : { kind: 'large', bytes, ...plain };
}

function readPlainCommand(bytes: Buffer): SentCommand | undefined {
  const id = LEADING_ID.exec(bytes.toString('latin1', 0, HEAD_BYTES))?.[1];
  if (id === undefined) return undefined;
  const cdpSessionId = plainSessionOf(bytes);
  return cdpSessionId === undefined ? undefined : { id: Number(id), cdpSessionId };
}

function plainSessionOf(bytes: Buffer): string | undefined {
  const match = TRAILING_SESSION.exec(bytes.toString('latin1', bytes.length - TAIL_BYTES));
  if (match === null || bytes.indexOf(SESSION_KEY) < bytes.length - TAIL_BYTES) return undefined;
  return SUSPECT_BYTES.some((suspect) => bytes.includes(suspect)) ? undefined : match[1];
}

function parseCommand(text: string): ClientCommand {
  const value = parseObject(text);
  if (value === null) return { kind: 'invalid', answer: errorAnswer(faultOfText(text)) };
  const fault = findFault(value);
  if (fault !== null)
    return {
      kind: 'invalid',
      answer: errorAnswer(fault, fault === CHROME_WORDS.id ? undefined : usableId(value)),
    };
  // An empty one is none, for Chrome too. Written anew: a key that came twice is one more such error.
  return {
    kind: 'parsed',
    id: value.id as number,
    method: value.method as string,
    params: isObject(value.params) ? value.params : {},
    json: value,
    text: JSON.stringify(value.sessionId === '' ? withoutSession(value) : value),
    cdpSessionId: (value.sessionId as string | undefined) || undefined,
  };
}

const usableId = ({ id }: Json): unknown => (Number.isInteger(id) ? id : undefined);

const withoutSession = ({ sessionId: _, ...rest }: Json): Json => rest;

/** A command that could be read. */
export type ReadCommand = Exclude<ClientCommand, { kind: 'invalid' }>;

/** What Chrome answers for a session of CDP that is not there, or is another client's. */
export const unknownSessionAnswer = (command: ReadCommand): string =>
  errorAnswer(CHROME_WORDS.unknownSession, command.id);

export const tooLargeAnswer = (command: ReadCommand): string =>
  errorAnswer(CHROME_WORDS.tooLarge, command.id);

export const refusedAnswer = (command: ReadCommand, error: ProtocolError): string =>
  errorAnswer(error, command.id, command.cdpSessionId);

/** Why a text is no object, in Chrome's words. */
export const faultOfText = (text: string): ProtocolError =>
  parseJson(text) === undefined ? jsonFaultOf(text) : CHROME_WORDS.notObject;

/** The value that a text is; undefined: it is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function parseObject(text: string): Json | null {
  const value = parseJson(text);
  return isObject(value) ? value : null;
}
