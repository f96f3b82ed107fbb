/** The event of a Lambda proxy integration (REST API, payload version 1.0), as far as functions read it. */
import type { RouteMatch } from './routes.ts';
import type { Headers } from './viewer-request.ts';

export const API_ID = 'local';
export const STAGE = '$default';

export interface GatewayRequest extends RouteMatch {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly sourceIp: string;
  readonly requestId: string;
  readonly domainName: string;
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
export type ProxyEventHead = ReturnType<typeof toEventHead>;

/** API Gateway says null where there is none. Of several values of one name it has the last. */
const orNull = (entries: Iterable<readonly [string, string]>): Record<string, string> | null => {
  const map = Object.fromEntries(entries);
  return Object.keys(map).length === 0 ? null : map;
};

export function toEventHead({ route, path, query, headers, ...request }: GatewayRequest) {
  const named = Object.entries(headers).map(([name, value]) => [WRITTEN_NAMES[name] ?? name, value]);
  return {
    resource: route.resource,
    path,
    httpMethod: route.method,
    headers: Object.fromEntries(named) as Headers,
    queryStringParameters: orNull(query),
    pathParameters: orNull(Object.entries(request.pathParameters)),
    requestContext: {
      apiId: API_ID,
      domainName: request.domainName,
      httpMethod: route.method,
      identity: { sourceIp: request.sourceIp },
      path,
      requestId: request.requestId,
      resourcePath: route.resource,
      stage: STAGE,
    },
  };
}

export const toProxyEvent = (
  head: ProxyEventHead,
  authorizer: AuthorizerContext | undefined,
  { bytes, isBinary }: { readonly bytes: Buffer; readonly isBinary: boolean },
) => ({
  ...head,
  requestContext: { ...head.requestContext, ...(authorizer === undefined ? {} : { authorizer }) },
  body: bytes.length === 0 ? null : bytes.toString(isBinary ? 'base64' : 'utf8'),
  isBase64Encoded: isBinary && bytes.length > 0,
});

/** Whether a body is handed on as base64: by its type alone, whatever parameters it has. */
export function isBinaryType(contentType: string | undefined, binaryTypes: readonly string[]): boolean {
  const [type = ''] = (contentType ?? '').split(';');
  return binaryTypes.includes(type.trim().toLowerCase());
}
