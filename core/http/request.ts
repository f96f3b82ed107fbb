import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { Access } from '../domain/api-key.ts';
import { AppError } from '../domain/errors.ts';
import { isOwnedBy } from '../domain/ownership.ts';
import type { Span } from '../tracing/tracing.ts';
import { bodyTextOf } from './body-text.ts';
import { type Caller, callerOf } from './caller.ts';
import { noteOn, type RequestNotes } from './request-notes.ts';
import { spanOf } from './trace-requests.ts';

/** What a use case sees of an HTTP request. Body, query and path have passed the contract's schema. */
export interface ApiRequest<Body = unknown, Query = Record<string, never>> {
  readonly requestId: string;
  /** Method and path as the contract has them: `GET /v1/sessions/{id}`. */
  readonly route: string;
  readonly access: Access;
  readonly body: Body;
  readonly query: Query;
  readonly pathId: string;
  /** All that the path names, by the contract's names: `pathId` is its `id`. */
  readonly pathIds: Readonly<Record<string, string | undefined>>;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body as it was sent. */
  readonly bodyText: string;
  readonly caller: Caller;
  /** The bearer token, of routes that containers call. */
  readonly bearerToken: string | undefined;
  /** Scheme, host and stage under which this API was reached: containers call back there. */
  readonly baseUrl: string;
  /** Adds to the request's line in the log. */
  readonly note: (notes: RequestNotes) => void;
  /** Of the request: what it does in parts is told by parts of it. */
  readonly span: Span;
}

export function toApiRequest<Body, Query>(event: APIGatewayProxyEvent): ApiRequest<Body, Query> {
  const { requestContext } = event;
  const headers = lowerCaseNames(event.headers);
  return {
    requestId: requestContext.requestId,
    route: `${event.httpMethod} ${event.resource}`,
    access: accessOf(requestContext.authorizer),
    body: event.body as Body,
    query: (event.queryStringParameters ?? {}) as Query,
    pathId: event.pathParameters?.id ?? '',
    pathIds: event.pathParameters ?? {},
    headers,
    bodyText: bodyTextOf(event),
    caller: callerOf(event),
    bearerToken: /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1],
    baseUrl: baseUrlOf(event, headers),
    note: (notes) => noteOn(event, notes),
    span: spanOf(event),
  };
}

/** The authorizer's context, whose values API Gateway carries as text. */
function accessOf(context: APIGatewayProxyEvent['requestContext']['authorizer']): Access {
  const projectIds = typeof context?.projectIds === 'string' ? context.projectIds.split(',') : [];
  return { projectId: String(context?.projectId ?? ''), projectIds };
}

function baseUrlOf({ requestContext }: APIGatewayProxyEvent, headers: ApiRequest['headers']): string {
  const { domainName, stage } = requestContext;
  const scheme = headers['x-forwarded-proto'] === 'http' ? 'http' : 'https';
  return `${scheme}://${domainName ?? ''}${stage === '$default' ? '' : `/${stage}`}`;
}

function lowerCaseNames(headers: APIGatewayProxyEvent['headers'] | null): Record<string, string> {
  const entries = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), value ?? '']);
  return Object.fromEntries(entries);
}

/** The project a request is about: the one its body names, or the one its header (or its key) gave. */
export function projectOf(access: Access, named: string | undefined): string {
  if (named === undefined) return access.projectId;
  if (!isOwnedBy(access.projectIds, { projectId: named })) throw new AppError('PROJECT_FORBIDDEN', [named]);
  return named;
}
