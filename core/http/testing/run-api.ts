import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { createLogger } from '../../log/logger.ts';
import { createManualClock } from '../../testing/manual-clock.ts';
import { type ApiOptions, api, type EventValidator } from '../api.ts';
import type { ApiRequest } from '../request.ts';
import type { ApiResponse } from '../response.ts';

/** Takes every request for one of the contract. */
export const accept: EventValidator = () => true;

/** As API Gateway hands over a POST. */
export const event = (extra: Partial<APIGatewayProxyEvent> = {}) =>
  ({
    httpMethod: 'POST',
    resource: '/v1/things/{id}',
    headers: { 'Content-Type': 'application/json', 'X-Forwarded-Proto': 'https' },
    body: '{"a":1}',
    isBase64Encoded: false,
    pathParameters: { id: 'x' },
    queryStringParameters: null,
    requestContext: {
      requestId: 'req-1',
      domainName: 'api.example',
      stage: 'prod',
      authorizer: { projectId: 'a', projectIds: 'a,b' },
    },
    ...extra,
  }) as APIGatewayProxyEvent;

export const context = { getRemainingTimeInMillis: () => 10_000 } as Context;

/** Runs the whole stack around `handle` and returns what API Gateway would get, and what was logged. */
export async function run(
  handle: (request: ApiRequest) => Promise<ApiResponse>,
  incoming = event(),
  validate: EventValidator = accept,
  options: Pick<ApiOptions, 'multipart'> = {},
) {
  const lines: string[] = [];
  const logger = createLogger({}, (line) => lines.push(line));
  const clock = createManualClock();
  const handler = api({ logger, clock, validate, ...options }, handle);
  const result = (await handler(incoming, context, {} as never)) as APIGatewayProxyResult;
  return { result, lines, body: result.body === '' ? undefined : JSON.parse(result.body) };
}
