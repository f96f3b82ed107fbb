/** Signature Version 4: a request is signed again with the secret of its key, and must come to the same signature. */
import { type BinaryLike, createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Checksum, SourceData } from '@smithy/types';
import { CommonFault } from './aws-error.ts';

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A request as it came: the path is raw, so that nothing is normalised on the way. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
}

/** A request whose signature is right, and what the signature says about its body. */
export interface VerifiedSignature {
  readonly service: string;
  /** Whose signature it is. */
  readonly accessKeyId: string;
  /** Hex SHA-256 of the body, or one of the UNSIGNED and STREAMING words. */
  readonly payloadHash: string;
}

interface SignatureClaim extends VerifiedSignature {
  readonly date: string;
  readonly region: string;
  readonly signedAt: Date;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  /** Only of presigned URLs. */
  readonly expiresSeconds?: number;
}

const MAX_SKEW_MS = 15 * 60_000;
const MAX_PRESIGNED_SECONDS = 7 * 86_400;
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;
/** What the signer itself adds to a URL. */
const ADDED = /^X-Amz-(?:Algorithm|Credential|Date|Expires|SignedHeaders|Signature)$/;

const malformed = (what: string) => new CommonFault('malformed', `The signature is malformed: ${what}`);

/** Node's SHA-256 as the signer wants it, with a key or without. */
export class Sha256 implements Checksum {
  readonly #hash;
  constructor(key?: SourceData) {
    this.#hash = key === undefined ? createHash('sha256') : createHmac('sha256', key as BinaryLike);
  }
  update(data: Uint8Array): void {
    this.#hash.update(data);
  }
  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }
  reset(): void {}
}

/** Checks key, signature, time, region and that every header that matters is signed. Rejects with a CommonFault. */
export async function verifySignature(
  head: RequestHead,
  options: {
    /** The secret of an access key; undefined when nobody here holds it. */
    readonly secretOf: (accessKeyId: string) => string | undefined;
    readonly region: string;
    readonly now: Date;
  },
): Promise<VerifiedSignature> {
  const claim = head.query.has('X-Amz-Signature') ? readPresignedClaim(head) : readHeaderClaim(head);
  const { accessKeyId, service, payloadHash } = claim;
  const secret = options.secretOf(accessKeyId);
  if (secret === undefined)
    throw new CommonFault('unknown-key', 'The access key id is not one of this machine');
  if (claim.region !== options.region) throw malformed(`the credential is to be scoped to ${options.region}`);
  requireSignedHeaders(head, claim);
  const expected = await signAgain(head, claim, { accessKeyId, secretAccessKey: secret });
  if (!isSame(expected, claim.signature))
    throw new CommonFault('mismatch', 'The signature does not match the request and the secret key');
  checkTime(claim, options.now);
  return { service, accessKeyId, payloadHash };
}

/** In constant time, whatever their lengths. */
const isSame = (one: string, other: string): boolean => timingSafeEqual(digestOf(one), digestOf(other));
const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

function readHeaderClaim({ headers }: RequestHead): SignatureClaim {
  if (headers.authorization === undefined) throw new CommonFault('missing', 'The request is not signed');
  const [, credential, signedHeaders = '', signature = ''] = AUTHORIZATION.exec(headers.authorization) ?? [];
  if (credential === undefined) throw malformed('the Authorization header cannot be read');
  const payloadHash = headers['x-amz-content-sha256'];
  if (typeof payloadHash !== 'string') throw malformed('x-amz-content-sha256 is missing');
  return {
    ...readCredential(credential),
    signedAt: readDate(headers['x-amz-date'], 'x-amz-date'),
    signedHeaders: signedHeaders.split(';'),
    signature,
    payloadHash,
  };
}

function readPresignedClaim({ query }: RequestHead): SignatureClaim {
  const named = (name: string): string => {
    const [value, ...others] = query.getAll(`X-Amz-${name}`);
    if (value === undefined) throw malformed(`X-Amz-${name} is missing`);
    if (others.length > 0) throw malformed(`X-Amz-${name} is there twice`);
    return value;
  };
  if (named('Algorithm') !== 'AWS4-HMAC-SHA256') throw malformed('X-Amz-Algorithm is to be AWS4-HMAC-SHA256');
  const expiresSeconds = /^[1-9]\d*$/.test(named('Expires')) ? Number(named('Expires')) : 0;
  if (expiresSeconds < 1 || expiresSeconds > MAX_PRESIGNED_SECONDS)
    throw malformed(`X-Amz-Expires is to be 1 to ${MAX_PRESIGNED_SECONDS}`);
  if ((query.get('X-Amz-Content-Sha256') ?? UNSIGNED_PAYLOAD) !== UNSIGNED_PAYLOAD)
    throw malformed(`X-Amz-Content-Sha256 is to be ${UNSIGNED_PAYLOAD}`);
  return {
    ...readCredential(named('Credential')),
    signedAt: readDate(named('Date'), 'X-Amz-Date'),
    signedHeaders: named('SignedHeaders').split(';'),
    signature: named('Signature'),
    payloadHash: UNSIGNED_PAYLOAD,
    expiresSeconds,
  };
}

function readCredential(
  credential: string,
): Pick<SignatureClaim, 'accessKeyId' | 'date' | 'region' | 'service'> {
  const [accessKeyId = '', date = '', region = '', service = '', terminator, ...rest] = credential.split('/');
  if (terminator !== 'aws4_request' || rest.length > 0)
    throw malformed('the credential scope cannot be read');
  return { accessKeyId, date, region, service };
}

function readDate(text: unknown, name: string): Date {
  if (typeof text !== 'string') throw malformed(`${name} is missing`);
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  const [, year, month, day, hour, minute, second] = parts ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(date.getTime())) throw malformed(`${name} cannot be read`);
  return date;
}

function requireSignedHeaders(head: RequestHead, { signedHeaders }: SignatureClaim): void {
  const mustBeSigned = Object.keys(head.headers).filter((name) => name.startsWith('x-amz-'));
  const unsigned = ['host', ...mustBeSigned].find((name) => !signedHeaders.includes(name));
  if (unsigned !== undefined) throw new CommonFault('mismatch', `The header ${unsigned} is not signed`);
}

/** The signature that the holder of `credentials` gives this request. */
async function signAgain(
  head: RequestHead,
  claim: SignatureClaim,
  credentials: AwsCredentials,
): Promise<string> {
  const { service, region, signedAt: signingDate, signedHeaders, expiresSeconds: expiresIn } = claim;
  const signer = new SignatureV4({ service, region, credentials, sha256: Sha256, uriEscapePath: false });
  const isPresigned = expiresIn !== undefined;
  const names = [...new Set(head.query.keys())].filter((name) => !isPresigned || !ADDED.test(name));
  const request = {
    method: head.method,
    protocol: 'http:',
    hostname: '',
    path: head.path,
    query: Object.fromEntries(names.map((name) => [name, head.query.getAll(name)])),
    headers: Object.fromEntries(
      signedHeaders.map((name) => [name, [head.headers[name] ?? ''].flat().join(',')]),
    ),
    // A body that cannot be hashed: of a presigned URL it is not signed.
    body: {},
  };
  const named = { signingDate, signableHeaders: new Set(signedHeaders) };
  if (isPresigned) {
    const options = { ...named, expiresIn, unhoistableHeaders: named.signableHeaders };
    return String((await signer.presign(request, options)).query?.['X-Amz-Signature']);
  }
  const { headers } = await signer.sign(request, named);
  return AUTHORIZATION.exec(headers.authorization ?? '')?.[3] ?? '';
}

function checkTime({ date, signedAt, expiresSeconds }: SignatureClaim, now: Date): void {
  if (date !== signedAt.toISOString().slice(0, 10).replaceAll('-', ''))
    throw malformed('its scope is of another day');
  const ageMs = now.getTime() - signedAt.getTime();
  if (ageMs < -MAX_SKEW_MS) throw new CommonFault('mismatch', 'The request is dated in the future');
  if (expiresSeconds !== undefined) {
    if (ageMs > expiresSeconds * 1000) throw new CommonFault('expired', 'Request has expired');
  } else if (ageMs > MAX_SKEW_MS) {
    throw new CommonFault('mismatch', 'Signature expired: the request is dated more than 15 minutes ago');
  }
}
