/**
 * The answers to what never becomes a request of the API: on AWS they come from the edge, here Node's parser would make
 * them, with bodies of its own or none.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ErrorAnswer, errorBody } from './gateway-responses.ts';

const NOT_UNDERSTOOD: ErrorAnswer = [400, 'Bad Request', 'The request could not be understood'];
const NO_HOST: ErrorAnswer = [400, 'Bad Request', 'The request has no Host header'];
const NO_TUNNEL: ErrorAnswer = [405, 'Method Not Allowed', 'This is no proxy'];
const UNKNOWN_EXPECTATION: ErrorAnswer = [
  417,
  'Expectation Failed',
  'The only known expectation is 100-continue',
];

/** By the code of the error with which Node gives up on a connection. */
const PARSER_FAULTS: Readonly<Record<string, ErrorAnswer>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout', 'The request took too long to arrive'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Payload Too Large', 'The chunk extensions are too large'],
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large', 'The request headers are too large'],
};

/** Answers on the bare connection, as far as the client still listens, and ends it. */
function answerSocket(socket: Duplex, answer: ErrorAnswer): void {
  const body = errorBody(answer);
  socket.end(
    `HTTP/1.1 ${answer[0]} ${answer[1]}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** What is left of the request is read and dropped, or the client would never come to read the answer. */
function answerRequest(request: IncomingMessage, answer: ErrorAnswer): void {
  answerSocket(request.socket, answer);
  request.resume();
}

/** Answers for a request without the Host header that HTTP/1.1 demands; false when there is nothing to refuse. */
export function refuseWithoutHost(request: IncomingMessage): boolean {
  if (request.headers.host !== undefined || request.httpVersion === '1.0') return false;
  answerRequest(request, NO_HOST);
  return true;
}

/** From now on `server`, which must not require the Host header itself, refuses in the shape of the API's errors. */
export function refuseInShape(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy();
    else answerSocket(socket, PARSER_FAULTS[error.code ?? ''] ?? NOT_UNDERSTOOD);
  });
  server.on('checkExpectation', (request: IncomingMessage) => answerRequest(request, UNKNOWN_EXPECTATION));
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    answerSocket(socket, NO_TUNNEL);
  });
}
