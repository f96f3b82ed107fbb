import type { LookupAddress } from 'node:dns';
import type { RequestListener, ServerResponse } from 'node:http';
import net from 'node:net';
import { Readable } from 'node:stream';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../clock/system-clock.ts';
import { fetchPublic, type PublicNetwork, type PublicRequestOptions } from './fetch-public.ts';
import { parseAllowedNetworks } from './public-address.ts';
import { PublicNetworkError } from './public-network-error.ts';
import { openSecureSite, openSite, type Site, trustTheSite } from './testing/open-site.ts';

const MB = 1024 * 1024;
const LIMITS = { connectMs: 2_000, headersMs: 3_000, totalMs: 5_000, maxBytes: MB, maxRedirects: 0 };
const LOOPBACK: LookupAddress = { address: '127.0.0.1', family: 4 };

/** What a name service would say, and how often it was asked. */
function nameService(answers: Readonly<Record<string, readonly LookupAddress[]>>) {
  const asked: string[] = [];
  const lookup = async (host: string) => {
    asked.push(host);
    const found = answers[host];
    if (found === undefined) throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
    return found;
  };
  return { asked, lookup };
}

const networkOf = (
  answers: Readonly<Record<string, readonly LookupAddress[]>>,
  allowed: readonly string[] = ['127.0.0.0/8'],
): PublicNetwork => ({
  lookup: nameService(answers).lookup,
  clock: systemClock,
  allowed: parseAllowedNetworks(allowed),
});
const MACHINE = networkOf({ 'good.example': [LOOPBACK], 'other.example': [LOOPBACK] });

type Options = Partial<Omit<PublicRequestOptions, 'limits'>> & {
  readonly limits?: Partial<PublicRequestOptions['limits']>;
};
const optionsOf = ({ limits, ...rest }: Options = {}): PublicRequestOptions => ({
  method: 'GET',
  headers: {},
  ...rest,
  limits: { ...LIMITS, ...limits },
});
const get = (url: string, options?: Options, network = MACHINE) =>
  fetchPublic(network, url, optionsOf(options));

async function faultOf(url: string, options?: Options, network = MACHINE): Promise<string> {
  const error: unknown = await get(url, options, network).catch((thrown: unknown) => thrown);
  assert.instance(error, PublicNetworkError);
  assert.not.match((error as Error).message, '127.0.0.1');
  return (error as PublicNetworkError).fault;
}

let sites: Site[] = [];
async function open(answer: RequestListener, opener = openSite): Promise<number> {
  const site = await opener(answer);
  sites.push(site);
  return site.port;
}
const redirect = (response: ServerResponse, location: string) =>
  response.writeHead(302, { location }).end('elsewhere');

const asking = suite('a request to the public network');
asking.after.each(async () => {
  await Promise.all(sites.map((site) => site.stop()));
  sites = [];
});

asking('goes to the address that was checked, with the name that was asked for', async () => {
  const port = await open(({ method, url, headers }, response) =>
    response.end(JSON.stringify([method, url, headers.host, headers['x-own']])),
  );
  const { status, body } = await get(`http://good.example:${port}/a?b=c#d`, { headers: { 'x-own': 'yes' } });
  assert.is(status, 200);
  assert.equal(JSON.parse(String(body)), ['GET', '/a?b=c', `good.example:${port}`, 'yes']);
});

asking('resolves a name once: what it says later is not asked for', async () => {
  const port = await open((_, response) => response.end('x'));
  let times = 0;
  const lookup = async () => (times++ === 0 ? [LOOPBACK] : [{ address: '169.254.169.254', family: 4 }]);
  await get(`http://good.example:${port}/`, {}, { ...MACHINE, lookup });
  assert.is(times, 1);
});

asking('of a name with a good and a bad address goes to the good one only', async () => {
  const port = await open((_, response) => response.end('good'));
  const bad = { address: '127.0.0.2', family: 4 };
  const network = networkOf({ 'both.example': [bad, LOOPBACK] }, ['127.0.0.1/32']);
  let seen: unknown;
  const { body } = await get(
    `http://both.example:${port}/`,
    { inspect: (to) => (seen = to.addresses) },
    network,
  );
  assert.equal([String(body), seen], ['good', [LOOPBACK]]);
});

for (const address of ['127.0.0.1', '169.254.169.254', '10.0.0.1', '::1', '::ffff:8.8.8.8', 'fe80::1%eth0']) {
  asking(`goes to no name whose address is ${address}`, async () => {
    const network = networkOf({ 'bad.example': [{ address, family: address.includes(':') ? 6 : 4 }] }, []);
    const error: unknown = await get('http://bad.example/', {}, network).catch((thrown: unknown) => thrown);
    assert.is((error as PublicNetworkError).fault, 'refused-address');
    assert.match(
      (error as Error).message,
      /^bad.example has no address on the public network, and its network/,
    );
  });
}

asking('goes to no address of this machine, unless the owner allows it', async () => {
  const port = await open((_, response) => response.end());
  const network = networkOf({}, []);
  const fault = async (host: string) =>
    ((await get(`http://${host}:${port}/`, {}, network).catch((e) => e)) as PublicNetworkError).fault;
  assert.is(await fault('127.0.0.1'), 'refused-address');
  assert.is(await fault('[::1]'), 'refused-address');
  assert.is((await get(`http://127.0.0.1:${port}/`)).status, 200);
});

asking('takes no proxy from the environment', async () => {
  const proxy = await open((_, response) => response.end('proxy'));
  const port = await open((_, response) => response.end('site'));
  const before = { ...process.env };
  const proxyUrl = `http://127.0.0.1:${proxy}`;
  Object.assign(process.env, { NODE_USE_ENV_PROXY: '1', http_proxy: proxyUrl, HTTP_PROXY: proxyUrl });
  try {
    assert.is(String((await get(`http://good.example:${port}/`)).body), 'site');
  } finally {
    process.env = before;
  }
});

asking('says which name is not known', async () => {
  assert.is(await faultOf('http://nobody.example/'), 'unknown-host');
});

const redirects = suite('a redirect');
redirects.after.each(async () => {
  await Promise.all(sites.map((site) => site.stop()));
  sites = [];
});

redirects('is an answer where none is to be followed', async () => {
  const port = await open((_, response) => redirect(response, 'http://169.254.169.254/'));
  const { status, headers, body } = await get(`http://good.example:${port}/`);
  assert.equal([status, headers.location, String(body)], [302, 'http://169.254.169.254/', 'elsewhere']);
});

redirects('is followed, relative ones too, and checked each time', async () => {
  const steps: Record<string, string> = { '/': '/b', '/b': '//other.example:PORT/c' };
  const port = await open(({ url = '', headers }, response) => {
    const next = steps[url]?.replace('PORT', String(headers.host?.split(':')[1]));
    if (next === undefined) response.end(`${headers.host}${url}`);
    else redirect(response, next);
  });
  const inspected: string[] = [];
  const { body } = await get(`http://good.example:${port}/`, {
    limits: { maxRedirects: 2 },
    inspect: ({ url }) => inspected.push(url.href),
  });
  assert.is(String(body), `other.example:${port}/c`);
  assert.is(inspected.length, 3);
});

for (const [location, fault] of [
  ['http://169.254.169.254/latest/meta-data', 'refused-address'],
  ['http://[::1]/', 'refused-address'],
  ['http://2130706433/', 'bad-url'],
  ['file:///etc/passwd', 'bad-url'],
  ['http://user:secret@good.example/', 'bad-url'],
  ['http://good.example:25/', 'refused-port'],
  ['http://nobody.example/', 'unknown-host'],
] as const) {
  redirects(`to ${location} is not followed`, async () => {
    const port = await open((_, response) => redirect(response, location));
    assert.is(await faultOf(`http://good.example:${port}/`, { limits: { maxRedirects: 5 } }), fault);
  });
}

redirects('without an end has one', async () => {
  let asked = 0;
  const port = await open((_, response) => {
    asked++;
    redirect(response, '/again');
  });
  assert.is(
    await faultOf(`http://good.example:${port}/`, { limits: { maxRedirects: 3 } }),
    'too-many-redirects',
  );
  assert.is(asked, 4);
});

redirects('of a POST is never followed', async () => {
  const port = await open((_, response) => redirect(response, '/again'));
  const { status } = await get(`http://good.example:${port}/`, {
    method: 'POST',
    body: 'x',
    limits: { maxRedirects: 3 },
  });
  assert.is(status, 302);
});

const bounds = suite('what an answer may take');
bounds.after.each(async () => {
  await Promise.all(sites.map((site) => site.stop()));
  sites = [];
});

bounds('is so many bytes, whatever is declared', async () => {
  const port = await open(({ url }, response) => {
    response.write(Buffer.alloc(url === '/fits' ? 1_000 : 1_001));
    response.end();
  });
  const limits = { maxBytes: 1_000 };
  assert.is((await get(`http://good.example:${port}/fits`, { limits })).body.byteLength, 1_000);
  assert.is(await faultOf(`http://good.example:${port}/`, { limits }), 'too-large');
});

bounds('is its start for who asks for no more, and that in full', async () => {
  const port = await open(({ url }, response) => {
    if (url === '/short') response.writeHead(202, { 'content-encoding': 'unknown' }).end('short');
    else if (url === '/cut')
      response.writeHead(200, { 'content-length': 10 }).write('abc', () => response.destroy());
    else Readable.from(endless()).pipe(response).once('close', left.resolve);
  });
  const left = Promise.withResolvers<void>();
  function* endless() {
    for (;;) yield Buffer.alloc(1_000, 'x');
  }
  const start = { isStartEnough: true, limits: { maxBytes: 1_500 } };
  const short = await get(`http://good.example:${port}/short`, start);
  assert.equal([short.status, String(short.body)], [202, 'short']);
  assert.is((await get(`http://good.example:${port}/endless`, start)).body.byteLength, 1_500);
  await left.promise;
  assert.is(await faultOf(`http://good.example:${port}/cut`, start), 'bad-answer');
});

for (const [encoding, compress] of [
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['gzip, br', (bytes: Buffer) => brotliCompressSync(gzipSync(bytes))],
] as const) {
  bounds(`is counted unpacked: ${encoding}`, async () => {
    const [text, bomb] = [compress(Buffer.from('text')), compress(Buffer.alloc(64 * MB))];
    const port = await open(({ url }, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(url === '/' ? text : bomb);
    });
    assert.is(String((await get(`http://good.example:${port}/`)).body), 'text');
    const before = process.memoryUsage().arrayBuffers;
    assert.is(await faultOf(`http://good.example:${port}/bomb`), 'too-large');
    assert.ok(process.memoryUsage().arrayBuffers - before < 20 * MB);
  });
}

bounds('is what it says to be', async () => {
  const port = await open(({ url }, response) => {
    if (url === '/empty') response.writeHead(204, { 'content-encoding': 'gzip' }).end();
    else if (url === '/none')
      response.writeHead(200, { 'content-encoding': 'br', 'content-length': 0 }).end();
    else response.writeHead(200, { 'content-encoding': url === '/zip' ? 'gzip' : 'zip' }).end('plain');
  });
  assert.is(await faultOf(`http://good.example:${port}/zip`), 'bad-answer');
  assert.is(await faultOf(`http://good.example:${port}/unknown`), 'bad-answer');
  assert.is((await get(`http://good.example:${port}/empty`)).body.byteLength, 0);
  assert.is((await get(`http://good.example:${port}/none`)).body.byteLength, 0);
});

bounds('is some time, for headers and for all of it', async () => {
  const port = await open(({ url }, response) => {
    if (url === '/silent') return;
    response.write('a');
    const drip = setInterval(() => response.write('a'), 20);
    response.once('close', () => clearInterval(drip));
  });
  const limits = { headersMs: 100, totalMs: 400 };
  assert.is(await faultOf(`http://good.example:${port}/silent`, { limits }), 'timed-out');
  assert.is(await faultOf(`http://good.example:${port}/drip`, { limits }), 'timed-out');
});

bounds('is some time for a name, too', async () => {
  const network = { ...MACHINE, lookup: () => new Promise<never>(() => {}) };
  assert.is(await faultOf('http://good.example/', { limits: { totalMs: 50 } }, network), 'timed-out');
});

bounds('is HTTP, in full', async () => {
  const gone: Promise<unknown>[] = [];
  const server = net.createServer((socket) => {
    gone.push(new Promise((resolve) => socket.once('close', resolve)));
    socket.on('error', () => {});
    socket.once('data', (request) => {
      const what = String(request).split(' ')[1];
      if (what === '/cut') socket.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc');
      else if (what === '/switch')
        socket.write('HTTP/1.1 101 Other\r\nupgrade: other\r\nconnection: upgrade\r\n\r\nwords');
      else if (what === '/huge') socket.end(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(20_000)}\r\n`);
      else socket.end('SSH-2.0-OpenSSH\r\n');
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as net.AddressInfo;
  try {
    assert.is(await faultOf(`http://good.example:${port}/cut`), 'bad-answer');
    assert.is(await faultOf(`http://good.example:${port}/huge`), 'too-large');
    assert.is(await faultOf(`http://good.example:${port}/switch`), 'bad-answer');
    await Promise.all(gone);
    assert.is(await faultOf(`http://good.example:${port}/ssh`), 'bad-answer');
  } finally {
    server.close();
  }
  assert.is(await faultOf(`http://good.example:${port}/`), 'unreachable');
});

const secure = suite('https');
secure.after.each(async () => {
  await Promise.all(sites.map((site) => site.stop()));
  sites = [];
});

secure('takes no certificate of nobody, unless it is told to', async () => {
  const port = await open((_, response) => response.end('x'), openSecureSite);
  assert.is(await faultOf(`https://good.example:${port}/`), 'untrusted');
  assert.is((await get(`https://good.example:${port}/`, { allowInsecureTls: true })).status, 200);
  assert.is(await faultOf(`https://good.example:${port}/`), 'untrusted');
});

secure('holds a certificate against the name that was asked for', async () => {
  trustTheSite();
  const port = await open((_, response) => response.end('x'), openSecureSite);
  assert.is((await get(`https://good.example:${port}/`)).status, 200);
  assert.is(await faultOf(`https://other.example:${port}/`), 'untrusted');
  assert.is(await faultOf(`https://127.0.0.1:${port}/`).catch(() => 'untrusted'), 'untrusted');
});

asking.run();
redirects.run();
bounds.run();
secure.run();
