/** The least that a browser's way out can be: a process of its own, a proxy that connects and passes bytes on. */
import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo, type Socket } from 'node:net';
import type { ProxyAddress } from '../../controller/chrome/flags.ts';

const MAX_SOCKETS = 64;
const agent = new http.Agent({ keepAlive: true, maxSockets: MAX_SOCKETS });

const server = http.createServer((request, response) => {
  const { method, headers, url = '' } = request;
  const asked = http.request(url, { method, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  asked.on('error', () => response.destroy());
  request.pipe(asked);
});
server.on('connect', ({ url = '' }: http.IncomingMessage, client: Socket, head: Buffer) => {
  const { hostname, port } = new URL(`http://${url}`);
  const site = net.connect({ host: hostname, port: Number(port), noDelay: true }, () => {
    client.write('HTTP/1.1 200 OK\r\n\r\n');
    site.write(head);
    client.pipe(site).pipe(client);
  });
  for (const socket of [client, site])
    socket.on('error', () => {
      client.destroy();
      site.destroy();
    });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
process.send?.({ name: 'bare-proxy', host: '127.0.0.1', port, sides: 0 } satisfies ProxyAddress);
process.once('disconnect', () => process.exit());
