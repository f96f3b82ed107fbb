import { timingSafeEqual } from 'node:crypto';
import { ALGORITHM, type CredentialScope, computeSignature, type RequestHead } from './canonical-request.ts';
import { SignatureFault } from './signature-fault.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A request whose signature is right, and what the signature says about its body. */
export interface VerifiedSignature {
  readonly service: string;
  /** Whose signature it is. */
  readonly accessKeyId: string;
  /** Hex SHA-256 of the body, or one of the UNSIGNED and STREAMING words. */
  readonly payloadHash: string;
}

interface SignatureClaim {
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  readonly amzDate: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly payloadHash: string;
  /** Only of presigned URLs. */
  readonly expiresSeconds?: number;
}

const MAX_SKEW_MS = 15 * 60_000;
const MAX_PRESIGNED_SECONDS = 7 * 86_400;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

const malformed = (what: string) => new SignatureFault('malformed', `The signature is malformed: ${what}`);

/** Checks key, signature, time, region and that every header that matters is signed. Throws a SignatureFault. */
export function verifySignature(
  head: RequestHead,
  options: {
    /** The secret of an access key; undefined when nobody here holds it. */
    readonly secretOf: (accessKeyId: string) => string | undefined;
    readonly region: string;
    readonly now: Date;
  },
): VerifiedSignature {
  const presigned = head.query.some(([name]) => name === 'X-Amz-Signature');
  const claim = presigned ? readPresignedClaim(head) : readHeaderClaim(head);
  const secret = options.secretOf(claim.accessKeyId);
  if (secret === undefined) {
    throw new SignatureFault('unknown-key', 'The access key id is not one of this machine');
  }
  if (claim.scope.region !== options.region) {
    throw malformed(`the credential is to be scoped to ${options.region}`);
  }
  requireSignedHeaders(head, claim);
  const signedHead = { ...head, query: head.query.filter(([name]) => name !== 'X-Amz-Signature') };
  const expected = computeSignature(signedHead, claim, secret);
  if (!timingSafeEqual(Buffer.from(expected), Buffer.from(claim.signature))) {
    throw new SignatureFault('mismatch', 'The signature does not match the request and the secret key');
  }
  checkTime(claim, options.now);
  const { accessKeyId, scope, payloadHash } = claim;
  return { service: scope.service, accessKeyId, payloadHash };
}

function readHeaderClaim({ headers }: RequestHead): SignatureClaim {
  if (headers.authorization === undefined) throw new SignatureFault('missing', 'The request is not signed');
  const match = AUTHORIZATION.exec(headers.authorization);
  if (match === null) throw malformed('the Authorization header cannot be read');
  const [, credential = '', signedHeaders = '', signature = ''] = match;
  const payloadHash = headers['x-amz-content-sha256'];
  if (typeof payloadHash !== 'string') throw malformed('x-amz-content-sha256 is missing');
  const amzDate = headers['x-amz-date'];
  if (typeof amzDate !== 'string') throw malformed('x-amz-date is missing');
  return {
    ...readCredential(credential),
    amzDate,
    signedHeaders: signedHeaders.split(';'),
    signature,
    payloadHash,
  };
}

function readPresignedClaim({ query }: RequestHead): SignatureClaim {
  const parameters = new Map(query);
  const named = (name: string): string => {
    const value = parameters.get(name);
    if (value === undefined) throw malformed(`${name} is missing`);
    return value;
  };
  if (parameters.size !== query.length) throw malformed('a query parameter is there twice');
  if (named('X-Amz-Algorithm') !== ALGORITHM) throw malformed(`X-Amz-Algorithm is to be ${ALGORITHM}`);
  const expires = named('X-Amz-Expires');
  const expiresSeconds = /^\d{1,9}$/.test(expires) ? Number(expires) : Number.NaN;
  if (Number.isNaN(expiresSeconds) || expiresSeconds < 1 || expiresSeconds > MAX_PRESIGNED_SECONDS) {
    throw malformed(`X-Amz-Expires is to be 1 to ${MAX_PRESIGNED_SECONDS}`);
  }
  const signature = named('X-Amz-Signature');
  if (!/^[0-9a-f]{64}$/.test(signature)) throw malformed('X-Amz-Signature is not hex');
  return {
    ...readCredential(named('X-Amz-Credential')),
    amzDate: named('X-Amz-Date'),
    signedHeaders: named('X-Amz-SignedHeaders').split(';'),
    signature,
    payloadHash: parameters.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD',
    expiresSeconds,
  };
}

function readCredential(credential: string): { accessKeyId: string; scope: CredentialScope } {
  const [accessKeyId = '', date = '', region = '', service = '', terminator, ...rest] = credential.split('/');
  if (terminator !== 'aws4_request' || rest.length > 0)
    throw malformed('the credential scope cannot be read');
  return { accessKeyId, scope: { date, region, service } };
}

function requireSignedHeaders(head: RequestHead, { signedHeaders }: SignatureClaim): void {
  const mustBeSigned = Object.keys(head.headers).filter((name) => name.startsWith('x-amz-'));
  for (const name of ['host', ...mustBeSigned]) {
    if (!signedHeaders.includes(name))
      throw new SignatureFault('mismatch', `The header ${name} is not signed`);
  }
}

function checkTime({ amzDate, scope, expiresSeconds }: SignatureClaim, now: Date): void {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(amzDate);
  if (match === null || !amzDate.startsWith(scope.date)) throw malformed('the date cannot be read');
  const [, year, month, day, hour, minute, second] = match;
  const signedAt = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  const ageMs = now.getTime() - signedAt;
  if (ageMs < -MAX_SKEW_MS) throw new SignatureFault('mismatch', 'The request is dated in the future');
  if (expiresSeconds !== undefined) {
    if (ageMs > expiresSeconds * 1000) throw new SignatureFault('expired', 'Request has expired');
  } else if (ageMs > MAX_SKEW_MS) {
    throw new SignatureFault('mismatch', 'Signature expired: the request is dated more than 15 minutes ago');
  }
}
