import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { systemClock } from '../clock/system-clock.ts';
import type { Clock } from '../domain/clock.ts';
import { CONNECTION } from '../domain/timing.ts';
import { endAnswer } from './end-answer.ts';
import { PAGE_HEADERS, refusalPage, wantsPage } from './refusal-page.ts';

/** Why a server that is no Lambda does not serve a request. The message is for the client and never holds a token. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
  /** Response headers that go with it, such as retry-after. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The platform's one error shape. */
const bodyOf = ({ status, message }: Refusal): string =>
  JSON.stringify({ statusCode: status, error: STATUS_CODES[status], message });

const headersOf = ({ headers = {} }: Refusal, body: string): Readonly<Record<string, string | number>> => ({
  'content-type': 'application/json',
  'content-length': Buffer.byteLength(body),
  'cache-control': 'no-store',
  ...headers,
});

/** With JSON, or for a person at a live view with a page. All of the request need not have come. */
export function refuseRequest(response: ServerResponse, refusal: Refusal): void {
  const isPage = wantsPage(response.req);
  const body = isPage ? refusalPage(refusal) : bodyOf(refusal);
  response.writeHead(refusal.status, { ...headersOf(refusal, body), ...(isPage ? PAGE_HEADERS : {}) });
  endAnswer(response, body);
}

/** Answers on a bare socket: an upgrade that is not completed, or what is no HTTP request at all. */
export function refuseOnSocket(socket: Duplex, refusal: Refusal, clock: Clock = systemClock): void {
  if (socket.destroyed || !socket.writable) {
    socket.destroy();
    return;
  }
  const body = bodyOf(refusal);
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    ...Object.entries(headersOf(refusal, body)).map(([name, value]) => `${name}: ${value}`),
    'connection: close',
  ];
  socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  endSocket(socket, clock);
}

/** Ends a socket to which all is written. */
export function endSocket(socket: Duplex, clock: Clock = systemClock): void {
  // Nobody else may listen, and an answer that cannot be given is no fault of ours.
  socket.on('error', () => undefined);
  // Destroyed at once, a socket with unread bytes is reset, and the client may lose the answer.
  socket.resume();
  socket.end();
  socket.once(
    'close',
    clock.setTimer(CONNECTION.lingerMs, () => socket.destroy()),
  );
}
