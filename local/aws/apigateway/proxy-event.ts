/** The event of a Lambda proxy integration (REST API, payload version 1.0). */
import type { APIGatewayEventRequestContext, APIGatewayProxyEvent } from 'aws-lambda';
import type { Route } from './routes.ts';
import type { HeaderValues } from './viewer-request.ts';

export const API_ID = 'local';
export const STAGE = '$default';

export interface GatewayRequest {
  readonly route: Route;
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>> | null;
  readonly query: URLSearchParams;
  readonly headers: HeaderValues;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly domainName: string;
  readonly accountId: string;
  readonly receivedAt: Date;
}

export type AuthorizerContext = Readonly<Record<string, string | number>>;

// Names as API Gateway and CloudFront write them; all others are as the client wrote them, here in lower case.
const WRITTEN_NAMES: Readonly<Record<string, string>> = {
  host: 'Host',
  'user-agent': 'User-Agent',
  'x-forwarded-for': 'X-Forwarded-For',
  'x-forwarded-port': 'X-Forwarded-Port',
  'x-forwarded-proto': 'X-Forwarded-Proto',
};

/** All but the body. */
export type ProxyEventHead = Omit<APIGatewayProxyEvent, 'body' | 'isBase64Encoded'>;

/** For several values of one name: the last one, and all of them. Null when there is none, as API Gateway has it. */
function singleAndMulti(entries: Iterable<[string, readonly string[]]>) {
  const single: Record<string, string> = {};
  const multi: Record<string, string[]> = {};
  for (const [name, values] of entries) {
    single[name] = values.at(-1) ?? '';
    multi[name] = [...values];
  }
  return Object.keys(single).length === 0 ? { single: null, multi: null } : { single, multi };
}

const headerEntries = (headers: HeaderValues) =>
  [...headers].map(([name, values]): [string, readonly string[]] => [WRITTEN_NAMES[name] ?? name, values]);

const queryEntries = (query: URLSearchParams) =>
  [...new Set(query.keys())].map((name): [string, string[]] => [name, query.getAll(name)]);

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** 09/Apr/2026:12:34:56 +0000 */
function formatRequestTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}`;
  return `${day}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`;
}

function toRequestContext(request: GatewayRequest): Record<string, unknown> {
  const { route, receivedAt, domainName } = request;
  return {
    accountId: request.accountId,
    apiId: API_ID,
    domainName,
    domainPrefix: domainName.split('.')[0],
    extendedRequestId: request.requestId,
    httpMethod: route.method,
    identity: { sourceIp: request.sourceIp, userAgent: request.headers.get('user-agent')?.at(-1) ?? null },
    path: request.path,
    protocol: 'HTTP/1.1',
    requestId: request.requestId,
    requestTime: formatRequestTime(receivedAt),
    requestTimeEpoch: receivedAt.getTime(),
    resourceId: `${route.method} ${route.resource}`,
    resourcePath: route.resource,
    stage: STAGE,
  };
}

export function toEventHead(request: GatewayRequest): ProxyEventHead {
  const headers = singleAndMulti(headerEntries(request.headers));
  const query = singleAndMulti(queryEntries(request.query));
  return {
    resource: request.route.resource,
    path: request.path,
    httpMethod: request.route.method,
    headers: headers.single ?? {},
    multiValueHeaders: headers.multi ?? {},
    queryStringParameters: query.single,
    multiValueQueryStringParameters: query.multi,
    pathParameters: request.pathParameters === null ? null : { ...request.pathParameters },
    stageVariables: null,
    requestContext: toRequestContext(request) as unknown as APIGatewayEventRequestContext,
  };
}

export function toProxyEvent(
  head: ProxyEventHead,
  authorizer: AuthorizerContext | undefined,
  body: Buffer,
  isBinary: boolean,
): APIGatewayProxyEvent {
  return {
    ...head,
    requestContext: { ...head.requestContext, ...(authorizer === undefined ? {} : { authorizer }) } as never,
    body: body.length === 0 ? null : body.toString(isBinary ? 'base64' : 'utf8'),
    isBase64Encoded: isBinary && body.length > 0,
  };
}
