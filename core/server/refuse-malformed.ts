/** The answers to what never becomes a request: Node would make them itself, without a body. */
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { TOO_SLOW } from './bound-request.ts';
import { isAllWritten } from './end-answer.ts';
import { cutAnswer } from './pass-answer-on.ts';
import { endSocket, type Refusal, refuseOnSocket, refuseRequest } from './refusal.ts';

export const MALFORMED = {
  notHttp: { status: 400, message: 'The request is not valid HTTP' },
  brokenOff: { status: 400, message: 'The request ended before all of it had come' },
  noHost: { status: 400, message: 'The request has no Host header' },
  tunnel: { status: 405, message: 'No tunnel is opened here' },
  largeExtensions: { status: 413, message: 'The chunk extensions of the request are too large' },
  expectation: { status: 417, message: 'No expectation of a request is met here but 100-continue' },
  largeHeaders: { status: 431, message: 'The headers of the request are too large' },
} as const satisfies Record<string, Refusal>;

/** By the code with which Node's parser gives up. */
const FAULTS: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: TOO_SLOW,
  HPE_INVALID_EOF_STATE: MALFORMED.brokenOff,
  HPE_HEADER_OVERFLOW: MALFORMED.largeHeaders,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: MALFORMED.largeExtensions,
};

/** From now on `server` says why, in the shape of the API's errors. */
export function refuseMalformed(server: Server): void {
  const open = new WeakMap<Duplex, Set<ServerResponse>>();
  server.on('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    const responses = open.get(socket) ?? new Set();
    open.set(socket, responses.add(response));
    response.once('close', () => responses.delete(response));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    const begun = [...(open.get(socket) ?? [])].find(
      (one) => one.socket === socket && one.headersSent && !one.writableEnded,
    );
    if (begun === undefined) refuseOnSocket(socket, FAULTS[error.code ?? ''] ?? MALFORMED.notHttp);
    // In the midst of an answer another one would be taken for more of it.
    else if (isAllWritten(begun)) endSocket(socket);
    else cutAnswer(begun);
  });
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) =>
    refuseRequest(response, MALFORMED.expectation),
  );
  server.on('connect', (_request: IncomingMessage, socket: Duplex) =>
    refuseOnSocket(socket, MALFORMED.tunnel),
  );
}

/** For a server that does not itself demand the Host header, as HTTP/1.1 does. */
export const demandHost =
  (onRequest: RequestListener): RequestListener =>
  (request, response) => {
    const isWithout = request.headers.host === undefined && request.httpVersion !== '1.0';
    if (isWithout) refuseRequest(response, MALFORMED.noHost);
    else onRequest(request, response);
  };
