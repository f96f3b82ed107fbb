import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small web site on loopback for browsers to visit. */
export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

const HOME = `<!doctype html><title>Home</title><link rel="icon" href="data:,">
<h1>Home</h1><button onclick="this.textContent = 'clicked'; document.title = 'Clicked'">click me</button>`;

/** `/cached` may be kept for an hour and differs each time it is asked for; `/login` sets a session cookie and a lasting one; `/who` says which cookies came; `/file` is a download. */
const ROUTES: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
  '/': (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(HOME),
  '/login': (_request, response) => {
    response.writeHead(200, {
      'content-type': 'text/html',
      'set-cookie': ['session=for-this-run; Path=/', 'lasting=for-a-week; Path=/; Max-Age=604800'],
    });
    response.end('<!doctype html><title>Logged in</title>');
  },
  '/who': (request, response) =>
    response.writeHead(200, { 'content-type': 'text/plain' }).end(request.headers.cookie ?? ''),
  '/cached': (_request, response) =>
    response
      .writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'max-age=3600' })
      .end(crypto.randomUUID()),
  '/file': (_request, response) =>
    response
      .writeHead(200, {
        'content-type': 'application/octet-stream',
        'content-disposition': 'attachment; filename="sample.bin"',
      })
      .end(Buffer.alloc(1024, 7)),
};

export async function startSite(): Promise<Site> {
  const server = createServer((request, response) => {
    const route = ROUTES[new URL(request.url ?? '/', 'http://site').pathname];
    if (route === undefined) response.writeHead(404).end();
    else route(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
