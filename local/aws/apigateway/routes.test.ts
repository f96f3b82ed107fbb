import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { OpenApi } from './routes.ts';
import { createMatcher, readRoutes } from './routes.ts';
import { DOCUMENT } from './testing/gateway-fixture.ts';

const t = suite('routes');
const match = createMatcher(readRoutes(DOCUMENT));

const CASES: readonly [
  method: string,
  path: string,
  functionName: string | undefined,
  parameters?: object,
][] = [
  ['GET', '/v1/things', 'list-things'],
  ['GET', '/v1/things/', 'list-things'],
  ['POST', '/v1/things', 'create-thing'],
  ['GET', '/v1/things/7', 'retrieve-thing', { id: '7' }],
  ['GET', '/v1/things/special', 'special-thing'],
  // The literal segment has no PUT, so the parameter takes it.
  ['PUT', '/v1/things/special', 'update-thing', { id: 'special' }],
  ['GET', '/v1/things/a%2Fb', 'retrieve-thing', { id: 'a/b' }],
  ['GET', '/v1/things/7/files/a', 'read-file', { id: '7', name: 'a' }],
  ['GET', '/v1/things/7/files', undefined],
  ['GET', '/v1/things//', undefined],
  ['GET', '/', undefined],
  ['GET', '/v1', undefined],
  ['GET', '/v1/things/7/more', undefined],
  ['DELETE', '/v1/things', undefined],
];
for (const [method, path, functionName, parameters = {}] of CASES) {
  t(`lead ${method} ${path} to ${functionName ?? 'nothing'}`, () => {
    const found = match(method, path);
    assert.is(found?.route.functionName, functionName);
    if (found !== undefined) assert.equal(found.pathParameters, parameters);
  });
}

t('need an authorizer where an API key is asked for, and nowhere else', () => {
  const isAuthorized = (method: string, path: string) => match(method, path)?.route.isAuthorized;
  assert.is(isAuthorized('GET', '/v1/things'), true);
  assert.is(isAuthorized('POST', '/open'), false);
  assert.is(isAuthorized('POST', '/internal/1'), false);
});

t('with a parameter of several segments are refused at the start', () => {
  const document = { paths: { '/files/{proxy+}': { get: { operationId: 'readFile' } } } };
  assert.throws(() => readRoutes(document), '/files/{proxy+}: one machine matches single segments only');
});

t('of the contract all have a name and a path', () => {
  const document = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../../functions/openapi.json'), 'utf8'),
  ) as OpenApi;
  const routes = readRoutes(document);
  const matchContract = createMatcher(routes);
  assert.ok(routes.length > 10);
  for (const route of routes) {
    const path = route.resource.replaceAll(/\{\w+\}/g, 'x');
    assert.is(matchContract(route.method, path)?.route, route);
  }
});

t.run();
