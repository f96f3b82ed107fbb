import { once } from 'node:events';
import http, { type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { systemClock } from '../../../core/clock/system-clock.ts';
import { parseAllowedNetworks } from '../../../core/public-network/public-address.ts';
import type { LookupAll } from '../../../core/public-network/resolve-host.ts';
import type { Upstream } from '../context-proxy.ts';
import { EgressDoor } from '../door.ts';
import { EgressGuard, type GuardOptions } from '../guard.ts';

/** Names of these tests; everything else is not known. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'site.example': ['127.0.0.1'],
  'private.example': ['10.0.0.1'],
  'metadata.example': ['169.254.170.2'],
  'mixed.example': ['10.0.0.1', '127.0.0.1'],
};

export const lookupNames: LookupAll = async (host) => {
  const addresses = NAMES[host];
  if (addresses === undefined) throw new Error('ENOTFOUND');
  return addresses.map((address) => ({ address, family: 4 }));
};

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A guard behind its door, and what a browser would do with it. The owner allows loopback, where tests have their sites. */
export async function openGuard(
  { upstream = null, ...options }: Partial<GuardOptions> & { readonly upstream?: Upstream | null } = {},
  maxConnections = 100,
) {
  const faults: { readonly host: string; readonly port: number; readonly error: Error }[] = [];
  const guard = new EgressGuard({
    lookup: lookupNames,
    allowed: parseAllowedNetworks(['127.0.0.1/32']),
    clock: systemClock,
    onFault: (destination, error) => faults.push({ ...destination, error: error as Error }),
    ...options,
  });
  const door = new EgressDoor(maxConnections);
  const { port } = await door.listen();
  door.open(
    (socket) => guard.serve(socket, upstream),
    () => undefined,
  );
  const agent = new http.Agent({ keepAlive: true });

  return {
    guard,
    door,
    port,
    faults,
    /** By a proxy's absolute form; rejects when the connection is closed without an answer. */
    async get(url: string, more: http.RequestOptions = {}, body = ''): Promise<Answer> {
      const request = http.request({ agent, port, host: '127.0.0.1', path: url, ...more });
      request.setHeader('host', new URL(url).host);
      request.end(body);
      const [answer] = (await once(request, 'response')) as [IncomingMessage];
      return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
    },
    /** A tunnel; what the guard answers, and the socket. */
    async connect(
      authority: string,
      headers = '',
    ): Promise<{ readonly status: number; readonly socket: Socket; readonly said: string }> {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${headers}\r\n`);
      const [first] = (await once(socket, 'data')) as [Buffer];
      return { status: Number(String(first).split(' ')[1]), socket, said: String(first) };
    },
    stop(): void {
      agent.destroy();
      door.close();
      guard.close();
    },
  };
}

export type GuardedClient = Awaited<ReturnType<typeof openGuard>>;
