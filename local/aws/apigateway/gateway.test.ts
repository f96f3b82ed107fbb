import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CUTS, exchangeBytes, sendCut } from '../../../core/testing/cut-bodies.ts';
import { assertError, type Fixture, type Handler, startFixture } from './testing/gateway-fixture.ts';

let fixture: Fixture;
const start = async (handlers: Record<string, Handler> = {}) => {
  fixture = await startFixture(handlers);
  return fixture;
};
const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}) =>
  fetch(`${fixture.gateway.url}${path}`, {
    method: 'POST',
    body,
    headers: { 'x-bb-api-key': 'good', ...headers },
  });
const eventOf = async (response: Response) => (await response.json()) as APIGatewayProxyEvent;

const t = suite('gateway');
t.after.each(() => fixture.gateway.close());

t('invokes the function of the operation with a proxy event', async () => {
  await start();
  const response = await fixture.get('/v1/things/a%20b?q=1&q=2&x=%26');
  const event = await eventOf(response);
  assert.is(event.resource, '/v1/things/{id}');
  assert.is(event.path, '/v1/things/a%20b');
  assert.equal(event.pathParameters, { id: 'a b' });
  assert.equal(event.queryStringParameters, { q: '2', x: '&' });
  assert.is(event.body, null);
  assert.is(event.isBase64Encoded, false);
  const { requestContext } = event;
  assert.is(requestContext.domainName, `127.0.0.1:${fixture.gateway.port}`);
  assert.is(requestContext.stage, '$default');
  assert.is(requestContext.resourcePath, '/v1/things/{id}');
  assert.is(requestContext.identity.sourceIp, '127.0.0.1');
  assert.is(response.headers.get('x-amzn-requestid'), requestContext.requestId);
  assert.ok(fixture.events.has('retrieve-thing'));
});

t('has null for what a request does not carry', async () => {
  await start();
  const event = await eventOf(await fixture.get('/v1/things'));
  assert.equal([event.pathParameters, event.queryStringParameters, event.body], [null, null, null]);
});

t('answers a route or method that is not there with 404, also to HEAD and OPTIONS', async () => {
  await start();
  const unknown = await fixture.get('/v1/nothing');
  assert.is(unknown.headers.get('cache-control'), 'no-store', 'as Terraform has it for the gateway on AWS');
  await assertError(unknown, 404, 'Not Found');
  await assertError(await fixture.get('/v1/things/1/files'), 404, 'Not Found');
  await assertError(await fixture.get('/v1/things//'), 404, 'Not Found');
  await assertError(await post('/v1/things/1', '{}'), 404, 'Not Found');
  await assertError(await fixture.get('/v1/things/%E0%A4%A'), 400, 'Bad Request');
  for (const method of ['HEAD', 'OPTIONS']) {
    assert.is((await fetch(`${fixture.gateway.url}/v1/things`, { method })).status, 404);
  }
  assert.is(fixture.events.size, 0);
});

t('answers a mock integration by itself, without a key', async () => {
  await start();
  const response = await fixture.get('/health', {});
  assert.is(response.status, 200);
  assert.equal(await response.json(), { status: 'ok' });
  assert.is(fixture.events.size, 0);
});

t('tells functions the viewer, the scheme and the host as CloudFront and API Gateway would', async () => {
  await start();
  const headers = { 'x-bb-api-key': 'good', 'x-forwarded-for': '10.0.0.1', 'x-forwarded-proto': 'https' };
  const event = await eventOf(await fixture.get('/v1/things', headers));
  assert.is(event.headers['X-Forwarded-For'], '10.0.0.1, 127.0.0.1');
  assert.is(event.headers['X-Forwarded-Proto'], 'http');
  assert.is(event.headers.Host, `127.0.0.1:${fixture.gateway.port}`);
  assert.is(event.headers['x-wc-api-key'], '-');
});

t('passes a body as the text that it is', async () => {
  await start();
  const event = await eventOf(await post('/open', '{"é":1}', { 'content-type': 'application/json' }));
  assert.equal([event.body, event.isBase64Encoded], ['{"é":1}', false]);
});

t('passes a body of a binary media type as base64', async () => {
  await start();
  const bytes = Buffer.from([0xff, 0, 0x80]);
  const event = await eventOf(
    await post('/open', bytes, { 'content-type': 'multipart/form-data; boundary=x' }),
  );
  assert.equal([event.body, event.isBase64Encoded], [bytes.toString('base64'), true]);
});

t('refuses a body over 10 MB, announced or not, and goes on', async () => {
  await start();
  const large = Buffer.alloc(10 * 1024 * 1024 + 1, 'x');
  await assertError(await post('/open', large), 413, 'Payload Too Large');
  const chunked = await fetch(`${fixture.gateway.url}/open`, {
    method: 'POST',
    body: new Blob([large]).stream(),
    duplex: 'half',
  } as RequestInit);
  await assertError(chunked, 413, 'Payload Too Large');
  assert.is((await post('/open', Buffer.alloc(10 * 1024 * 1024, 'x'))).status, 200);
});

for (const connection of ['close', 'keep-alive'])
  t(`says so to who sends all of such a body before it reads: ${connection}`, async () => {
    await start();
    const bytes = 24 * 1024 * 1024;
    const { text, ends } = await exchangeBytes(fixture.gateway.port, [
      `POST /open HTTP/1.1\r\nhost: a\r\nconnection: ${connection}\r\ncontent-length: ${bytes}\r\n\r\n`,
      Buffer.alloc(bytes),
      connection === 'close' ? '' : 'GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n',
    ]);
    assert.match(text, /^HTTP\/1\.1 413 [\s\S]*"message":"The request body is too large; /);
    assert.equal([ends, text.includes('"status":"ok"')], ['ended', connection === 'keep-alive']);
  });

for (const cut of CUTS)
  t(`invokes nothing with a body that is cut: ${cut.name}`, async () => {
    await start();
    const { port } = fixture.gateway;
    // Its body is waited for.
    const begun = (async () => {
      while (fixture.timers() === 0) await delay(5);
    })();
    const answer = await sendCut(port, { requestLine: 'POST /open', cut, text: '{}' }, begun);
    if (cut.name.endsWith('ended'))
      assert.match(answer, /^HTTP\/1\.1 400 [\s\S]*"The request ended before all of it had come"/);
    assert.is((await fixture.get('/health')).status, 200);
    assert.not.ok(fixture.events.has('open-thing'));
    assert.is(fixture.timers(), 0);
  });

t('survives clients that go away while sending and while waiting', async () => {
  const release = Promise.withResolvers<void>();
  const invoked = Promise.withResolvers<void>();
  await start({
    'open-thing': async () => {
      invoked.resolve();
      await release.promise;
      return { statusCode: 200, body: 'late' };
    },
  });
  const sending = connect(fixture.gateway.port, '127.0.0.1');
  sending.write('POST /open HTTP/1.1\r\nhost: a\r\ncontent-length: 1000\r\n\r\nhalf');
  await delay(20);
  sending.destroy();
  const waiting = connect(fixture.gateway.port, '127.0.0.1');
  waiting.write('POST /open HTTP/1.1\r\nhost: a\r\ncontent-length: 2\r\n\r\n{}');
  await invoked.promise;
  waiting.destroy();
  release.resolve();
  assert.is((await fixture.get('/health')).status, 200);
});

t('lets a body take a minute to arrive, and no longer', async () => {
  await start();
  const { port } = fixture.gateway;
  const client = connect(port, '127.0.0.1');
  client.write(
    'POST /v1/things HTTP/1.1\r\nHost: x\r\nx-bb-api-key: good\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{',
  );
  while (fixture.timers() === 0) await delay(5);
  fixture.advance(59_000);
  client.write('"a"');
  fixture.advance(1_000);
  const [answer] = (await once(client, 'data')) as [Buffer];
  assert.match(answer.toString(), /^HTTP\/1\.1 408 /);
  client.destroy();
  assert.not.ok(fixture.events.has('create-thing'));
});

t.run();
