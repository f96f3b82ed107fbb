import { once } from 'node:events';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openSite, type Site } from '../../core/public-network/testing/open-site.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { startClientProxy } from './testing/client-proxy.ts';
import { type GuardedClient, openGuard } from './testing/guarded-client.ts';

const stops: (() => unknown)[] = [];
const stopAll = async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
};

async function guarded(...args: Parameters<typeof openGuard>): Promise<GuardedClient> {
  const client = await openGuard(...args);
  stops.push(client.stop);
  return client;
}

async function site(answer: RequestListener): Promise<Site> {
  const open = await openSite(answer);
  stops.push(() => open.stop());
  return open;
}

/** A site that speaks no HTTP. */
async function rawSite(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

const failure = (promise: Promise<unknown>): Promise<NodeJS.ErrnoException> =>
  promise.then(
    () => assert.unreachable('it was answered'),
    (error) => error,
  );

const plain = suite('a request without TLS');
plain.after.each(stopAll);

plain('is passed on as the site would see it, and so is its answer', async () => {
  const seen: IncomingMessage[] = [];
  const { port } = await site(async (request, response) => {
    seen.push(request);
    response.setHeader('x-twice', ['a', 'b']);
    response.writeHead(203, 'As it is').end(`${request.method} ${request.url} ${await text(request)}`);
  });
  const client = await guarded();
  const headers = { 'x-mine': 'yes', 'proxy-connection': 'keep-alive', 'proxy-authorization': 'Basic x' };
  const url = `http://site.example:${port}/a?b=c`;
  const answer = await client.get(url, { method: 'POST', headers }, 'body');
  assert.equal([answer.status, answer.body], [203, 'POST /a?b=c body']);
  assert.is(answer.headers['x-twice'], 'a, b');
  assert.equal(seen[0]?.headers, {
    'x-mine': 'yes',
    connection: 'keep-alive',
    host: `site.example:${port}`,
    'content-length': '4',
  });
});

plain('uses a connection again, and a new one when the site has closed it', async () => {
  const sockets = new Set<Socket>();
  const { port } = await site((request, response) => {
    sockets.add(request.socket);
    response.end(String(sockets.size));
  });
  const client = await guarded();
  const url = `http://site.example:${port}/`;
  assert.equal([(await client.get(url)).body, (await client.get(url)).body], ['1', '1']);
  const [first] = sockets;
  first?.resetAndDestroy();
  assert.is((await client.get(url)).body, '2');
});

plain('does not take the reset of a body that ends with its connection for its end', async () => {
  const { port } = await site(({ socket }) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\nabc', () => socket.resetAndDestroy());
  });
  const client = await guarded();
  assert.is((await failure(client.get(`http://site.example:${port}/`))).code, 'ECONNRESET');
});

for (const [url, fault] of [
  ['http://nobody.example/', 'unknown-host'],
  ['http://private.example/', 'refused-address'],
  ['http://metadata.example/v2/credentials', 'refused-address'],
  ['http://169.254.170.2/', 'refused-address'],
  ['http://[::1]/', 'refused-address'],
  ['http://[::ffff:127.0.0.1]/', 'refused-address'],
  ['http://[::a9fe:a9fe]/', 'refused-address'],
  ['http://[64:ff9b::a00:1]/', 'refused-address'],
  ['http://10.0.0.1/', 'refused-address'],
  ['http://2130706434/', 'refused-address'],
  ['http://localhost/', 'unknown-host'],
  ['http://site.example:25/', 'refused-port'],
  ['http://site.example:465/', 'refused-port'],
  ['http://site.example:587/', 'refused-port'],
] as const) {
  plain(`to ${url} fails without an answer`, async () => {
    const client = await guarded();
    assert.is((await failure(client.get(url))).code, 'ECONNRESET');
    assert.equal(
      client.faults.map(({ error }) => (error as Error & { fault?: string }).fault),
      [fault],
    );
  });
}

plain('to a site that does not listen, or answers nonsense, fails without an answer too', async () => {
  const closed = await rawSite(() => undefined);
  await stopAll();
  const nonsense = await rawSite((socket) => socket.once('data', () => socket.end('SSH-2.0\r\n')));
  const cut = await rawSite((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nabc')),
  );
  const switches = await rawSite((socket) =>
    socket.once('data', () =>
      socket.write('HTTP/1.1 101 Other\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
    ),
  );
  const client = await guarded();
  for (const port of [closed, nonsense, cut, switches])
    assert.is((await failure(client.get(`http://site.example:${port}/`))).code, 'ECONNRESET', String(port));
});

plain('is for http alone, and for a proxy', async () => {
  const client = await guarded();
  for (const path of ['/', 'ftp://site.example/', 'https://site.example/'])
    assert.is((await failure(client.get('http://x/', { path }))).code, 'ECONNRESET', path);
  assert.equal(client.faults, []);
});

plain('ends at the site when the browser has gone', async () => {
  const asked = Promise.withResolvers<ServerResponse>();
  const { port } = await site((_, response) => asked.resolve(response));
  const client = await guarded();
  const failed = failure(client.get(`http://site.example:${port}/`));
  const response = await asked.promise;
  const left = once(response, 'close');
  client.door.close();
  await left;
  await failed;
});

const tunnels = suite('a tunnel');
tunnels.after.each(stopAll);

tunnels('joins both ends, with what came early, and closes as they close', async () => {
  const port = await rawSite((socket) => socket.pipe(socket));
  const client = await guarded();
  const { status, socket } = await client.connect(`site.example:${port}`);
  assert.is(status, 200);
  socket.write('to and fro');
  assert.is(String((await once(socket, 'data'))[0]), 'to and fro');
  socket.end();
  await once(socket, 'close');
  while (client.door.connections > 0) await new Promise((resolve) => setImmediate(resolve));
});

tunnels('goes to the address that was checked, of several the one that may be', async () => {
  const port = await rawSite((socket) => socket.end('here'));
  const client = await guarded();
  const { status } = await client.connect(`mixed.example:${port}`);
  assert.is(status, 200);
});

tunnels('asks for a name once, whatever it would lead to the next time', async () => {
  const port = await rawSite((socket) => socket.end('here'));
  let asked = 0;
  const client = await guarded({
    async lookup() {
      asked += 1;
      return [{ address: asked === 1 ? '127.0.0.1' : '10.0.0.1', family: 4 }];
    },
  });
  assert.is((await client.connect(`rebinds.example:${port}`)).status, 200);
  assert.is(asked, 1);
});

for (const authority of [
  'nobody.example:443',
  'private.example:443',
  '169.254.169.254:443',
  '[::1]:443',
  '[fe80::1]:443',
  'site.example:25',
  'site.example:22',
  'site.example',
  'site.example:443/path',
  'user@site.example:70000',
  '',
]) {
  tunnels(`to ${authority || 'nowhere'} is none`, async () => {
    const client = await guarded();
    const { status, socket } = await client.connect(authority);
    assert.ok(status >= 400, String(status));
    await once(socket, 'close');
  });
}

tunnels('to where its own clients connect is one, wherever that is', async () => {
  const port = await rawSite((socket) => socket.end());
  const client = await guarded({ allowed: [], connectTo: { host: '127.0.0.1', port } });
  assert.is((await client.connect(`127.0.0.1:${port}`)).status, 200);
  const other = await rawSite((socket) => socket.end());
  assert.is((await client.connect(`127.0.0.1:${other}`)).status, 502);
});

tunnels('to a name that does not come gives up', async () => {
  const clock = createManualClock();
  const client = await guarded({ clock, lookup: () => new Promise(() => {}), limits: { connectMs: 1_000 } });
  const asked = client.connect('slow.example:443');
  while (clock.pending() === 0) await new Promise((resolve) => setImmediate(resolve));
  clock.advance(1_000);
  assert.is((await asked).status, 502);
});

const upstreams = suite('a proxy of a client');
upstreams.after.each(stopAll);

async function proxy(...args: Parameters<typeof startClientProxy>) {
  const started = await startClientProxy(...args);
  stops.push(started.stop);
  return started;
}
const upstreamAt = (port: number, host = '127.0.0.1') => ({
  scheme: 'http' as const,
  host,
  port,
  bypass: [],
});

upstreams('gets what is asked, names and all, with and without a tunnel', async () => {
  const { port } = await site((request, response) => response.end(`the site's ${request.url}`));
  const client = await guarded({ upstream: upstreamAt((await proxy(port)).port) });
  assert.is((await client.get('http://known-to-it.example/a')).body, "the site's /a");
  const { status, socket } = await client.connect('known-to-it.example:443');
  assert.is(status, 200);
  socket.write('GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  assert.match(await text(socket), "the site's /b");
});

upstreams('asks who it is, and hears it', async () => {
  const { port } = await site((request, response) =>
    response.end(String(request.headers['proxy-authorization'])),
  );
  const upstream = await proxy(port, { password: 'secret' });
  const client = await guarded({ upstream: upstreamAt(upstream.port) });
  const url = 'http://a.example/';
  const authorization = `Basic ${btoa('user:secret')}`;
  const challenged = await client.get(url);
  assert.equal([challenged.status, challenged.headers['proxy-authenticate']], [407, 'Basic realm="proxy"']);
  assert.is((await client.get(url, { headers: { 'proxy-authorization': authorization } })).body, 'undefined');
  const { status, said } = await client.connect('a.example:443');
  assert.is(status, 407);
  assert.match(said, '\r\nProxy-Authenticate: Basic realm="proxy"\r\n');
  const known = await client.connect('a.example:443', `Proxy-Authorization: ${authorization}\r\n`);
  assert.is(known.status, 200);
});

upstreams('is itself where a browser may go, and is asked for no port that none asks', async () => {
  const { port } = await site((_, response) => response.end());
  const upstream = await proxy(port);
  const hidden = await guarded({ upstream: upstreamAt(upstream.port, 'metadata.example') });
  assert.is((await failure(hidden.get('http://a.example/'))).code, 'ECONNRESET');
  assert.is((await hidden.connect('a.example:443')).status, 502);
  assert.equal(
    hidden.faults.map(({ host }) => host),
    ['metadata.example', 'metadata.example'],
  );
  const client = await guarded({ upstream: upstreamAt(upstream.port) });
  assert.is((await client.connect('a.example:25')).status, 502);
  assert.equal(upstream.asked, []);
});

upstreams('that refuses, or is not there, fails as a site would', async () => {
  const { port } = await site((_, response) => response.end());
  const refusing = await guarded({ upstream: upstreamAt((await proxy(port)).port) });
  assert.is((await refusing.connect('refused.example:443')).status, 502);
  const gone = await rawSite(() => undefined);
  await stopAll();
  const client = await guarded({ upstream: upstreamAt(gone) });
  assert.is((await client.connect('a.example:443')).status, 502);
  assert.is((await failure(client.get('http://a.example/'))).code, 'ECONNRESET');
});

upstreams('is not asked for what it names', async () => {
  const { port } = await site((_, response) => response.end('directly'));
  const upstream = await proxy(port);
  const client = await guarded({ upstream: { ...upstreamAt(upstream.port), bypass: ['site.example'] } });
  assert.is((await client.get(`http://site.example:${port}/`)).body, 'directly');
  assert.equal(upstream.asked, []);
});

const ends = suite('the end of a guard');
ends.after.each(stopAll);

ends('closes every socket, at both ends', async () => {
  const sockets: Promise<unknown>[] = [];
  const port = await rawSite((socket) => {
    socket.resume();
    sockets.push(once(socket, 'close'));
  });
  const client = await guarded();
  const { socket } = await client.connect(`site.example:${port}`);
  const gone = once(socket, 'close');
  client.door.close();
  client.guard.close();
  await Promise.all([gone, ...sockets]);
  assert.is(sockets.length, 1);
});

const door = suite('the door');
door.after.each(stopAll);

door('takes so many connections, and no more', async () => {
  const port = await rawSite((socket) => socket.resume());
  const client = await guarded({}, 2);
  const [first] = [
    await client.connect(`site.example:${port}`),
    await client.connect(`site.example:${port}`),
  ];
  await failure(client.get(`http://site.example:${port}/`));
  first.socket.destroy();
  while (client.door.connections > 1) await new Promise((resolve) => setImmediate(resolve));
  assert.is((await client.connect(`site.example:${port}`)).status, 200);
});

door('of the next Chrome has another name, and the one before is shut', async () => {
  const port = await rawSite((socket) => socket.resume());
  const client = await guarded();
  const { socket } = await client.connect(`site.example:${port}`);
  const gone = once(socket, 'close');
  const next = await client.door.listen();
  await gone;
  assert.match(next.name, /^wc-[0-9a-f]{32}$/);
  assert.is.not(next.port, client.port);
  await failure(client.get(`http://site.example:${port}/`));
});

plain.run();
tunnels.run();
upstreams.run();
ends.run();
door.run();
