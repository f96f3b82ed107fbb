/** A page as pages are: a document, what it loads, and a button. */
import { once } from 'node:events';
import http, { type RequestListener } from 'node:http';
import http2 from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { SITE_IDENTITY } from '../../core/testing/site-identity.ts';

export const SCRIPTS = 20;
/** Of the file. */
export const FILE_BYTES = 8 * 1024 * 1024;
const FILE = Buffer.alloc(FILE_BYTES, 'f');
const PAGE = `<title>busy</title><button onclick="this.textContent = ++window.count">click</button><script>count = 0</script>${Array.from(
  { length: SCRIPTS },
  (_, number) => `<script src="/script-${number}.js"></script>`,
).join('')}`;

export interface BusyPage {
  readonly url: string;
  /** A file to download. */
  readonly fileUrl: string;
  close(): void;
}

const answer: RequestListener = ({ url }, response) => {
  if (url === '/file') {
    const headers = {
      'content-type': 'application/octet-stream',
      'content-disposition': 'attachment; filename="file.bin"',
    };
    response.writeHead(200, headers).end(FILE);
    return;
  }
  const isPage = url === '/';
  response.writeHead(200, {
    'content-type': isPage ? 'text/html' : 'text/javascript',
    'cache-control': 'no-store',
  });
  response.end(isPage ? PAGE : `window.loaded = '${url}'`);
};

/** `isSecure`: by HTTP/2, with a certificate of nobody. */
export async function serveBusyPage(isSecure = false): Promise<BusyPage> {
  const server = isSecure
    ? http2.createSecureServer(SITE_IDENTITY, answer as never)
    : http.createServer(answer);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `${isSecure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return {
    url,
    fileUrl: `${url}file`,
    close() {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
