/**
 * Threat: somebody who reaches a port, and speaks HTTP that no client speaks: smuggled, broken, endless, slow or very much of
 * it. On the one port, at the router and at a session's own container. `HALF_OPEN=10000` opens more, and waits for them.
 */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { connectCdp } from '../e2e/support/cdp.ts';
import { listeningPortsOf } from '../e2e/support/listening-ports.ts';
import { descendantsOf } from '../e2e/support/processes.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';
import { containersOf } from './support/containers.ts';
import { Figures } from './support/figures.ts';
import { knock } from './support/knock.ts';
import { smuggled } from './support/raw-requests.ts';
import { open, speak } from './support/speak.ts';

const HALF_OPEN = Number(process.env.HALF_OPEN ?? 1_500);
/** What a machine may grow by, for one connection that has said next to nothing. */
const MAX_BYTES_EACH = 64 * 1024;
const SLOWEST_MS = 5_000;

interface Port {
  readonly name: string;
  readonly port: number;
  readonly pid: number;
  readonly paths: readonly string[];
}

let machine: Wallcrawler;
let ports: readonly Port[];
let connectUrl: string;
const figures = new Figures();

const http = suite('HTTP from strangers');

http.before(async () => {
  machine = await startWallcrawler();
  const session = await machine.client().sessions.create({ keepAlive: true });
  connectUrl = session.connectUrl;
  const router = descendantsOf(machine.pid).find(({ command }) => command.includes('dist/router'));
  const [container] = containersOf(machine);
  const [routerPort = 0] = listeningPortsOf(router?.pid ?? 0);
  ports = [
    {
      name: 'the one port',
      port: Number(new URL(machine.url).port),
      pid: machine.pid,
      paths: ['/v1/sessions', '/connect', '/s3/a/b', '/replay/x', '/internal/sessions/x/ready'],
    },
    { name: 'the router', port: routerPort, pid: router?.pid ?? 0, paths: ['/connect'] },
    { name: 'a container', port: container?.port ?? 0, pid: container?.pid ?? 0, paths: ['/', '/uploads/x'] },
  ];
  for (const { name, port } of ports) assert.ok(port > 0, name);
});

http.after(async () => {
  await machine.dispose();
  console.log(`http: ${figures}`);
});

http.after.each(async () => {
  const { status } = await machine.call('/v1/sessions');
  assert.is(status, 200, 'it serves who asks properly');
  assert.not.match(machine.output(), /unhandled|uncaught/i);
});

http('that is broken or hides a request is refused, and nothing in it is served', async () => {
  for (const { name, port, paths } of ports) {
    for (const path of paths) {
      await Promise.all(
        smuggled(path).map(async ({ what, bytes, isHarmless = false }) => {
          const { text, statuses, tookMs, isClosed } = await speak(port, bytes);
          const where = `${what} at ${name}, ${path}: ${text.slice(0, 300)}`;
          const isRefused = statuses.every((status) => status >= 400 && status !== 500);
          figures.note(`${what} at ${name}`, tookMs, isRefused);
          assert.ok(isRefused, where);
          assert.not.match(text, /"openapi"/, where);
          assert.ok(isHarmless || isClosed || statuses.length === 1, where);
          assert.ok(tookMs < SLOWEST_MS, `${where}: ${tookMs} ms`);
        }),
      );
    }
  }
});

const NUL = '%00';
const ODD_IDS = [
  '..',
  '.',
  '%2e%2e',
  '%2e%2e%2f%2e%2e',
  '..%2f..%2fprojects%2flocal',
  '..%5c..%5c',
  `a${NUL}b`,
  '%ff%fe',
  '%c0%ae%c0%ae',
  '%ed%a0%80',
  '%',
  '%zz',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '%F0%9F%92%A9',
  'a'.repeat(8_000),
  '%25%32%65',
  '*',
  '{{7*7}}',
  "';--",
  '[object%20Object]',
  ',',
  ';',
];

http('ids with slashes, dots and bytes that are no text are ids of nothing, or no request', async () => {
  const [{ port } = { port: 0 }] = ports;
  const headers = { 'x-bb-api-key': machine.apiKey };
  for (const id of ODD_IDS) {
    for (const path of [
      `/v1/sessions/${id}`,
      `/v1/sessions/${id}/debug`,
      `/v1/contexts/${id}`,
      `/v1/projects/${id}/usage`,
      `/v1/webhooks/${id}/deliveries`,
      `/v1/downloads/${id}`,
      `/replay/${id}/replay.json`,
      `/v1/sessions/${id}/replays/${id}`,
      `/s3/${id}/${id}`,
      `/connect/${id}`,
      `/${id}/v1/sessions`,
      `//v1/${id}`,
    ]) {
      const { status, body, tookMs } = await knock({ port, path, headers });
      figures.note(`the id ${id.slice(0, 20)}`, tookMs, status >= 400);
      assert.ok(
        [400, 401, 403, 404, 405, 413, 414, 431].includes(status),
        `${path.slice(0, 80)}: ${status} ${body}`,
      );
      assert.ok(tookMs < SLOWEST_MS, `${path.slice(0, 80)}: ${tookMs} ms`);
    }
  }
});

const QUERIES = [
  `user_metadata['${'\\'.repeat(1_000)}`,
  `user_metadata['a']:'${"\\'".repeat(500)}`,
  `user_metadata${"['a']".repeat(200)}`,
  `user_metadata['a']:${' '.repeat(1_000)}`,
  `user_metadata['a']:"${"'".repeat(1_000)}`,
  `${' '.repeat(1_000)}user_metadata`,
  "user_metadata['__proto__']:'x'",
  "user_metadata['__proto__']['toString']:'x'",
  "user_metadata['constructor']['name']:'Object'",
  `user_metadata['a']:'${'a'.repeat(5_000)}'`,
  '(a+)+$',
  '\u0000',
  "user_metadata['\ud800']:'x'",
];

http('a query that is made to be slow to read is read fast', async () => {
  const [{ port } = { port: 0 }] = ports;
  const headers = { 'x-bb-api-key': machine.apiKey };
  for (const q of QUERIES) {
    for (const query of [
      `q=${encodeURIComponent(q.toWellFormed())}`,
      `${'q=a&'.repeat(500)}`,
      `__proto__[a]=1&__proto__=2&constructor=3&q=${encodeURIComponent(q.slice(0, 50).toWellFormed())}`,
      'status=%ff%fe&q=%c0',
    ]) {
      const { status, tookMs, body } = await knock({ port, path: `/v1/sessions?${query}`, headers });
      figures.note(`q=${q.slice(0, 30)}`, tookMs, status >= 400);
      assert.ok([200, 400, 414, 431].includes(status), `${query.slice(0, 80)}: ${status} ${body}`);
      if (status === 200)
        assert.equal(
          JSON.parse(body).filter(({ id = '' }) => id === '__proto__'),
          [],
        );
      assert.ok(tookMs < 2_000, `${query.slice(0, 60)}: ${tookMs} ms`);
    }
  }
});

http('a body that is too large, too deep or no text is refused in bounded time', async () => {
  const [{ port } = { port: 0 }] = ports;
  const headers = { 'x-bb-api-key': machine.apiKey, 'content-type': 'application/json' };
  const large = Buffer.alloc(11_000_000, 0x20);
  const bodies: readonly (readonly [what: string, body: string | Uint8Array, statuses: readonly number[]])[] =
    [
      ['11 MB', large, [413]],
      ['9 MB of nesting', '['.repeat(9_000_000), [400, 413]],
      ['100,000 objects deep', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, [400, 413]],
      ['a number of a million digits', `{"timeout":${'9'.repeat(1_000_000)}}`, [400]],
      ['1e999', '{"timeout":1e999}', [400]],
      ['bytes that are no UTF-8', Buffer.from('{"id":"\xff\xfe"}', 'latin1'), [400]],
      ['half a pair', '{"projectId":"\\ud800"}', [400]],
      ['a zero byte', '{"id":"\\u0000"}', [400]],
      ['a key twice', '{"timeout":60,"timeout":"x"}', [400]],
      ['the prototype', '{"__proto__":{"timeout":"x"},"timeout":"y"}', [400]],
      [
        'a hundred thousand keys',
        `{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`)},"timeout":"x"}`,
        [400],
      ],
      ['nothing but spaces', ' '.repeat(1_000_000), [400]],
    ];
  for (const [what, body, statuses] of bodies) {
    const {
      status,
      tookMs,
      body: answer,
    } = await knock({
      port,
      method: 'POST',
      path: '/v1/sessions',
      headers,
      body,
    });
    figures.note(`a body of ${what}`, tookMs, status >= 400);
    assert.ok(statuses.includes(status), `${what}: ${status} ${answer.slice(0, 300)}`);
    assert.equal(Object.keys(JSON.parse(answer)), ['statusCode', 'error', 'message']);
    assert.ok(answer.length < 2_000, `${what}: the answer is ${answer.length} long`);
    assert.ok(tookMs < SLOWEST_MS, `${what}: ${tookMs} ms`);
  }
});

const rssOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1_024;

/** The beginnings of requests that never end. */
const BEGINNINGS = [
  '',
  'GET / HT',
  'GET /connect?signingKey=x HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n',
  'POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{',
  'PUT /connect/uploads/x?signingKey=x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\nx',
];

http(`${HALF_OPEN} requests that never end keep nobody out, and cost little`, async () => {
  for (const { name, port, pid } of ports) {
    const before = rssOf(pid);
    const sockets: Socket[] = [];
    try {
      for (let opened = 0; opened < HALF_OPEN; opened += 100) {
        sockets.push(...(await Promise.all(Array.from({ length: 100 }, () => open(port)))));
        for (const [index, socket] of sockets.slice(-100).entries())
          socket.write(BEGINNINGS[index % BEGINNINGS.length] ?? '');
      }
      const startedAt = performance.now();
      const client = await connectCdp(connectUrl);
      assert.ok((await client.send('Browser.getVersion')).result, name);
      await client.close();
      assert.is((await machine.call('/v1/sessions')).status, 200);
      const tookMs = performance.now() - startedAt;
      const grownBytes = rssOf(pid) - before;
      figures.note(`a client among ${HALF_OPEN} at ${name}`, tookMs, true);
      figures.noteMemory(grownBytes);
      assert.ok(tookMs < SLOWEST_MS, `${name}: a client waits ${tookMs} ms`);
      assert.ok(grownBytes < 50e6 + HALF_OPEN * MAX_BYTES_EACH, `${name} grew by ${grownBytes} bytes`);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  }
});

http.run();
