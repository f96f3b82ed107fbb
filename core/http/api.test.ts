import { mock } from 'node:test';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TransactionBusyError } from '../aws/dynamodb/transaction-busy-error.ts';
import { AppError } from '../domain/errors.ts';
import { createLogger } from '../log/logger.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { api, type EventValidator } from './api.ts';
import type { ApiRequest } from './request.ts';
import { type ApiResponse, created, noContent, ok } from './response.ts';
import { multipartBody } from './testing/multipart-body.ts';
import { accept, context, event, run } from './testing/run-api.ts';

const stack = suite('api');

stack('hands over body, path, access and where it was reached', async () => {
  let seen: ApiRequest | undefined;
  await run(async (request) => {
    seen = request;
    return ok({});
  });
  assert.ok(seen);
  const { caller: _caller, note: _note, span: _span, ...request } = seen as ApiRequest;
  assert.equal(request, {
    requestId: 'req-1',
    route: 'POST /v1/things/{id}',
    access: { projectId: 'a', projectIds: ['a', 'b'] },
    body: { a: 1 },
    query: {},
    pathId: 'x',
    pathIds: { id: 'x' },
    headers: { 'content-type': 'application/json', 'x-forwarded-proto': 'https' },
    bodyText: '{"a":1}',
    bearerToken: undefined,
    baseUrl: 'https://api.example/prod',
  });
});

stack('answers 403 for a project that the key does not open, before it looks at anything else', async () => {
  const incoming = event({ body: '{' });
  incoming.requestContext.authorizer = { forbiddenProject: 'p"9' };
  const { body } = await run(async () => assert.unreachable() as never, incoming);
  assert.equal(body, {
    statusCode: 403,
    error: 'Forbidden',
    message: 'This API key does not open project p"9',
  });
});

stack('hands over a file byte by byte, where the body is multipart', async () => {
  const content = Uint8Array.from([0xff, 0, 0x80, 13, 10]);
  const { bytes, contentType } = await multipartBody({ file: new File([content], 'a.bin') });
  const incoming = event({
    headers: { 'Content-Type': contentType },
    body: bytes.toString('base64'),
    isBase64Encoded: true,
  });
  let seen: unknown;
  const handle = async ({ body }: ApiRequest) => {
    seen = body;
    return ok({});
  };
  const multipart = { maxFileBytes: 100 };
  await run(handle, incoming, accept, { multipart });
  assert.equal(seen, { file: { name: 'a.bin', bytes: Buffer.from(content) } });
  const json = await run(handle, event(), accept, { multipart });
  assert.is(json.result.statusCode, 415);
  const empty = await run(handle, event({ body: null }), accept, { multipart });
  assert.is(empty.result.statusCode, 415);
});

stack('answers JSON that nobody caches, and nothing for 204', async () => {
  const { result } = await run(async () => created([1]));
  assert.is(result.statusCode, 201);
  assert.equal(result.headers, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  assert.is(result.body, '[1]');
  const empty = await run(async () => noContent());
  assert.is(empty.result.statusCode, 204);
  assert.is(empty.result.body, '');
});

stack('takes an empty body with any content-type as an empty object', async () => {
  for (const body of [null, '']) {
    for (const headers of [{}, { 'content-type': 'application/json' }]) {
      const { result } = await run(async ({ body: parsed }) => ok(parsed), event({ body, headers }));
      assert.is(result.body, '{}');
    }
  }
});

stack('decodes base64 and refuses what is not JSON', async () => {
  const base64 = event({ body: Buffer.from('{"a":2}').toString('base64'), isBase64Encoded: true });
  assert.is((await run(async ({ body }) => ok(body), base64)).result.body, '{"a":2}');
  const broken = await run(async () => ok(1), event({ body: '{' }));
  assert.equal(broken.body, { statusCode: 400, error: 'Bad Request', message: 'body must be valid JSON' });
  const form = await run(async () => ok(1), event({ headers: { 'content-type': 'text/plain' } }));
  assert.is(form.result.statusCode, 415);
});

for (const [body, message] of [
  ['{"name":"a\\ud800b"}', 'body/name must be well-formed Unicode'],
  ['{"name":"\\udc00\\ud800"}', 'body/name must be well-formed Unicode'],
  ['{"a":{"b":[1,"x","\\ud83d"]}}', 'body/a/b/2 must be well-formed Unicode'],
  ['{"a":{"b\\udfff":1}}', 'body/a must have names of well-formed Unicode'],
  ['"\\ud800"', 'body must be well-formed Unicode'],
] as const) {
  stack(`refuses half a character in ${body}, and names the field`, async () => {
    const called = mock.fn(async () => ok({}));
    const { result, body: answer } = await run(called, event({ body }));
    assert.is(result.statusCode, 400);
    assert.is(answer.message, message);
    assert.is(called.mock.callCount(), 0);
  });
}

stack('refuses half a character in the query and in the path', async () => {
  const query = await run(async () => ok(1), event({ queryStringParameters: { q: '\ud800' } }));
  assert.is(query.body.message, 'querystring/q must be well-formed Unicode');
  const path = await run(async () => ok(1), event({ pathParameters: { id: '\ud800' } }));
  assert.is(path.body.message, 'params/id must be well-formed Unicode');
});

stack('takes metadata as they are, which are kept as JSON', async () => {
  const body = JSON.stringify({ userMetadata: { cut: '\ud83d', '\ude42': [] } });
  const kept = await run(async ({ body: read }) => ok(read), event({ body }));
  assert.equal(kept.body, JSON.parse(body));
  const other = await run(async () => ok(1), event({ body: '{"userMetadata":{},"region":"\\ud800"}' }));
  assert.is(other.body.message, 'body/region must be well-formed Unicode');
});

stack('takes well-formed characters of every plane', async () => {
  const text = 'a\u0000 é ψ 漢 🙂';
  const whole = await run(async ({ body }) => ok(body), event({ body: JSON.stringify({ [text]: text }) }));
  assert.equal(whole.body, { [text]: text });
});

stack('names the field that does not fit the contract', async () => {
  const refuse: EventValidator = Object.assign(() => false, {
    errors: [{ instancePath: '/body/timeout', message: 'must be <= 21600', params: {} }],
  });
  const { body } = await run(async () => ok(1), event(), refuse);
  assert.is(body.message, 'body/timeout must be <= 21600');
});

stack('answers a named failure as it is, with its headers', async () => {
  const { result, body } = await run(async () => {
    throw new AppError('START_TIMED_OUT', ['s', 50], { headers: { 'x-should-retry': 'false' } });
  });
  assert.is(result.headers?.['x-should-retry'], 'false');
  assert.equal(body, {
    statusCode: 503,
    error: 'Service Unavailable',
    message: 'Session s was not ready within 50 seconds and has been ended',
  });
});

stack('keeps the text of an unknown failure inside, and logs it under the request id', async () => {
  const { body, lines } = await run(async () => {
    throw new TypeError('table wallcrawler-secret is gone');
  });
  assert.equal(body, {
    statusCode: 500,
    error: 'Internal Server Error',
    message: 'The platform failed; request id req-1',
  });
  const logged = lines.map((line) => JSON.parse(line));
  assert.ok(
    logged.some(({ cause, requestId }) => cause?.message.includes('is gone') && requestId === 'req-1'),
  );
});

stack('words a transaction that others kept from being written', async () => {
  const { result, body } = await run(async () => {
    throw new TransactionBusyError('No attempt was let through');
  });
  assert.is(result.statusCode, 503);
  assert.is(body.message, 'Too many requests change this project at the same moment; try again');
});

stack('logs how long a request took, by its clock', async () => {
  const clock = createManualClock();
  const lines: string[] = [];
  const logger = createLogger({}, (line) => lines.push(line));
  const handler = api({ logger, clock, validate: accept }, async () => {
    clock.advance(1_234);
    return ok({});
  });
  await handler(event(), context, {} as never);
  assert.is(JSON.parse(lines[0] ?? '').durationMs, 1_234);
});

stack('logs one line a request, with its status', async () => {
  const { lines } = await run(async () => ok({}));
  assert.is(lines.length, 1);
  const { status, method, route, projectId } = JSON.parse(lines[0] ?? '');
  assert.equal([status, method, route, projectId], [200, 'POST', '/v1/things/{id}', 'a']);
  const failed = await run(async () => {
    throw new AppError('SESSION_NOT_FOUND', ['x']);
  });
  assert.is(JSON.parse(failed.lines.at(-1) ?? '').status, 404);
});

stack(
  'logs an outcome, and what its use case has noted: a container’s call has the id of its create',
  async () => {
    const { lines } = await run(async ({ note }) => {
      note({ sessionId: 's1' });
      note({ requestId: 'create-1', projectId: 'p1' });
      throw new AppError('SESSION_NOT_FOUND', ['x']);
    });
    const { event: name, outcome, sessionId, projectId, requestId, callId } = JSON.parse(lines.at(-1) ?? '');
    assert.equal([name, outcome], ['api.request', 'refused']);
    assert.equal([sessionId, projectId, requestId, callId], ['s1', 'p1', 'create-1', 'req-1']);
    const plain = JSON.parse((await run(async () => ok({}))).lines[0] ?? '');
    assert.equal([plain.requestId, 'callId' in plain, plain.outcome], ['req-1', false, 'ok']);
    const broken = await run(async () => {
      throw new Error('a fault of ours');
    });
    assert.is(JSON.parse(broken.lines.at(-1) ?? '').outcome, 'failed');
  },
);

stack('answers in time when the use case does not', async () => {
  const lines: string[] = [];
  const handler = api(
    { logger: createLogger({}, (line) => lines.push(line)), clock: createManualClock(), validate: accept },
    () => new Promise(() => {}),
  );
  const soon = { getRemainingTimeInMillis: () => 510 } as Context;
  const result = (await handler(event(), soon, {} as never)) as APIGatewayProxyResult;
  assert.is(result.statusCode, 504);
  assert.not('x-should-retry' in (result.headers ?? {}), 'and most may be tried again');
});

stack('says with a late answer, and with no other, what its operation has to say of that', async () => {
  const failing = (handle: () => Promise<ApiResponse>, remainingMs: number) => {
    const tooSlowHeaders = { 'x-should-retry': 'false' };
    const logger = createLogger({}, () => {});
    const handler = api({ logger, clock: createManualClock(), validate: accept, tooSlowHeaders }, handle);
    const limited = { getRemainingTimeInMillis: () => remainingMs } as Context;
    return handler(event(), limited, {} as never) as Promise<APIGatewayProxyResult>;
  };
  const late = await failing(() => new Promise(() => {}), 510);
  assert.equal([late.statusCode, late.headers?.['x-should-retry']], [504, 'false']);
  assert.is(late.headers?.['cache-control'], 'no-store');
  const refused = await failing(async () => {
    throw new AppError('BUSY');
  }, 10_000);
  assert.equal([refused.statusCode, refused.headers?.['x-should-retry']], [503, undefined]);
});

stack.run();
