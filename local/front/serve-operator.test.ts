import { once } from 'node:events';
import http, { createServer, type IncomingMessage } from 'node:http';
import { text as textOf } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createMetrics } from '../../core/server/metrics.ts';
import { type Listener, listen } from '../aws/wire/listen.ts';
import { isForOperator, type OperatorDeps, serveOperator } from './serve-operator.ts';

const apiKey = 'wc_12345678';
let server: Listener;

async function ask(path: string, headers: Record<string, string> = {}, change: Partial<OperatorDeps> = {}) {
  const metrics = createMetrics(['some_total']);
  const faults: unknown[] = [];
  const deps: OperatorDeps = {
    apiKey,
    servesOthers: false,
    metrics,
    moreMetrics: async () => 'router_total 1\n',
    load: () => ({ running: 2, queued: 1 }),
    limit: async () => 3,
    now: () => new Date(5000),
    onFault: (error) => faults.push(error),
    ...change,
  };
  server = await listen(
    createServer((request, response) => void serveOperator(request, response, deps)),
    0,
  );
  // Not fetch, which sets the Host itself.
  const request = http.get({ port: server.port, host: '127.0.0.1', path, headers, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const text = await textOf(response);
  await server.close();
  return { status: response.statusCode, text, faults };
}

const t = suite('what an operator asks');

t('the metrics of the machine and its router', async () => {
  const { status, text } = await ask('/metrics');
  assert.is(status, 200);
  assert.match(text, '# TYPE some_total counter');
  assert.match(text, 'router_total 1');
});

t('how full it is, in the words of browserless', async () => {
  const { pressure } = JSON.parse((await ask('/pressure')).text);
  const { cpu, memory, ...rest } = pressure;
  assert.equal(rest, {
    date: 5000,
    running: 2,
    queued: 1,
    maxConcurrent: 3,
    isAvailable: false,
    reason: 'full',
  });
  assert.ok(Number.isInteger(cpu) && cpu >= 0 && cpu <= 100, `${cpu}`);
  assert.ok(memory > 0 && memory <= 100, `${memory}`);
  const more = JSON.parse((await ask('/pressure', {}, { limit: async () => 4 })).text);
  assert.equal([more.pressure.isAvailable, more.pressure.reason], [true, '']);
});

const STRANGERS: readonly (readonly [
  what: string,
  headers: Record<string, string>,
  servesOthers?: boolean,
])[] = [
  ['who comes through a proxy', { 'x-forwarded-for': '10.0.0.1' }],
  ['who comes through a proxy that says so in the standard way', { forwarded: 'for=10.0.0.1' }],
  ['a page in a browser of this machine', { 'sec-fetch-site': 'none' }],
  ['a page of another site', { origin: 'http://evil.example' }],
  ['a page whose own name leads to this machine', { host: 'evil.example:8787' }],
  ['anybody on a machine that serves others', {}, true],
  ['who has another key', { 'x-bb-api-key': 'wc_87654321' }],
];
for (const [what, headers, servesOthers = false] of STRANGERS) {
  t(`${what} is refused, and served with the key of this machine`, async () => {
    for (const path of ['/metrics', '/pressure']) {
      const { status, text } = await ask(path, headers, { servesOthers });
      assert.is(status, 401);
      assert.equal(Object.keys(JSON.parse(text)), ['statusCode', 'error', 'message']);
    }
    for (const key of [{ 'x-bb-api-key': apiKey }, { authorization: `Bearer ${apiKey}` }]) {
      const { 'x-bb-api-key': _wrong, ...others } = headers;
      assert.is((await ask('/metrics', { ...others, ...key }, { servesOthers })).status, 200);
    }
  });
}

t('what cannot be read is 503, and told to the log', async () => {
  const error = new Error('table gone');
  const { status, faults } = await ask('/pressure', {}, { limit: () => Promise.reject(error) });
  assert.is(status, 503);
  assert.equal(faults, [error]);
});

t('its paths are no others', () => {
  assert.ok(isForOperator('/metrics') && isForOperator('/pressure?x=1'));
  assert.not(
    isForOperator('/metrics/') || isForOperator('/connect/metrics') || isForOperator('/v1/pressure'),
  );
});

t.run();
