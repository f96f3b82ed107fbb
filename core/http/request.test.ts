import type { APIGatewayProxyEvent } from 'aws-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { toApiRequest } from './request.ts';

const event = (changes: object = {}, context: object = {}) =>
  ({
    httpMethod: 'GET',
    resource: '/v1/things',
    headers: {},
    body: null,
    pathParameters: null,
    queryStringParameters: null,
    requestContext: {
      requestId: 'req-1',
      domainName: 'api.example',
      stage: 'prod',
      authorizer: { projectId: 'p1', projectIds: 'p1,p2' },
      ...context,
    },
    ...changes,
  }) as unknown as APIGatewayProxyEvent;

const requests = suite('toApiRequest');

requests('has something for everything that API Gateway may leave out', () => {
  const bare = { headers: null, pathParameters: undefined, queryStringParameters: undefined };
  const { caller, note: _, span: _span, ...request } = toApiRequest(event(bare, { authorizer: undefined }));
  assert.is(caller.hasLeft(), false);
  assert.equal(request, {
    requestId: 'req-1',
    route: 'GET /v1/things',
    access: { projectId: '', projectIds: [] },
    body: null,
    query: {},
    pathId: '',
    pathIds: {},
    headers: {},
    bodyText: '',
    bearerToken: undefined,
    baseUrl: 'https://api.example/prod',
  });
});

for (const [authorizer, access] of [
  [
    { projectId: 'p1', projectIds: 'p1' },
    { projectId: 'p1', projectIds: ['p1'] },
  ],
  [{ projectId: 'p1' }, { projectId: 'p1', projectIds: [] }],
  [
    { projectId: 'p1', projectIds: ['p1'] },
    { projectId: 'p1', projectIds: [] },
  ],
  [null, { projectId: '', projectIds: [] }],
  [{}, { projectId: '', projectIds: [] }],
] as const) {
  requests(`takes ${JSON.stringify(authorizer)} of the authorizer for ${JSON.stringify(access)}`, () => {
    assert.equal(toApiRequest(event({}, { authorizer })).access, access);
  });
}

for (const [authorization, token] of [
  ['Bearer abc', 'abc'],
  ['bearer abc', 'abc'],
  ['BEARER a.b-c_d', 'a.b-c_d'],
  ['Bearer  abc', undefined],
  ['Bearer abc def', undefined],
  ['Bearer ', undefined],
  ['Bearer', undefined],
  ['Basic abc', undefined],
  ['xBearer abc', undefined],
  ['abc', undefined],
  ['', undefined],
  [undefined, undefined],
] as const) {
  requests(`reads of the header ${JSON.stringify(authorization)} the token ${token}`, () => {
    for (const name of ['authorization', 'Authorization', 'AUTHORIZATION']) {
      assert.is(toApiRequest(event({ headers: { [name]: authorization } })).bearerToken, token);
    }
  });
}

for (const [proto, stage, url] of [
  [undefined, 'prod', 'https://api.example/prod'],
  ['https', 'prod', 'https://api.example/prod'],
  ['http', 'prod', 'http://api.example/prod'],
  ['ftp', 'prod', 'https://api.example/prod'],
  ['http, https', 'prod', 'https://api.example/prod'],
  ['https', '$default', 'https://api.example'],
] as const) {
  requests(`has containers call ${url} where it was reached by ${proto} in ${stage}`, () => {
    const headers = proto === undefined ? {} : { 'X-Forwarded-Proto': proto };
    assert.is(toApiRequest(event({ headers }, { stage })).baseUrl, url);
  });
}

requests('has containers call the name that API Gateway has, whatever a client says of hosts', () => {
  const headers = {
    Host: 'evil.example',
    'X-Forwarded-Host': 'evil.example',
    Forwarded: 'host=evil.example',
  };
  assert.is(toApiRequest(event({ headers })).baseUrl, 'https://api.example/prod');
});

requests.run();
