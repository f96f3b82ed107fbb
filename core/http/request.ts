import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Access } from '../domain/api-key.ts';
import { AppError } from '../domain/errors.ts';
import { isOwnedBy } from '../domain/ownership.ts';

/** What a use case sees of an HTTP request. Body, query and path have passed the contract's schema. */
export interface ApiRequest<Body = unknown, Query = Record<string, never>> {
  readonly requestId: string;
  /** Method and path as the contract has them: `GET /v1/sessions/{id}`. */
  readonly route: string;
  readonly access: Access;
  readonly body: Body;
  readonly query: Query;
  readonly pathId: string;
  /** The bearer token, of routes that containers call. */
  readonly bearerToken: string | undefined;
  /** Scheme, host and stage under which this API was reached: containers call back there. */
  readonly baseUrl: string;
}

export function toApiRequest<Body, Query>(event: APIGatewayProxyEvent): ApiRequest<Body, Query> {
  const { requestContext } = event;
  return {
    requestId: requestContext.requestId,
    route: `${event.httpMethod} ${event.resource}`,
    access: accessOf(requestContext.authorizer),
    body: event.body as Body,
    query: (event.queryStringParameters ?? {}) as Query,
    pathId: event.pathParameters?.id ?? '',
    bearerToken: /^Bearer (\S+)$/i.exec(headerOf(event, 'authorization') ?? '')?.[1],
    baseUrl: baseUrlOf(event),
  };
}

/** The authorizer's context, whose values API Gateway carries as text. */
function accessOf(context: APIGatewayProxyEvent['requestContext']['authorizer']): Access {
  const projectIds = typeof context?.projectIds === 'string' ? context.projectIds.split(',') : [];
  return { projectId: String(context?.projectId ?? ''), projectIds };
}

function baseUrlOf(event: APIGatewayProxyEvent): string {
  const { domainName, stage } = event.requestContext;
  const scheme = headerOf(event, 'x-forwarded-proto') === 'http' ? 'http' : 'https';
  return `${scheme}://${domainName ?? ''}${stage === '$default' ? '' : `/${stage}`}`;
}

function headerOf(event: APIGatewayProxyEvent, wanted: string): string | undefined {
  const name = Object.keys(event.headers ?? {}).find((candidate) => candidate.toLowerCase() === wanted);
  return name === undefined ? undefined : event.headers[name];
}

/** The project a request is about: the one its body names, or the one its header (or its key) gave. */
export function projectOf(access: Access, named: string | undefined): string {
  if (named === undefined) return access.projectId;
  if (!isOwnedBy(access.projectIds, { projectId: named })) throw new AppError('PROJECT_FORBIDDEN', [named]);
  return named;
}
