import { AwsError, type Protocol } from './aws-error.ts';

export type SignatureFaultKind = 'missing' | 'malformed' | 'unknown-key' | 'mismatch' | 'skewed' | 'expired';

/** What is wrong with a request's signature; each protocol has its own word for it. */
export class SignatureFault extends Error {
  override readonly name = 'SignatureFault';
  readonly kind: SignatureFaultKind;
  constructor(kind: SignatureFaultKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

type Answer = readonly [code: string, status: number];

const ANSWERS: Record<SignatureFaultKind, Record<Protocol, Answer>> = {
  missing: {
    json: ['MissingAuthenticationTokenException', 400],
    query: ['MissingAuthenticationToken', 403],
    'rest-xml': ['AccessDenied', 403],
  },
  malformed: {
    json: ['IncompleteSignatureException', 400],
    query: ['IncompleteSignature', 400],
    'rest-xml': ['AuthorizationHeaderMalformed', 400],
  },
  'unknown-key': {
    json: ['UnrecognizedClientException', 400],
    query: ['InvalidClientTokenId', 403],
    'rest-xml': ['InvalidAccessKeyId', 403],
  },
  mismatch: {
    json: ['InvalidSignatureException', 400],
    query: ['SignatureDoesNotMatch', 403],
    'rest-xml': ['SignatureDoesNotMatch', 403],
  },
  skewed: {
    json: ['InvalidSignatureException', 400],
    query: ['SignatureDoesNotMatch', 403],
    'rest-xml': ['RequestTimeTooSkewed', 403],
  },
  expired: {
    json: ['InvalidSignatureException', 400],
    query: ['SignatureDoesNotMatch', 403],
    'rest-xml': ['AccessDenied', 403],
  },
};

export function describeFault(fault: SignatureFault, protocol: Protocol): AwsError {
  const [code, status] = ANSWERS[fault.kind][protocol];
  return new AwsError(code, fault.message, { status });
}
