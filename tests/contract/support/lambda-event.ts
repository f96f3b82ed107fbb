/** What API Gateway hands over, as far as a test says it. */
export interface Sent {
  readonly method: string;
  /** As the contract has it. */
  readonly route: string;
  readonly id?: string;
  readonly deliveryId?: string;
  readonly pageId?: string;
  readonly token?: string;
  readonly projectId?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is. */
  readonly body?: object | string;
  /** Instead of it: a body of another type, as API Gateway hands over what is no text. */
  readonly bytes?: Buffer;
}

/** What Lambda hands over beside an event. */
export const LAMBDA_CONTEXT = { getRemainingTimeInMillis: () => 50_000, awsRequestId: 'r' };
let requests = 0;

export const eventOf = ({
  method,
  route,
  id,
  deliveryId,
  pageId,
  token,
  projectId = '',
  query,
  headers = {},
  body,
  bytes,
}: Sent) => ({
  httpMethod: method,
  resource: route,
  path: route,
  headers: { 'content-type': 'application/json', ...headers },
  pathParameters: pathParametersOf({ id, deliveryId, pageId, token }),
  queryStringParameters: query ?? null,
  body: bytes?.toString('base64') ?? (typeof body === 'object' ? JSON.stringify(body) : (body ?? null)),
  isBase64Encoded: bytes !== undefined,
  requestContext: {
    requestId: `r${++requests}`,
    domainName: 'api.example',
    stage: 'prod',
    authorizer: { projectId, projectIds: projectId },
  },
});

/** Null where there are none, as API Gateway has it. */
function pathParametersOf(named: Readonly<Record<string, string | undefined>>) {
  const given = Object.entries(named).filter(([, value]) => value !== undefined);
  return given.length === 0 ? null : Object.fromEntries(given);
}
