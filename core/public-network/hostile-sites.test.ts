/** Sites that answer byte by byte, without an end or with a lie: what each may cost, and what is said of it. */
import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../clock/system-clock.ts';
import { fetchPublic } from './fetch-public.ts';
import { parseAllowedNetworks } from './public-address.ts';
import { PublicNetworkError, type PublicNetworkFault } from './public-network-error.ts';

const MB = 1024 * 1024;
const LIMITS = { connectMs: 200, headersMs: 200, totalMs: 400, maxBytes: MB, maxRedirects: 5 };
/** Of timers and a busy machine. */
const SLACK_MS = 600;
const SLACK_BYTES = 96 * MB;
const DRIP_MS = 20;
const NETWORK = {
  lookup: async () => [{ address: '127.0.0.1', family: 4 }],
  clock: systemClock,
  allowed: parseAllowedNetworks(['127.0.0.1/32']),
};
const OK = 'HTTP/1.1 200 OK\r\n';
const BLOCK = 'x'.repeat(16 * 1024);

type Answer = (socket: Socket) => void;
const whole =
  (text: string | Buffer): Answer =>
  (socket) =>
    void socket.end(text);
const silentAfter =
  (text: string): Answer =>
  (socket) =>
    void socket.write(text);
/** A byte now and then. */
const drip =
  (head: string, next: string): Answer =>
  (socket) => {
    socket.write(head);
    let sent = 0;
    const timer = setInterval(() => socket.write(next[sent++ % next.length] ?? ''), DRIP_MS);
    socket.once('close', () => clearInterval(timer));
  };
/** As much as the other side takes, until it has gone. */
const endless =
  (head: string, next: string): Answer =>
  (socket) => {
    const more = () => {
      while (!socket.destroyed && socket.write(next));
    };
    socket.on('drain', more);
    socket.write(head);
    more();
  };
const BOMB = Buffer.concat([
  Buffer.from(`${OK}content-encoding: gzip\r\nconnection: close\r\n\r\n`),
  gzipSync(Buffer.alloc(64 * MB)),
]);
const redirectTo = (location: string) => `HTTP/1.1 302 Found\r\nlocation: ${location}\r\n`;

const ROWS: readonly (readonly [what: string, answer: Answer, fault: PublicNetworkFault])[] = [
  ['says nothing', () => undefined, 'timed-out'],
  ['has headers byte by byte', drip(OK, 'a: b\r\n'), 'timed-out'],
  ['has a status line byte by byte', drip('', 'HTTP/1.1 200 OK, and more of it '), 'timed-out'],
  ['has headers without an end', endless(OK, `a: ${BLOCK}\r\n`), 'too-large'],
  ['has one header without an end', endless(`${OK}a: `, BLOCK), 'too-large'],
  ['says 100 without an end', endless('', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(200)), 'timed-out'],
  [
    'says 103 without an end',
    endless('', 'HTTP/1.1 103 Early\r\nlink: </a>\r\n\r\n'.repeat(200)),
    'timed-out',
  ],
  ['has a body byte by byte', drip(`${OK}\r\n`, 'x'), 'timed-out'],
  ['has a body without an end', endless(`${OK}\r\n`, BLOCK), 'too-large'],
  [
    'has chunks without an end',
    endless(`${OK}transfer-encoding: chunked\r\n\r\n`, `4000\r\n${BLOCK}\r\n`),
    'too-large',
  ],
  [
    'has a chunk’s extension without an end',
    endless(`${OK}transfer-encoding: chunked\r\n\r\n4;`, BLOCK),
    'bad-answer',
  ],
  [
    'has trailers without an end',
    endless(`${OK}transfer-encoding: chunked\r\n\r\n0\r\n`, `a: ${BLOCK}\r\n`),
    'too-large',
  ],
  ['has a bomb of gzip', whole(BOMB), 'too-large'],
  ['has a body that is no gzip', whole(`${OK}content-encoding: gzip\r\n\r\nplain`), 'bad-answer'],
  ['speaks HTTP/0.9', whole('<title>A page of 1991</title>'), 'bad-answer'],
  ['has fewer bytes than it says', whole(`${OK}content-length: 10\r\n\r\nabc`), 'bad-answer'],
  ['has fewer, and waits', silentAfter(`${OK}content-length: 10\r\n\r\nabc`), 'timed-out'],
  ['says two lengths', whole(`${OK}content-length: 3\r\ncontent-length: 4\r\n\r\nabcd`), 'bad-answer'],
  [
    'says a length and chunks',
    whole(`${OK}content-length: 3\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n`),
    'bad-answer',
  ],
  ['says a length that is none', whole(`${OK}content-length: -1\r\n\r\nabc`), 'bad-answer'],
  ['says an endless length', endless(`${OK}content-length: 9007199254740991\r\n\r\n`, BLOCK), 'too-large'],
  [
    'resets in the middle',
    (socket) => socket.write(`${OK}\r\nabc`, () => socket.resetAndDestroy()),
    'bad-answer',
  ],
  ['redirects to itself', whole(`${redirectTo('/')}\r\n`), 'too-many-redirects'],
  [
    'redirects to itself with a body without an end',
    endless(`${redirectTo('/')}\r\n`, BLOCK),
    'too-many-redirects',
  ],
  ['redirects byte by byte', drip(redirectTo('/'), 'a: b\r\n'), 'timed-out'],
  ['redirects to a private address', whole(`${redirectTo('http://10.0.0.1/')}\r\n`), 'refused-address'],
];

/** Its every connection is closed when it stops. */
async function openHostile(answer: Answer) {
  const closed: Promise<unknown>[] = [];
  const server = net.createServer((socket) => {
    closed.push(new Promise((resolve) => socket.once('close', resolve)));
    socket.on('error', () => undefined);
    socket.once('data', () => answer(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://good.example:${port}/`,
    closed,
    async stop(): Promise<void> {
      await Promise.all(closed);
      server.close();
      await once(server, 'close');
    },
  };
}

const t = suite('a hostile site');

for (const [what, answer, fault] of ROWS)
  t(`that ${what} costs bounded time and memory: ${fault}`, async () => {
    const site = await openHostile(answer);
    const { rss } = process.memoryUsage();
    const startedAt = performance.now();
    const error: unknown = await fetchPublic(NETWORK, site.url, {
      method: 'GET',
      headers: {},
      limits: LIMITS,
    }).catch((thrown: unknown) => thrown);
    const tookMs = performance.now() - startedAt;
    // Nothing of it stays open.
    await site.stop();
    assert.instance(error, PublicNetworkError);
    assert.is((error as PublicNetworkError).fault, fault, (error as Error).message);
    assert.ok((error as Error).message.startsWith('good.example') || fault !== 'bad-answer');
    assert.ok(tookMs < LIMITS.totalMs + SLACK_MS, `${tookMs} ms`);
    assert.ok(process.memoryUsage().rss - rss < SLACK_BYTES, 'bounded memory');
  });

t('has more bytes than it says: the rest is nobody’s answer', async () => {
  const site = await openHostile(whole(`${OK}content-length: 3\r\nconnection: close\r\n\r\nabcdef`));
  const { status, body } = await fetchPublic(NETWORK, site.url, {
    method: 'GET',
    headers: {},
    limits: LIMITS,
  });
  assert.equal([status, String(body)], [200, 'abc']);
  await site.stop();
});

t.run();
