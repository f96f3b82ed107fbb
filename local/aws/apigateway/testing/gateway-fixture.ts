/** A gateway over functions that are object literals, for tests. */
import { Readable } from 'node:stream';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as assert from 'uvu/assert';
import { createManualClock } from '../../../../core/testing/manual-clock.ts';
import { recordLog } from '../../../../core/testing/record-log.ts';
import { FunctionError } from '../../lambda/errors.ts';
import type { StreamedResponse } from '../../lambda/lambda.ts';
import type { Listener } from '../../wire/listen.ts';
import { createGateway } from '../gateway.ts';
import { listenToClients } from '../http-listener.ts';
import type { OpenApi } from '../routes.ts';

const operation = (operationId: string, extra: object = {}) => ({
  operationId,
  security: [{ apiKey: [] }],
  ...extra,
});
const integration = (settings: object) => ({ 'x-amazon-apigateway-integration': settings });

export const IDENTITY = ['x-bb-api-key', 'x-wc-api-key', 'x-bb-project-id', 'x-wc-project-id'];

export const DOCUMENT: OpenApi = {
  'x-amazon-apigateway-binary-media-types': ['multipart/form-data'],
  paths: {
    '/health': {
      get: operation('health', {
        security: [],
        ...integration({
          type: 'mock',
          requestTemplates: { 'application/json': '{"statusCode": 200}' },
          responses: {
            default: { statusCode: '200', responseTemplates: { 'application/json': '{"status":"ok"}' } },
          },
        }),
      }),
    },
    '/v1/constant': {
      get: operation(
        'constant',
        integration({
          type: 'mock',
          requestTemplates: { 'application/json': '{"statusCode": 200}' },
          responses: { default: { statusCode: '200', responseTemplates: { 'application/json': '{}' } } },
        }),
      ),
    },
    '/v1/things': {
      get: operation('listThings'),
      post: operation('createThing', integration({ responseTransferMode: 'STREAM', timeoutInMillis: 300 })),
    },
    '/v1/things/{id}': { get: operation('retrieveThing'), put: operation('updateThing') },
    '/v1/things/special': { get: operation('specialThing') },
    '/v1/things/{id}/files/{name}': { get: operation('readFile') },
    '/open': { post: operation('openThing', { security: [], ...integration({ timeoutInMillis: 300 }) }) },
    '/internal/{id}': { post: operation('reportThing', { security: [{ controllerToken: [] }] }) },
  },
  components: {
    securitySchemes: {
      apiKey: {
        type: 'apiKey',
        'x-amazon-apigateway-authorizer': {
          identitySource: IDENTITY.map((name) => `method.request.header.${name}`).join(', '),
          authorizerResultTtlInSeconds: 60,
        },
      },
      controllerToken: { type: 'http' },
    },
  },
};

export const VIEWER_REQUEST = `
const NAMES = ${JSON.stringify(IDENTITY)};
function handler(event) {
  for (const name of NAMES) if (!event.request.headers[name]) event.request.headers[name] = { value: '-' };
  return event.request;
}`;

export type Handler = (event: APIGatewayProxyEvent, left?: AbortSignal) => unknown;

export const policy = (Effect: string, Resource: string, context: object = {}) => ({
  principalId: 'somebody',
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] },
  context: { projectId: 'p1', count: 2, isOwner: true, ...context },
});

/** Allows the keys that begin with "good" for every route, and knows what else can happen. */
export const authorizer: Handler = (event) => {
  const key = event.headers['x-bb-api-key'] ?? '';
  const { methodArn } = event as unknown as { methodArn: string };
  const stage = methodArn.split('/').slice(0, 2).join('/');
  if (key === 'denied') return policy('Deny', `${stage}/*`, { message: 'The key was revoked' });
  if (key === 'elsewhere') return policy('Allow', `${stage}/GET/other`);
  if (key === 'malformed') return { principalId: 'somebody' };
  const errorMessage = key === 'broken' ? 'table gone' : 'Unauthorized';
  if (!key.startsWith('good')) throw new FunctionError('authorizer', { errorType: 'Error', errorMessage });
  return policy('Allow', `${stage}/*`);
};

export const streamed = (statusCode: number, chunks: readonly string[]): StreamedResponse => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: Readable.from(chunks.map((chunk) => Buffer.from(chunk))),
});

export interface Fixture {
  readonly log: ReturnType<typeof recordLog>;
  readonly gateway: Listener & { readonly url: string };
  /** Events by function, in the order in which they came. */
  readonly events: Map<string, APIGatewayProxyEvent[]>;
  /** Moves the gateway's clock. */
  advance(ms: number): void;
  /** How many timers of the gateway run. */
  timers(): number;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
}

/** `handlers` by function name; one that is not named answers 200 with its own event as the body. */
export async function startFixture(handlers: Record<string, Handler> = {}): Promise<Fixture> {
  const log = recordLog();
  const events = new Map<string, APIGatewayProxyEvent[]>();
  const clock = createManualClock(Date.UTC(2026, 3, 9, 12, 34, 56));
  const run = async (name: string, event: unknown, left?: AbortSignal): Promise<unknown> => {
    const own = event as APIGatewayProxyEvent;
    events.set(name, [...(events.get(name) ?? []), own]);
    const handler = { authorizer, ...handlers }[name];
    return handler === undefined ? { statusCode: 200, body: JSON.stringify(own) } : handler(own, left);
  };
  const listener = await listenToClients({ port: 0, onRequest: (...exchange) => onRequest(...exchange) });
  const domainName = `${listener.host}:${listener.port}`;
  const onRequest = createGateway({
    document: DOCUMENT,
    viewerRequestSource: VIEWER_REQUEST,
    functions: {
      invoke: run,
      invokeStreaming: async (name, event, left) => (await run(name, event, left)) as StreamedResponse,
    },
    region: 'us-west-2',
    accountId: '000000000000',
    domainName,
    logger: log.logger,
    now: clock.now,
    clock,
  });
  const gateway = { ...listener, url: `http://${domainName}` };
  return {
    log,
    gateway,
    events,
    advance: clock.advance,
    timers: clock.pending,
    get: (path, headers = { 'x-bb-api-key': 'good' }) => fetch(`${gateway.url}${path}`, { headers }),
  };
}

/** Fails unless the answer is an error in the shape of the API. */
export async function assertError(response: Response, status: number, error: string): Promise<void> {
  assert.is(response.status, status);
  assert.is(response.headers.get('content-type'), 'application/json');
  const body = (await response.json()) as Record<string, unknown>;
  assert.equal([body.statusCode, body.error, typeof body.message], [status, error, 'string']);
}
