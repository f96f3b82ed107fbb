import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface ClientProxyOptions {
  /** It asks who it is: `user`, with this password. */
  readonly password?: string;
  readonly host?: string;
  /** It speaks TLS with this key and certificate. */
  readonly secure?: { readonly key: string; readonly cert: string };
}

/** A proxy as a client would have one of its own, which leads everything to one port of this machine. */
export async function startClientProxy(
  leadsTo: number,
  { password, host = '127.0.0.1', secure }: ClientProxyOptions = {},
) {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const wanted = password === undefined ? undefined : `Basic ${btoa(`user:${password}`)}`;
  const isKnown = (headers: http.IncomingHttpHeaders) =>
    wanted === undefined || headers['proxy-authorization'] === wanted;
  const serve: http.RequestListener = (request, response) => {
    if (!isKnown(request.headers))
      return response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
    asked.push(`${request.method} ${request.url}`);
    const { pathname } = new URL(request.url ?? '');
    const { 'proxy-authorization': _, ...headers } = request.headers;
    const { method } = request;
    const passed = http.request({ host: '127.0.0.1', port: leadsTo, path: pathname, method, headers });
    passed.once('response', (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    request.pipe(passed);
  };
  const server = secure === undefined ? http.createServer(serve) : https.createServer(secure, serve);
  server.on('connection', (socket: Socket) => sockets.add(socket));
  server.on('connect', (request, socket: Socket) => {
    socket.on('error', () => undefined);
    if (!isKnown(request.headers))
      return socket.end(
        'HTTP/1.1 407 Who?\r\nProxy-Authenticate: Basic realm="proxy"\r\nContent-Length: 0\r\n\r\n',
      );
    asked.push(`CONNECT ${request.url}`);
    if (request.url?.startsWith('refused.')) return socket.end('HTTP/1.1 403 No\r\n\r\n');
    const site = connect(leadsTo, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      socket.pipe(site).pipe(socket);
    });
    site.on('error', () => socket.destroy());
  });
  server.listen(0, host);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    port,
    /** What it let through. */
    asked,
    stop(): void {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
