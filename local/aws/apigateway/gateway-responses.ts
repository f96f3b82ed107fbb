/** The answers that API Gateway makes itself, by its own names for them and as Terraform declares them. */
export const GATEWAY_RESPONSES = {
  UNAUTHORIZED: [
    401,
    'Unauthorized',
    'The API key is missing: send it as x-bb-api-key, x-wc-api-key or Authorization: Bearer',
  ],
  ACCESS_DENIED: [401, 'Unauthorized', '$context.authorizer.message'],
  // API Gateway itself says 403 "Missing Authentication Token" for a route that it does not have.
  MISSING_AUTHENTICATION_TOKEN: [404, 'Not Found', 'Route not found'],
  REQUEST_TOO_LARGE: [
    413,
    'Payload Too Large',
    'The request body is too large; for a session, PUT the file to where its browser is (docs/uploads.md)',
  ],
  THROTTLED: [429, 'Too Many Requests', 'Too many requests, try again later'],
  AUTHORIZER_FAILURE: [500, 'Internal Server Error', 'The API key could not be checked: try again'],
  DEFAULT_4XX: [400, 'Bad Request', 'The request could not be understood'],
  DEFAULT_5XX: [
    500,
    'Internal Server Error',
    'The API failed before it could handle this request: try again',
  ],
  INTEGRATION_FAILURE: [502, 'Bad Gateway', 'The API failed while it handled this request: try again'],
  INTEGRATION_TIMEOUT: [504, 'Gateway Timeout', 'The API did not answer in time'],
} as const satisfies Record<string, readonly [statusCode: number, error: string, message: string]>;

export type GatewayResponseType = keyof typeof GATEWAY_RESPONSES;

/** What an authorizer said besides its policy. */
export type AuthorizerTexts = Readonly<Record<string, string | number>>;

/** Ends the handling of a request with one of the gateway's own answers. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly type: GatewayResponseType;
  readonly context: AuthorizerTexts;
  constructor(type: GatewayResponseType, options?: ErrorOptions & { readonly context?: AuthorizerTexts }) {
    super(GATEWAY_RESPONSES[type][2], options);
    this.type = type;
    this.context = options?.context ?? {};
  }
}

/** The status of an answer, and the body that every error of the API has. */
export function gatewayBody(
  type: GatewayResponseType,
  context: AuthorizerTexts = {},
): {
  readonly statusCode: number;
  readonly body: string;
} {
  const [statusCode, error, message] = GATEWAY_RESPONSES[type];
  const template = JSON.stringify({ statusCode, error, message });
  // No more than API Gateway's own templates of these answers: a variable becomes its text, and nothing is escaped.
  const body = template.replaceAll(/\$context\.authorizer\.(\w+)/g, (_, name) => String(context[name] ?? ''));
  return { statusCode, body };
}
