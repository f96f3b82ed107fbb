import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import document from '../openapi.json' with { type: 'json' };
import { handler } from './answer-not-built.lambda.ts';

const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods)
    .filter(([, operation]) => 'x-wallcrawler-function' in operation)
    .map(([method]) => ({ method: method.toUpperCase(), path })),
);

const call = (httpMethod: string, resource: string, extra: Partial<APIGatewayProxyEvent> = {}) =>
  handler(
    {
      httpMethod,
      resource,
      headers: {},
      body: null,
      requestContext: { requestId: 'r', authorizer: { projectId: 'p', projectIds: 'p' } },
      ...extra,
    } as APIGatewayProxyEvent,
    { getRemainingTimeInMillis: () => 10_000 } as Context,
  ) as Promise<APIGatewayProxyResult>;

const notBuilt = suite('a route that is not built');

notBuilt('is a 501 by its name, which nobody repeats', async () => {
  assert.ok(routes.length > 30);
  for (const { method, path } of routes) {
    const { statusCode, headers, body } = await call(method, path);
    assert.equal([statusCode, headers?.['x-should-retry']], [501, 'false'], path);
    const { message } = JSON.parse(body);
    assert.ok(message.startsWith(`${method} ${path} is a known route that is not built here (`), message);
    assert.not.match(message, '(?)');
  }
});

notBuilt('does not read what is sent to it, whatever it is', async () => {
  for (const contentType of ['multipart/form-data; boundary=x', 'application/json', 'text/plain']) {
    const { statusCode } = await call('POST', '/v1/extensions', {
      headers: { 'content-type': contentType },
      body: '--x\r\n{',
    });
    assert.is(statusCode, 501, contentType);
  }
});

notBuilt('is 403 for a project that the key does not open, as all others are', async () => {
  const requestContext = { requestId: 'r', authorizer: { forbiddenProject: 'q' } };
  const { statusCode } = await call('GET', '/v1/downloads', { requestContext } as never);
  assert.is(statusCode, 403);
});

notBuilt.run();
