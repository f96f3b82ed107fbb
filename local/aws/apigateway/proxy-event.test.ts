import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type GatewayRequest, isBinaryType, toEventHead, toProxyEvent } from './proxy-event.ts';

const request = (change: Partial<GatewayRequest> = {}): GatewayRequest => ({
  route: {
    method: 'GET',
    resource: '/v1/things/{id}',
    functionName: 'retrieve-thing',
    isAuthorized: true,
    integration: {},
  },
  pathParameters: { id: 'a b' },
  path: '/v1/things/a%20b',
  query: new URLSearchParams('q=1&q=2&x=%26&empty='),
  headers: { host: '127.0.0.1:1', 'user-agent': 'test', 'x-forwarded-proto': 'http', accept: 'b' },
  sourceIp: '192.0.2.1',
  requestId: 'r1',
  domainName: '127.0.0.1:1',
  ...change,
});

const t = suite('the event of a function');

t('has of several values of a name the last one', () => {
  const event = toEventHead(request());
  assert.equal(event.queryStringParameters, { q: '2', x: '&', empty: '' });
  assert.is(event.headers.accept, 'b');
});

t('has the names of headers as API Gateway and CloudFront write them', () => {
  const event = toEventHead(request());
  assert.equal(Object.keys(event.headers), ['Host', 'User-Agent', 'X-Forwarded-Proto', 'accept']);
});

t('has the path as it was sent, and its parameters decoded', () => {
  const { path, resource, pathParameters, httpMethod } = toEventHead(request());
  assert.equal([path, resource, httpMethod], ['/v1/things/a%20b', '/v1/things/{id}', 'GET']);
  assert.equal(pathParameters, { id: 'a b' });
});

t('has null for what is not there', () => {
  const event = toEventHead(request({ pathParameters: {}, query: new URLSearchParams() }));
  assert.equal([event.pathParameters, event.queryStringParameters], [null, null]);
});

t('says who asks, where, and as which request', () => {
  const { requestContext } = toEventHead(request());
  assert.is(requestContext.requestId, 'r1');
  assert.is(requestContext.domainName, '127.0.0.1:1');
  assert.is(requestContext.stage, '$default');
  assert.is(requestContext.resourcePath, '/v1/things/{id}');
  assert.equal(requestContext.identity, { sourceIp: '192.0.2.1' });
});

t('has the context of the authorizer where there was one', () => {
  const head = toEventHead(request());
  const event = toProxyEvent(head, { projectId: 'p' }, { bytes: Buffer.from(''), isBinary: false });
  assert.equal(event.requestContext, {
    ...head.requestContext,
    authorizer: { projectId: 'p' },
  });
  assert.is(event.requestContext.requestId, 'r1');
  assert.not(
    'authorizer' in toProxyEvent(head, undefined, { bytes: Buffer.from(''), isBinary: false }).requestContext,
  );
});

t('has a body as text, or null', () => {
  const head = toEventHead(request());
  assert.equal(
    [
      toProxyEvent(head, undefined, { bytes: Buffer.from('é'), isBinary: false }).body,
      toProxyEvent(head, undefined, { bytes: Buffer.from(''), isBinary: false }).body,
    ],
    ['é', null],
  );
});

t('has a body of bytes as base64, and says so', () => {
  const head = toEventHead(request());
  const { body, isBase64Encoded } = toProxyEvent(head, undefined, {
    bytes: Buffer.from([0xff, 0, 0x80]),
    isBinary: true,
  });
  assert.equal([body, isBase64Encoded], ['/wCA', true]);
  const empty = toProxyEvent(head, undefined, { bytes: Buffer.of(), isBinary: true });
  assert.equal([empty.body, empty.isBase64Encoded], [null, false]);
});

for (const [contentType, isBinary] of [
  ['multipart/form-data; boundary=x', true],
  ['Multipart/Form-Data ;boundary=x', true],
  ['multipart/form-data', true],
  ['application/json; charset=multipart/form-data', false],
  ['multipart/form-database', false],
  [undefined, false],
] as const) {
  t(`takes a body of type ${contentType} for ${isBinary ? 'bytes' : 'text'}`, () =>
    assert.is(isBinaryType(contentType, ['multipart/form-data']), isBinary),
  );
}

t.run();
