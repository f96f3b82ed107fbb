// A request for a file of the live view at its edges.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type RouterFixture, readAll, startRouterFixture } from './testing/router-fixture.ts';

let fixture: RouterFixture;
const use = async (options: Parameters<typeof startRouterFixture>[0] = {}) => {
  fixture = await startRouterFixture(options);
  return fixture;
};
const livePath = () => `/connect/live/${fixture.token('live')}/devtools/x.js`;
const requestOf = (method: string, path: string, headers = '') =>
  `${method} ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`;
const LAST = 'Connection: close\r\n';

const requests = suite('a request of the live view');
requests.after.each(() => fixture.stop());

requests('may be a HEAD, which is answered with a length and without a body', async () => {
  const { raw, container } = await use();
  container.handlers.request = (_request, response: ServerResponse) => {
    response.writeHead(200, { 'content-length': 5 }).end();
  };
  const text = await readAll(raw(requestOf('HEAD', livePath(), LAST)));
  assert.match(text, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(text, /content-length: 5\r\n/i);
  assert.match(text, /\r\n\r\n$/);
  assert.is(container.requests[0]?.method, 'HEAD');
});

requests('may be for what clients ask a Chrome by HTTP first, by the token of the session', async () => {
  const { get, token, container } = await use();
  const key = `signingKey=${token('cdp')}`;
  for (const path of ['/json', '/json/version', '/json/version/', '/json/list'])
    assert.is((await get(`/connect${path}?${key}`)).status, 200, path);
  assert.is(container.requests[1]?.url, `/json/version?${key}`);
  for (const path of ['/json/version', `/json/version?signingKey=${token('live')}`])
    assert.is((await get(`/connect${path}`)).status, 401, path);
  for (const path of ['/', '/jsonp', '/devtools/browser/x'])
    assert.is((await get(`/connect${path}?${key}`)).status, 404, path);
  assert.is(container.requests.length, 4);
});

requests('changes nothing in the container, whatever its method', async () => {
  const { raw, container } = await use();
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND']) {
    const text = await readAll(raw(requestOf(method, livePath(), LAST)));
    assert.match(text, /^HTTP\/1\.1 405 /, method);
    assert.match(text, /allow: GET, HEAD\r\n/i);
  }
  assert.is(container.requests.length, 0);
});

requests('takes no body along', async () => {
  const { raw, container } = await use();
  const client = raw(`${requestOf('GET', livePath(), `${LAST}Content-Length: 4\r\n`)}body`);
  assert.match(await readAll(client), /^HTTP\/1\.1 200 /);
  const [request] = container.requests;
  assert.equal(
    [request?.headers['content-length'], request?.headers['transfer-encoding']],
    [undefined, undefined],
  );
});

requests('has the status, the headers and the bytes of the container', async () => {
  const { get, container } = await use();
  container.handlers.request = (_request, response: ServerResponse) => {
    response.writeHead(404, {
      'x-from': 'container',
      'set-cookie': ['a=1', 'b=2'],
      connection: 'x-hop',
      'x-hop': '1',
    });
    response.end(Buffer.from([0, 255, 13, 10]));
  };
  const response = await get(livePath());
  assert.equal([response.status, response.headers.get('x-from')], [404, 'container']);
  assert.equal(response.headers.getSetCookie(), ['a=1', 'b=2']);
  assert.is(response.headers.get('x-hop'), null);
  assert.equal([...new Uint8Array(await response.arrayBuffer())], [0, 255, 13, 10]);
});

requests('one after the other may come on one connection', async () => {
  const { raw, container } = await use();
  const client = raw(requestOf('GET', livePath()).repeat(2) + requestOf('GET', livePath(), LAST));
  const text = await readAll(client);
  assert.is(text.split('HTTP/1.1 200 OK').length, 4);
  assert.is(container.requests.length, 3);
});

requests('is cut short where the container was: nobody takes half a file for a whole one', async () => {
  const { get, container, openCount } = await use();
  container.handlers.request = (_request, response: ServerResponse) => {
    response.writeHead(200, { 'content-length': 1000 });
    response.write('half', () => response.destroy());
  };
  const response = await get(livePath());
  assert.is(response.status, 200);
  await response.text().then(
    () => assert.unreachable('half a file was taken'),
    (error: Error) => assert.instance(error, TypeError),
  );
  while ((await openCount()) > 0);
  assert.match(fixture.state.log, /"reason":"unreachable"/);
});

requests('is refused when the container says nothing in time, or hangs up', async () => {
  const { get, container } = await use({ limits: { answerMs: 30 } });
  container.handlers.request = () => undefined;
  assert.is((await get(livePath())).status, 502);
  container.handlers.request = (request) => void request.socket.destroy();
  const response = await get(livePath());
  assert.is(response.status, 502);
  assert.is(
    ((await response.json()) as { message: string }).message,
    'The browser of this session cannot be reached',
  );
});

requests('that nobody waits for any more is not made of the container', async () => {
  const { raw, container, openCount, state, sessions, ready } = await use();
  state.route = { projectId: 'p1', status: 'STARTING' };
  const client = raw(requestOf('GET', livePath()));
  while (sessions.waitingCount() === 0) await new Promise(setImmediate);
  client.destroy();
  while ((await openCount()) > 0);
  state.route = ready;
  assert.is(sessions.waitingCount(), 0);
  assert.is(container.requests.length, 0);
  assert.not.match(state.log, /refused|failed/);
});

requests('gives its slot back, however it ends', async () => {
  const { get, container, openCount } = await use({ limits: { maxRequestsPerSession: 1 } });
  container.handlers.request = (request) => void request.socket.destroy();
  for (let round = 0; round < 5; round++) assert.is((await get(livePath())).status, 502);
  assert.is(await openCount(), 0);
});

requests('beyond the part of its session is asked to come again', async () => {
  const { get, raw, container } = await use({ limits: { maxRequestsPerSession: 1 } });
  const asked = Promise.withResolvers<ServerResponse>();
  container.handlers.request = (_request, response: ServerResponse) => asked.resolve(response);
  const first = raw(requestOf('GET', livePath(), LAST));
  const response = await asked.promise;
  const second = await get(livePath());
  assert.equal([second.status, second.headers.get('retry-after')], [429, '1']);
  response.end('done');
  assert.match(await readAll(first), /done/);
});

requests(
  'asks the container what a client asks before it connects, and says where that client is',
  async () => {
    const { get, container, token, port } = await use();
    const key = token('cdp');
    for (const path of [
      `/connect/json/version/?signingKey=${key}`,
      `/connect?signingKey=${key}/json/version/`,
      `/json/version?signingKey=${key}`,
    ])
      assert.is((await get(path)).status, 200, path);
    for (const { url, headers } of container.requests) {
      assert.match(url ?? '', /^\/json\/version\/?\?signingKey=/);
      assert.equal(
        [headers['x-forwarded-proto'], headers['x-forwarded-host'], headers['x-forwarded-prefix']],
        ['http', `127.0.0.1:${port}`, '/connect'],
      );
    }
    assert.is(container.requests.length, 3);
  },
);

requests('of no other kind goes to a container, and nothing is said of its key', async () => {
  const { get, container, token, state } = await use();
  const key = token('cdp');
  for (const [path, method, status] of [
    [`/connect?signingKey=${key}`, 'GET', 404],
    [`/connect/devtools/page/A?signingKey=${key}`, 'GET', 404],
    [`/connect/json/version?signingKey=${key}x`, 'GET', 401],
    [`/connect/json/version?signingKey=${key}`, 'PUT', 405],
    [`/connect/json/new?signingKey=${key}`, 'PUT', 501],
    [`/connect/json/protocol?signingKey=${key}`, 'GET', 501],
  ] as const) {
    const response = await get(path, { method });
    assert.is(response.status, status, `${method} ${path}`);
    assert.not.match(await response.text(), key);
  }
  assert.is(container.requests.length, 0);
  assert.not.match(state.log, key);
});

requests.run();

// ---

const own = suite('a request to the router itself');
own.after.each(() => fixture.stop());

own('is healthy with a query as well, and never kept', async () => {
  const { get } = await use();
  const response = await get('/health?x=1');
  assert.equal([response.status, response.headers.get('cache-control')], [200, 'no-store']);
  assert.equal(await response.json(), { status: 'ok' });
  assert.is((await get('/health/')).status, 404);
});

own('for metrics counts what was answered before it', async () => {
  const { get, raw } = await use();
  await get('/nothing');
  await get(livePath());
  const text = await (await get('/metrics?x')).text();
  assert.match(text, 'answers_total{kind="request",status="404"} 1');
  assert.match(text, 'answers_total{kind="request",status="200"} 1');
  const reset = raw('GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(reset, 'data');
  reset.resetAndDestroy();
  await once(reset, 'close');
});

own.run();
