import { AwsError, type Protocol } from './aws-error.ts';

/** By protocol: each has its own word for what is wrong with a signature. */
const CODES = {
  missing: {
    json: 'MissingAuthenticationTokenException',
    query: 'MissingAuthenticationToken',
    'rest-xml': 'AccessDenied',
  },
  malformed: {
    json: 'IncompleteSignatureException',
    query: 'IncompleteSignature',
    'rest-xml': 'AuthorizationHeaderMalformed',
  },
  'unknown-key': {
    json: 'UnrecognizedClientException',
    query: 'InvalidClientTokenId',
    'rest-xml': 'InvalidAccessKeyId',
  },
  mismatch: {
    json: 'InvalidSignatureException',
    query: 'SignatureDoesNotMatch',
    'rest-xml': 'SignatureDoesNotMatch',
  },
  expired: {
    json: 'InvalidSignatureException',
    query: 'SignatureDoesNotMatch',
    'rest-xml': 'AccessDenied',
  },
} as const satisfies Record<string, Record<Protocol, string>>;

/** What is wrong with a request's signature. */
export class SignatureFault extends Error {
  override readonly name = 'SignatureFault';
  readonly kind: keyof typeof CODES;
  constructor(kind: keyof typeof CODES, message: string) {
    super(message);
    this.kind = kind;
  }
}

export const describeFault = ({ kind, message }: SignatureFault, protocol: Protocol): AwsError =>
  new AwsError(CODES[kind][protocol], message, {
    status: protocol === 'json' || kind === 'malformed' ? 400 : 403,
  });
