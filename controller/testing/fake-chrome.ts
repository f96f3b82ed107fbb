import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { BrowserEndpoint } from '../chrome/launch.ts';

/** Chrome's debugging port as the proxy sees it: its WebSockets echo, unless a test takes them over. */
export async function startFakeChrome(onSocket: (socket: WebSocket, path: string) => void = echo) {
  const server = http.createServer((request, response) => {
    if (request.url === '/json/version') response.end('{}');
    else if (request.url === '/json/list') response.end(JSON.stringify(TARGETS));
    else if (request.url === '/devtools/inspector.html') response.end('<html>inspector</html>');
    else response.writeHead(404).end();
  });
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: 300 << 20 });
  server.on('upgrade', (request, socket, head) => {
    const path = request.url ?? '';
    // As Chrome does for a page that is not there.
    if (path.endsWith('/missing')) return socket.end('HTTP/1.1 500 Internal Server Error\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (client) => onSocket(client, path));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint: BrowserEndpoint = {
    port: (server.address() as AddressInfo).port,
    browserPath: '/devtools/browser/real',
  };
  return {
    endpoint,
    sockets,
    async stop(): Promise<void> {
      for (const client of sockets.clients) client.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const TARGETS = [
  { id: 'A', type: 'page', title: 'a', url: 'http://a/', webSocketDebuggerUrl: 'ws://127.0.0.1:1/x' },
  { id: 'B', type: 'page', title: 'b', url: 'http://b/' },
  { id: 'W', type: 'service_worker', title: 'w', url: 'http://w/' },
];

function echo(socket: WebSocket): void {
  socket.on('message', (data, isBinary) => socket.send(data as Buffer, { binary: isBinary }));
}
