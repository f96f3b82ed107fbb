import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { StoreDownError } from '../aws/artifacts/store-down-error.ts';
import { TransactionBusyError } from '../aws/dynamodb/transaction-busy-error.ts';
import { AppError, ERROR_CATALOGUE, type ErrorCode } from '../domain/errors.ts';
import { describeFault, mainFault } from './describe-fault.ts';
import { created, noContent, ok, toAppError, toErrorResult, toProxyResult } from './response.ts';

const results = suite('what API Gateway gets');

results('is never to be kept by anybody on the way', () => {
  for (const result of [
    toProxyResult(ok({})),
    toProxyResult(created({}, { 'x-more': '1' })),
    toProxyResult(noContent()),
    toErrorResult(new AppError('INTERNAL', ['r'])),
    toErrorResult(new AppError('CONCURRENCY_EXCEEDED', [1, 1], { headers: { 'retry-after': '1' } })),
  ]) {
    assert.is(result.headers?.['cache-control'], 'no-store');
  }
});

results('has a body of JSON, or none and no type', () => {
  assert.is(toProxyResult(ok(null)).body, 'null');
  assert.is(toProxyResult(ok([])).headers?.['content-type'], 'application/json');
  assert.is(toProxyResult(created({}, { 'x-more': '1' })).headers?.['x-more'], '1');
  assert.equal(toProxyResult(noContent()), {
    statusCode: 204,
    headers: { 'cache-control': 'no-store' },
    body: '',
  });
});

for (const code of Object.keys(ERROR_CATALOGUE) as ErrorCode[]) {
  results(`has for ${code} the status twice, its phrase and a sentence`, () => {
    const { statusCode, headers, body } = toErrorResult(new AppError(code, ['a', 'b', 'c']));
    const parsed = JSON.parse(body);
    assert.equal(Object.keys(parsed), ['statusCode', 'error', 'message']);
    assert.is(parsed.statusCode, statusCode);
    assert.ok(parsed.error.length > 0 && parsed.error !== 'Error', parsed.error);
    assert.not.match(parsed.message, /%s|\?/);
    assert.is(headers?.['content-type'], 'application/json');
  });
}

results('carries the headers and the facts of a failure, and never its cause', () => {
  const cause = new Error('secret-table is gone');
  const options = { cause, headers: { 'x-should-retry': 'false' }, facts: { endReason: null } };
  const result = toErrorResult(new AppError('SESSION_HAS_ENDED', ['s1'], options));
  assert.is(result.headers?.['x-should-retry'], 'false');
  assert.is(JSON.parse(result.body).endReason, null);
  assert.not.match(JSON.stringify(result), 'secret-table');
});

results.run();

// ---

const failures = suite('toAppError');
const named = (name: string, fields: object = {}) =>
  Object.assign(new Error(`inner ${name}`), { name }, fields);

const known = new AppError('SESSION_NOT_FOUND', ['s1']);
for (const [what, error, code, message] of [
  ['one of the catalogue', known, 'SESSION_NOT_FOUND', 'No session s1 in this project'],
  ['a time-out', named('TimeoutError'), 'TOO_SLOW', 'The platform did not answer in time; request id req-1'],
  [
    'a busy project',
    new TransactionBusyError('x'),
    'BUSY',
    'Too many requests change this project at the same moment; try again',
  ],
  [
    'a store that is down',
    new StoreDownError('x'),
    'STORE_DOWN',
    'The store of files does not answer; try again',
  ],
  [
    'a wrong type',
    named('E', { statusCode: 415 }),
    'UNSUPPORTED_MEDIA_TYPE',
    'The content-type must be application/json',
  ],
  ['no JSON', named('E', { statusCode: 422 }), 'BAD_REQUEST', 'body must be valid JSON'],
  ['no JSON, without faults', named('E', { statusCode: 400 }), 'BAD_REQUEST', 'body must be valid JSON'],
  [
    'a schema without faults',
    named('E', { statusCode: 400, cause: { data: [] } }),
    'BAD_REQUEST',
    'the request does not fit the contract',
  ],
  [
    'a failure of middy',
    named('E', { statusCode: 500 }),
    'INTERNAL',
    'The platform failed; request id req-1',
  ],
  [
    'a status that is a text',
    named('E', { statusCode: '404' }),
    'INTERNAL',
    'The platform failed; request id req-1',
  ],
  [
    'an AWS error',
    named('AccessDenied', { $fault: 'client', $metadata: { httpStatusCode: 403 } }),
    'INTERNAL',
    'The platform failed; request id req-1',
  ],
  [
    'an outage of AWS',
    named('ThrottlingException', { $fault: 'client', $metadata: { httpStatusCode: 400 } }),
    'AWS_OUTAGE',
    'A service of AWS throttles, fails or does not answer (ThrottlingException); try again',
  ],
  [
    'an AWS that does not answer',
    named('TimeoutError', { $metadata: { attempts: 3 } }),
    'AWS_OUTAGE',
    'A service of AWS throttles, fails or does not answer (TimeoutError); try again',
  ],
  ['no error at all', 'thrown text', 'INTERNAL', 'The platform failed; request id req-1'],
  [
    'an object like an error',
    { statusCode: 404, message: 'x' },
    'INTERNAL',
    'The platform failed; request id req-1',
  ],
  ['nothing', undefined, 'INTERNAL', 'The platform failed; request id req-1'],
] as const) {
  failures(`makes ${code} of ${what}`, () => {
    const failure = toAppError(error, 'req-1');
    assert.equal([failure.code, failure.message], [code, message]);
    if (failure.status >= 500) assert.is(failure.cause, error, 'for the log');
  });
}

failures.run();

// ---

const faults = suite('a fault of the contract');

for (const [fault, sentence] of [
  [{ instancePath: '/body/timeout', message: 'must be >= 60' }, 'body/timeout must be >= 60'],
  [{ instancePath: '/body/a/0/b', message: 'must be string' }, 'body/a/0/b must be string'],
  [
    {
      instancePath: '/queryStringParameters/status',
      message: 'must be equal to one of the allowed values',
      params: { allowedValues: ['A', 'B'] },
    },
    'querystring/status must be equal to one of the allowed values: A, B',
  ],
  [
    { instancePath: '/pathParameters/id', message: 'must match format "uuid"' },
    'params/id must match format "uuid"',
  ],
  [
    {
      instancePath: '/queryStringParameters/createdAfter',
      message: 'must match format "date-time"',
      params: { format: 'date-time' },
    },
    'querystring/createdAfter must be a time such as 2026-11-29T06:00:00Z',
  ],
  [
    { instancePath: '/body', message: 'must have required property "x"' },
    'body must have required property "x"',
  ],
  [{ instancePath: '', message: 'must be object' }, 'request must be object'],
  [{ instancePath: '/body' }, 'body is not valid'],
  [undefined, 'the request does not fit the contract'],
] as const) {
  faults(`reads: ${sentence}`, () => {
    assert.is(describeFault(fault), sentence);
  });
}

faults('of several is the deepest, and the first of those', () => {
  const at = (instancePath: string, message = 'm') => ({ instancePath, message });
  assert.is(mainFault([]), undefined);
  assert.equal(
    mainFault([at('/body/a'), at('/body/a/b/c'), at('/body/a/b/d'), at('/body')]),
    at('/body/a/b/c'),
  );
  assert.equal(mainFault([at('/body', '1'), at('/body', '2')]), at('/body', '1'));
});

faults('of schemas that differ in the type alone names every type', () => {
  const type = (name: string) => ({
    instancePath: '/body/proxies',
    keyword: 'type',
    message: 'm',
    params: { type: name },
  });
  const either = mainFault([
    type('boolean'),
    type('array'),
    { instancePath: '/body/proxies', keyword: 'anyOf' },
  ]);
  assert.is(describeFault(either), 'body/proxies must be boolean or array');
});

faults('of a value whose type is right for one of the schemas is the bound of that one', () => {
  const fault = (keyword: string, message: string) => ({
    instancePath: '/body/proxies',
    keyword,
    message,
    params: { type: 'boolean' },
  });
  const tooMany = fault('maxItems', 'must NOT have more than 20 items');
  const main = mainFault([fault('type', 'must be boolean'), tooMany, fault('anyOf', 'must match a schema')]);
  assert.is(describeFault(main), 'body/proxies must NOT have more than 20 items');
});

faults.run();
