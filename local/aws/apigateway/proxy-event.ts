/** The event of a Lambda proxy integration (REST API, payload version 1.0), as far as functions read it. */
import type { APIGatewayEventRequestContext, APIGatewayProxyEvent } from 'aws-lambda';
import type { RouteMatch } from './routes.ts';
import type { HeaderValues } from './viewer-request.ts';

export const API_ID = 'local';
export const STAGE = '$default';

export interface GatewayRequest extends RouteMatch {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: HeaderValues;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly domainName: string;
  readonly accountId: string;
  readonly receivedAtMs: number;
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

type Entries = readonly (readonly [name: string, values: readonly string[]])[];

/** Of several values of one name the last. */
const lastOf = (entries: Entries): Record<string, string> =>
  Object.fromEntries(entries.map(([name, values]) => [name, values.at(-1) ?? '']));

const allOf = (entries: Entries): Record<string, string[]> =>
  Object.fromEntries(entries.map(([name, values]) => [name, [...values]]));

/** API Gateway says null where there is none. */
const orNull = <T extends object>(map: T): T | null => (Object.keys(map).length === 0 ? null : map);

export function toEventHead(request: GatewayRequest): ProxyEventHead {
  const { route, query } = request;
  const headers = [...request.headers].map(
    ([name, values]) => [WRITTEN_NAMES[name] ?? name, values] as const,
  );
  const parameters = [...new Set(query.keys())].map((name) => [name, query.getAll(name)] as const);
  return {
    resource: route.resource,
    path: request.path,
    httpMethod: route.method,
    headers: lastOf(headers),
    multiValueHeaders: allOf(headers),
    queryStringParameters: orNull(lastOf(parameters)),
    multiValueQueryStringParameters: orNull(allOf(parameters)),
    pathParameters: orNull({ ...request.pathParameters }),
    stageVariables: null,
    requestContext: toRequestContext(request) as unknown as APIGatewayEventRequestContext,
  };
}

const toRequestContext = (request: GatewayRequest): Record<string, unknown> => ({
  accountId: request.accountId,
  apiId: API_ID,
  domainName: request.domainName,
  httpMethod: request.route.method,
  identity: { sourceIp: request.sourceIp, userAgent: request.headers.get('user-agent')?.at(-1) ?? null },
  path: request.path,
  requestId: request.requestId,
  requestTimeEpoch: request.receivedAtMs,
  resourcePath: request.route.resource,
  stage: STAGE,
});

export const toProxyEvent = (
  head: ProxyEventHead,
  authorizer: AuthorizerContext | undefined,
  body: Buffer,
): APIGatewayProxyEvent => ({
  ...head,
  requestContext: { ...head.requestContext, ...(authorizer === undefined ? {} : { authorizer }) } as never,
  body: body.length === 0 ? null : body.toString('utf8'),
  isBase64Encoded: false,
});
