/** A page as pages are: a document, what it loads, and a button. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

const SCRIPTS = 20;
const PAGE = `<title>busy</title><button onclick="this.textContent = ++window.count">click</button><script>count = 0</script>${Array.from(
  { length: SCRIPTS },
  (_, number) => `<script src="/script-${number}.js"></script>`,
).join('')}`;

export interface BusyPage {
  readonly url: string;
  close(): void;
}

export async function serveBusyPage(): Promise<BusyPage> {
  const server = http.createServer(({ url }, response) => {
    const isPage = url === '/';
    response.writeHead(200, {
      'content-type': isPage ? 'text/html' : 'text/javascript',
      'cache-control': 'no-store',
    });
    response.end(isPage ? PAGE : `window.loaded = '${url}'`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
