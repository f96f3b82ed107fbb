/** A listener on loopback that no client can wedge: bounded headers, bounded waiting, a bounded end. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { GATEWAY_RESPONSES, type GatewayResponseType, gatewayBody } from './gateway-responses.ts';

const HOST = '127.0.0.1';
const HEADERS_TIMEOUT_MS = 20_000;
const REQUEST_TIMEOUT_MS = 60_000;
// Longer than clients keep idle connections, so that it is they who close them.
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
const MAX_HEADER_BYTES = 16_384;
const CLOSE_GRACE_MS = 1_000;

export interface HttpListener {
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

const CLIENT_FAULTS: Readonly<Record<string, GatewayResponseType>> = {
  HPE_HEADER_OVERFLOW: 'HEADERS_TOO_LARGE',
  ERR_HTTP_REQUEST_TIMEOUT: 'REQUEST_TIMEOUT',
};

/** Answers what is not even a request, as far as the client still listens. */
function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const type = CLIENT_FAULTS[error.code ?? ''] ?? 'BAD_REQUEST';
  const { statusCode, body } = gatewayBody(type);
  socket.end(
    `HTTP/1.1 ${statusCode} ${GATEWAY_RESPONSES[type][1]}\r\ncontent-type: application/json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
  await closed;
  clearTimeout(timer);
}

export async function listen(port: number, onRequest: RequestListener): Promise<HttpListener> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    onRequest,
  );
  server.on('clientError', refuse);
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw code === 'EADDRINUSE'
      ? new Error(`Port ${port} is in use: set PORT to another one`, { cause })
      : cause;
  }
  return { host: HOST, port: (server.address() as AddressInfo).port, close: () => close(server) };
}
