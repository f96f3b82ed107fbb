import type { ChannelTap, SentCommand } from '../chrome/channel.ts';
import type { Json } from '../chrome/connection.ts';
import { readAnswerId } from '../chrome/read-message.ts';
import { readTrailingSession } from '../chrome/trailing-session.ts';
import { LOG_LIMITS } from './limits.ts';
import {
  eventRow,
  type LoggedRequest,
  type LoggedResponse,
  type LogRow,
  lengthOnly,
  placeOf,
  requestOf,
  responseOf,
} from './log-row.ts';

export interface TapDeps {
  add(row: LogRow): void;
  /** The page that one of these targets is, or belongs to. */
  pageOf(targetIds: readonly string[]): number;
  isFull(): boolean;
  now(): number;
}

/** Events that a client has asked for and the log itself does not: pages could tell. */
const CLIENTS_EVENTS = ['Runtime.consoleAPICalled', 'Runtime.exceptionThrown'].map((method) =>
  Buffer.from(`{"method":"${method}"`),
);
const METHOD = /"method"\s*:\s*"([\w.]{1,128})"/;
const HEAD_BYTES = 256;
const OPENING = 'Page.navigate';

type Asked = Pick<LogRow, 'method' | 'pageId' | 'request' | 'frameId' | 'loaderId'>;

/** Writes down what one client asks of Chrome, and what it is answered. Large messages stay unparsed. */
export class ClientTap implements ChannelTap {
  readonly #deps: TapDeps;
  readonly #asked = new Map<string, Asked>();
  /** The page of each session of CDP in which something was asked. */
  readonly #pages = new Map<string, number>();

  constructor(deps: TapDeps) {
    this.#deps = deps;
  }

  onCommand(command: SentCommand, message: string | Buffer, targetIds: readonly string[]): void {
    const { isFull, pageOf, now, add } = this.#deps;
    if (isFull()) return;
    const { id, cdpSessionId = '', params } = command;
    const method = (command.method ?? methodOf(message)).slice(0, LOG_LIMITS.maxNameCharacters);
    const request: LoggedRequest =
      params === undefined
        ? { timestamp: now(), params: {}, rawBody: lengthOnly(message.length) }
        : requestOf(method, params, now());
    const pageId = pageOf(targetIds);
    this.#pages.set(cdpSessionId, pageId);
    if (this.#asked.size >= LOG_LIMITS.maxUnanswered) this.#giveUpOldest();
    const key = keyOf(cdpSessionId, id);
    const before = this.#asked.get(key);
    if (before !== undefined) add(before);
    this.#asked.delete(key);
    this.#asked.set(key, { method, pageId, request, ...placeOf(params ?? {}) });
  }

  onMessage(message: Buffer): void {
    if (this.#deps.isFull()) return;
    const id = readAnswerId(message);
    if (id !== undefined) this.#takeAnswer(id, message);
    else if (message.length < LOG_LIMITS.maxBodyBytes && isClientsEvent(message)) this.#takeEvent(message);
  }

  /** Nothing is answered any more. */
  onClose(): void {
    for (const asked of this.#asked.values()) this.#deps.add(asked);
    this.#asked.clear();
  }

  #giveUpOldest(): void {
    const [key, asked] = this.#asked.entries().next().value as [string, Asked];
    this.#asked.delete(key);
    this.#deps.add(asked);
  }

  #takeAnswer(id: number, message: Buffer): void {
    const key = keyOf(readTrailingSession(message)?.cdpSessionId ?? '', id);
    const asked = this.#asked.get(key);
    if (asked === undefined) return;
    this.#asked.delete(key);
    const response = this.#responseOf(asked.method, message);
    // What a navigation opens is known with its answer only.
    const place = asked.method === OPENING ? placeOf(response.result) : {};
    this.#deps.add({ ...asked, response, ...place });
  }

  #responseOf(method: string, message: Buffer): LoggedResponse {
    const timestamp = this.#deps.now();
    if (message.length >= LOG_LIMITS.maxBodyBytes)
      return { timestamp, result: {}, rawBody: lengthOnly(message.length) };
    return responseOf(method, parse(message), timestamp);
  }

  #takeEvent(bytes: Buffer): void {
    const { method, params, sessionId } = parse(bytes);
    const pageId = this.#pages.get(typeof sessionId === 'string' ? sessionId : '') ?? 0;
    this.#deps.add(eventRow(String(method), pageId, params as Json, this.#deps.now()));
  }
}

const keyOf = (cdpSessionId: string, id: number): string => `${cdpSessionId} ${id}`;

const isClientsEvent = (message: Buffer): boolean =>
  CLIENTS_EVENTS.some((start) => message.subarray(0, start.length).equals(start));

/** Of a command that was not parsed: as Playwright and Puppeteer write it, before its parameters. */
const methodOf = (message: string | Buffer): string =>
  METHOD.exec(message.toString('latin1', 0, HEAD_BYTES))?.[1] ?? 'unknown';

const parse = (message: Buffer): Json => JSON.parse(message.toString()) as Json;
