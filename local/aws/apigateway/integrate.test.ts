import { once } from 'node:events';
import { connect } from 'node:net';
import { PassThrough, Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { exchangeBytes } from '../../../core/testing/cut-bodies.ts';
import { FunctionError, LambdaException } from '../lambda/errors.ts';
import {
  assertError,
  type Fixture,
  type Handler,
  startFixture,
  streamed,
} from './testing/gateway-fixture.ts';

let fixture: Fixture;
const start = async (handlers: Record<string, Handler>) => {
  fixture = await startFixture(handlers);
};
const post = (path: string, body: string) =>
  fetch(`${fixture.gateway.url}${path}`, {
    method: 'POST',
    body,
    headers: { 'x-bb-api-key': 'good' },
  });

const t = suite('an integration');
t.after.each(() => fixture.gateway.close());

t('passes on status, headers and body, but not what belongs to the connection', async () => {
  await start({
    'open-thing': () => ({
      statusCode: 201,
      headers: { 'x-a': 1, 'content-type': 'text/plain', connection: 'close', 'content-length': 99 },
      body: 'é',
    }),
  });
  const response = await post('/open', '');
  assert.is(response.status, 201);
  assert.is(response.headers.get('x-a'), '1');
  assert.is(response.headers.get('content-type'), 'text/plain');
  assert.is(await response.text(), 'é');
});

t('answers 204 without a body', async () => {
  await start({ 'open-thing': () => ({ statusCode: 204, body: '' }) });
  const response = await post('/open', '{}');
  assert.is(response.status, 204);
  assert.is(await response.text(), '');
});

const MALFORMED: readonly unknown[] = [
  null,
  'text',
  {},
  { statusCode: 'a' },
  { statusCode: 200, body: { a: 1 } },
  { statusCode: 200, headers: [] },
  { statusCode: 200, headers: { 'bad name': '1' } },
  { statusCode: 99 },
  { statusCode: 200, multiValueHeaders: {} },
  { statusCode: 200, body: '', isBase64Encoded: true },
];
t('answers 502 to a malformed result', async () => {
  let result: unknown;
  await start({ 'open-thing': () => result });
  for (result of MALFORMED) await assertError(await post('/open', ''), 502, 'Bad Gateway');
});

t('maps the failures of Lambda', async () => {
  const failures: [Error, number, string][] = [
    [new FunctionError('f', { errorType: 'Error', errorMessage: 'secret detail' }), 502, 'Bad Gateway'],
    [new LambdaException('TooManyRequestsException', 'f'), 429, 'Too Many Requests'],
    [new LambdaException('RequestTooLargeException', 'f'), 413, 'Payload Too Large'],
    [new LambdaException('ResourceNotFoundException', 'f'), 500, 'Internal Server Error'],
    [new LambdaException('MalformedPrelude', 'f'), 502, 'Bad Gateway'],
    [new Error('anything'), 500, 'Internal Server Error'],
  ];
  let failure: Error;
  await start({
    'open-thing': () => {
      throw failure;
    },
  });
  for (const [error, status, name] of failures) {
    failure = error;
    await assertError(await post('/open', ''), status, name);
  }
});

t('answers 504 when the function takes longer than its integration may', async () => {
  const never = () => new Promise(() => {});
  await start({ 'open-thing': never, 'create-thing': never });
  await assertError(await post('/open', ''), 504, 'Gateway Timeout');
  await assertError(await post('/v1/things', ''), 504, 'Gateway Timeout');
});

t('streams an answer whose integration says so', async () => {
  await start({ 'create-thing': () => streamed(201, ['{"a"', ':1}']) });
  const response = await post('/v1/things', '{}');
  assert.is(response.status, 201);
  assert.equal(await response.json(), { a: 1 });
});

t('sends server-sent events as they come: the first is read before there is a second', async () => {
  const body = new PassThrough();
  const headers = { 'content-type': 'text/event-stream' };
  await start({ 'create-thing': () => ({ statusCode: 200, headers, body }) });
  body.write('data: 1\n\n');
  const response = await post('/v1/things', '{}');
  const reader = (response.body ?? assert.unreachable('no body')) as ReadableStream<Uint8Array>;
  const chunks = reader.pipeThrough(new TextDecoderStream()).getReader();
  assert.is((await chunks.read()).value, 'data: 1\n\n');
  body.end('data: 2\n\n');
  assert.is((await chunks.read()).value, 'data: 2\n\n');
  assert.ok((await chunks.read()).done);
});

t('gives a streamed answer its length, on a connection that stays', async () => {
  await start({ 'create-thing': () => streamed(201, ['{"a"', ':"é"}']) });
  const socket = connect(fixture.gateway.port, '127.0.0.1');
  socket.setEncoding('utf8');
  let received = '';
  for (const _ of [1, 2]) {
    socket.write('POST /v1/things HTTP/1.1\r\nhost: a\r\nx-bb-api-key: good\r\ncontent-length: 2\r\n\r\n{}');
    received = '';
    while (!received.endsWith('}')) received += (await once(socket, 'data'))[0];
    assert.match(received, /\r\ncontent-length: 10\r\n/i);
    assert.not.match(received, /transfer-encoding/i);
    assert.match(received, '\r\n\r\n{"a":"é"}');
  }
  socket.destroy();
});

t('tells a function that streams that its caller has left, and says so in one quiet line', async () => {
  const invoked = Promise.withResolvers<AbortSignal>();
  await start({
    'create-thing': async (_event, left) => {
      invoked.resolve(left as AbortSignal);
      await once(left as AbortSignal, 'abort');
      throw new LambdaException('MalformedPrelude', 'create-thing');
    },
  });
  const caller = connect(fixture.gateway.port, '127.0.0.1');
  caller.write(
    'POST /v1/things?q=1 HTTP/1.1\r\nhost: a\r\nx-bb-api-key: good\r\ncontent-length: 2\r\n\r\n{}',
  );
  const left = await invoked.promise;
  caller.destroy();
  await once(left, 'abort');
  assert.is((await fixture.get('/health')).status, 200);
  const lines = fixture.log.lines().map(({ level, message, path, error }) => [level, message, path, error]);
  assert.equal(lines, [['info', 'A caller left before its answer', '/v1/things', undefined]]);
});

/** A stream that fails when these have been read. */
const breakOff = (...chunks: readonly string[]) => {
  async function* broken() {
    yield* chunks.map((chunk) => Buffer.from(chunk));
    throw new Error('secret detail');
  }
  return Readable.from(broken());
};

t('answers 502 when a stream breaks off of which nothing has left', async () => {
  const headers = { 'content-type': 'text/plain', 'x-count': '2' };
  await start({ 'create-thing': () => ({ statusCode: 200, headers, body: breakOff('first') }) });
  const response = await post('/v1/things', '{}');
  assert.is(response.headers.get('x-count'), null);
  await assertError(response, 502, 'Bad Gateway');
  assert.match(fixture.log.text(), 'secret detail');
});

for (const [what, headers, body] of [
  ['events', { 'content-type': 'text/event-stream' }, () => breakOff('data: 1\n\n')],
  ['a long answer', {}, () => breakOff('x'.repeat(2 * 1024 * 1024), 'more')],
] as const)
  for (const version of ['1.0', '1.1'])
    t(
      `resets the connection when ${what} break off, so that nobody takes it for whole: HTTP/${version}`,
      async () => {
        await start({ 'create-thing': () => ({ statusCode: 200, headers, body: body() }) });
        const head = `POST /v1/things HTTP/${version}\r\nhost: a\r\nx-bb-api-key: good\r\ncontent-length: 2`;
        const { ends } = await exchangeBytes(fixture.gateway.port, `${head}\r\n\r\n{}`);
        assert.is(ends, 'reset');
        assert.is((await fixture.get('/health')).status, 200);
      },
    );

t.run();
