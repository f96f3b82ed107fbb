import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A site on loopback: it logs a visitor in by a session cookie, and has a file to download. */
export async function startPageServer() {
  const cookies: string[] = [];
  const server = http.createServer((request, response) => {
    if (request.url === '/file.txt') {
      response.writeHead(200, { 'content-disposition': 'attachment; filename="report.txt"' });
      return response.end('the report');
    }
    cookies.push(request.headers.cookie ?? '');
    response.writeHead(200, {
      'content-type': 'text/html',
      ...(request.url === '/login'
        ? { 'set-cookie': ['login=yes; Path=/; HttpOnly', 'remembered=yes; Path=/; Max-Age=86400'] }
        : {}),
    });
    response.end('<title>site</title><a id="download" href="/file.txt">file</a>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cookies,
    async stop(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
