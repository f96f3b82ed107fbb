/** A refusal in the service's own words: `code` is what the SDK turns into the exception's name. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  /** The code of the older query protocol, where SQS still reports it in a header. */
  readonly queryCode: string | undefined;

  constructor(code: string, message: string, { status = 400, queryCode }: AwsErrorOptions = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.queryCode = queryCode;
  }
}

interface AwsErrorOptions {
  readonly status?: number;
  readonly queryCode?: string;
}

/** How a service writes its answers. */
export type Protocol = 'json' | 'query' | 'rest-xml';

const INTERNAL_CODES: Record<Protocol, string> = {
  json: 'InternalServerError',
  query: 'InternalFailure',
  'rest-xml': 'InternalError',
};

const ACCESS_DENIED: Record<Protocol, readonly [code: string, status: number]> = {
  json: ['AccessDeniedException', 400],
  query: ['AuthorizationError', 403],
  'rest-xml': ['AccessDenied', 403],
};

export function accessDenied(message: string, protocol: Protocol): AwsError {
  const [code, status] = ACCESS_DENIED[protocol];
  return new AwsError(code, message, { status });
}

/** An AwsError as it is; anything else is a fault of ours, whose text stays in our log. */
export const toAwsError = (error: unknown, protocol: Protocol): AwsError =>
  error instanceof AwsError
    ? error
    : new AwsError(INTERNAL_CODES[protocol], 'The stand-in failed; its log says why', { status: 500 });
