/** How a service writes its answers. */
export type Protocol = 'json' | 'query' | 'rest-xml';

/** A refusal in the service's own words: `code` is what the SDK turns into the exception's name. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;
  /** The code of the older query protocol, where SQS still reports it in a header. */
  readonly queryCode: string | undefined;

  constructor(code: string, message: string, options: { status?: number; queryCode?: string } = {}) {
    super(message);
    this.code = code;
    this.status = options.status ?? 400;
    this.queryCode = options.queryCode;
  }
}

/** What every service may have to say, in the word of each protocol: about a signature, about rights, about itself. */
const COMMON_CODES = {
  missing: ['MissingAuthenticationTokenException', 'MissingAuthenticationToken', 'AccessDenied'],
  malformed: ['IncompleteSignatureException', 'IncompleteSignature', 'AuthorizationHeaderMalformed'],
  'unknown-key': ['UnrecognizedClientException', 'InvalidClientTokenId', 'InvalidAccessKeyId'],
  mismatch: ['InvalidSignatureException', 'SignatureDoesNotMatch', 'SignatureDoesNotMatch'],
  expired: ['InvalidSignatureException', 'SignatureDoesNotMatch', 'AccessDenied'],
  denied: ['AccessDeniedException', 'AuthorizationError', 'AccessDenied'],
  internal: ['InternalServerError', 'InternalFailure', 'InternalError'],
} as const satisfies Record<string, readonly [json: string, query: string, restXml: string]>;

const PROTOCOLS: readonly Protocol[] = ['json', 'query', 'rest-xml'];

/** A refusal that is worded once the protocol is known. */
export class CommonFault extends Error {
  override readonly name = 'CommonFault';
  readonly kind: keyof typeof COMMON_CODES;
  constructor(kind: keyof typeof COMMON_CODES, message: string) {
    super(message);
    this.kind = kind;
  }
}

/** An error as `protocol` says it; one that is no refusal is a fault of ours, whose text stays in our log. */
export function toAwsError(error: unknown, protocol: Protocol): AwsError {
  if (error instanceof AwsError) return error;
  const fault =
    error instanceof CommonFault
      ? error
      : new CommonFault('internal', 'The stand-in failed; its log says why');
  const code = COMMON_CODES[fault.kind][PROTOCOLS.indexOf(protocol)] ?? fault.kind;
  if (fault.kind === 'internal') return new AwsError(code, fault.message, { status: 500 });
  const isBadRequest = protocol === 'json' || fault.kind === 'malformed';
  return new AwsError(code, fault.message, { status: isBadRequest ? 400 : 403 });
}
