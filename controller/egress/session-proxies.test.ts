// What a guard makes of the proxies of its session.
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ProxyRoute, ProxyServer } from '../../core/domain/proxies.ts';
import { openSite } from '../../core/public-network/testing/open-site.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { ProxyMeter } from './proxy-meter.ts';
import { proxiesOf } from './session-proxies.ts';
import { startClientProxy } from './testing/client-proxy.ts';
import { type GuardedClient, openGuard } from './testing/guarded-client.ts';
import { startSocksProxy } from './testing/socks-proxy.ts';

const PASSWORD = 'hunter2';
const KNOWN = { username: 'user', password: PASSWORD };
const stops: (() => unknown)[] = [];
const stopAll = async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
};
const kept = <T extends { stop(): unknown }>(started: T): T => {
  stops.push(() => started.stop());
  return started;
};

const site = async () =>
  kept(await openSite((request, response) => response.end(`the site's ${request.url}`)));
const server = (scheme: ProxyServer['scheme'], port: number, more: object = {}): ProxyServer => ({
  scheme,
  host: '127.0.0.1',
  port,
  ...more,
});
const through = async (proxy: ProxyServer, more: Parameters<typeof openGuard>[0] = {}) =>
  kept(await openGuard({ proxyFor: () => proxy, ...more }));

const failure = (promise: Promise<unknown>): Promise<NodeJS.ErrnoException> =>
  promise.then(
    () => assert.unreachable('it was answered'),
    (error) => error,
  );
/** By a tunnel and without: both fail as a site that is not there, and this is why. */
async function failBoth(client: GuardedClient, host = 'a.example'): Promise<readonly string[]> {
  assert.is((await client.connect(`${host}:443`)).status, 502);
  assert.is((await failure(client.get(`http://${host}/`))).code, 'ECONNRESET');
  return client.faults.map(({ host: of, error }) => `${of} ${(error as Error & { fault?: string }).fault}`);
}

const proxies = suite('a proxy of the session');
proxies.after.each(stopAll);

for (const scheme of ['http', 'socks5', 'socks4'] as const) {
  proxies(`by ${scheme} gets what is asked, names and all, and is told who asks`, async () => {
    const { port } = await site();
    const credentials = scheme === 'socks4' ? { username: 'user' } : KNOWN;
    const started =
      scheme === 'http'
        ? kept(await startClientProxy(port, { password: PASSWORD }))
        : kept(await startSocksProxy(port, scheme === 'socks4' ? {} : { password: PASSWORD }));
    const meter = new ProxyMeter();
    const client = await through(server(scheme, started.port, credentials), { meter });
    assert.is((await client.get('http://known-to-it.example/a')).body, "the site's /a");
    const { status, socket } = await client.connect('known-to-it.example:443');
    assert.is(status, 200);
    socket.write('GET /b HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    assert.match(await text(socket), "the site's /b");
    const plain = scheme === 'http' ? 'GET http://known-to-it.example/a' : 'known-to-it.example:80';
    const tunnel = scheme === 'http' ? 'CONNECT known-to-it.example:443' : 'known-to-it.example:443';
    assert.equal(started.asked, [plain, tunnel]);
    assert.ok(meter.bytes > 200, `${meter.bytes} bytes`);
  });
}

proxies('tells no site who asked', async () => {
  const seen: (string | undefined)[] = [];
  const { port } = kept(
    await openSite((request, response) => {
      seen.push(request.headers['proxy-authorization']);
      response.end();
    }),
  );
  const socks = kept(await startSocksProxy(port, { password: PASSWORD }));
  const client = await through(server('socks5', socks.port, KNOWN));
  await client.get('http://a.example/', { headers: { 'proxy-authorization': 'Basic x' } });
  assert.equal(seen, [undefined]);
});

proxies('that does not know who asks fails, and its page is not shown', async () => {
  const { port } = await site();
  const wrong = { username: 'user', password: 'wrong' };
  const http = kept(await startClientProxy(port, { password: PASSWORD }));
  const socks = kept(await startSocksProxy(port, { password: PASSWORD }));
  for (const proxy of [
    server('http', http.port, wrong),
    server('http', http.port),
    server('socks5', socks.port, wrong),
    server('socks5', socks.port),
  ]) {
    const faults = await failBoth(await through(proxy));
    assert.equal(faults.length, 2, proxy.scheme);
    for (const fault of faults) assert.match(fault, /^127\.0\.0\.1 (credentials|refused)$/);
  }
  assert.equal([...http.asked, ...socks.asked], []);
});

proxies('that refuses, or is not there, fails by its own name', async () => {
  const { port } = await site();
  const socks = kept(await startSocksProxy(port));
  const refused = await failBoth(await through(server('socks5', socks.port)), 'refused.example');
  assert.equal(refused, ['127.0.0.1 refused', '127.0.0.1 refused']);
  socks.stop();
  assert.equal(await failBoth(await through(server('http', socks.port))), [
    '127.0.0.1 unreachable',
    '127.0.0.1 unreachable',
  ]);
  const unknown = { ...server('http', 3128), host: 'nobody.example' };
  assert.equal(await failBoth(await through(unknown)), [
    'nobody.example unreachable',
    'nobody.example unreachable',
  ]);
});

proxies('whose address may not be reached is not asked', async () => {
  const hidden = { ...server('http', 3128), host: 'metadata.example' };
  assert.equal(await failBoth(await through(hidden)), [
    'metadata.example refused-address',
    'metadata.example refused-address',
  ]);
});

proxies('that says nothing is given up', async () => {
  const asked = Promise.withResolvers<void>();
  const silent = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => asked.resolve());
  });
  silent.listen(0, '127.0.0.1');
  await once(silent, 'listening');
  stops.push(() => silent.close());
  const { port } = silent.address() as AddressInfo;
  for (const scheme of ['http', 'https', 'socks5'] as const) {
    const clock = createManualClock();
    const client = await through(server(scheme, port), { clock });
    const answer = client.connect('a.example:443');
    await once(silent, 'connection');
    await asked.promise;
    await new Promise((resolve) => setTimeout(resolve, 20));
    clock.advance(20_000);
    assert.is((await answer).status, 502, scheme);
    assert.match(client.faults[0]?.error.message ?? '', /too_slow$/);
  }
});

proxies('holds nothing secret in what is told of it', async () => {
  const { port } = await site();
  const socks = kept(await startSocksProxy(port, { password: PASSWORD }));
  const client = await through(
    server('socks5', socks.port, { username: 'user', password: `${PASSWORD}-wrong` }),
  );
  await failBoth(client);
  for (const { error } of client.faults) {
    assert.is(error.cause, undefined);
    assert.not.match(JSON.stringify(error, Object.getOwnPropertyNames(error)), PASSWORD);
  }
});

proxies('is not asked for a host that is blocked, nor is anything else', async () => {
  const { port } = await site();
  const http = kept(await startClientProxy(port));
  const client = await through(server('http', http.port), { isBlocked: (host) => host === 'ads.example' });
  await failBoth(client, 'ads.example');
  assert.equal(http.asked, []);
  assert.is((await client.get('http://other.example/')).status, 200);
});

proxies.run();

// ---

const choice = suite('whether a proxy of the session is asked');
const routes: readonly ProxyRoute[] = [{ pattern: null, server: server('http', 3128) }];

choice('is not for this machine, nor for where the session itself is', () => {
  const proxyFor = proxiesOf(routes, { host: 'connect.example', port: 443 });
  for (const host of ['localhost', 'app.localhost', '127.0.0.1', '127.1.2.3', '::1'])
    assert.is(proxyFor({ host, port: 80 }), null, host);
  assert.is(proxyFor({ host: 'connect.example', port: 443 }), null);
  assert.is(proxyFor({ host: 'connect.example', port: 80 })?.port, 3128);
  for (const host of ['mylocalhost', 'localhost.example', '10.0.0.1'])
    assert.is(proxyFor({ host, port: 80 })?.port, 3128, host);
});

choice.run();
