import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** The request as SigV4 sees it: raw path and query, so that nothing is normalised on the way. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: IncomingHttpHeaders;
}

export interface CredentialScope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';
const TERMINATOR = 'aws4_request';

const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const escapeRfc3986 = (text: string): string =>
  encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

const canonicalQuery = (query: RequestHead['query']): string =>
  query
    .map(([name, value]) => [escapeRfc3986(name), escapeRfc3986(value)] as const)
    .sort((left, right) => compare(left[0], right[0]) || compare(left[1], right[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');

const headerText = (value: string | string[] | undefined): string =>
  (Array.isArray(value) ? value.join(',') : (value ?? '')).trim().replace(/\s+/g, ' ');

/** Where a scope ends in the string to sign and in `Credential=`. */
export const scopeText = ({ date, region, service }: CredentialScope): string =>
  `${date}/${region}/${service}/${TERMINATOR}`;

/**
 * The signature that a holder of `secretAccessKey` gives this request (AWS General Reference, Signature Version 4).
 * Written out here rather than asked of the SDK, so that the SDK's own signer is checked by something else.
 */
export function computeSignature(
  head: RequestHead,
  parts: {
    readonly scope: CredentialScope;
    readonly amzDate: string;
    readonly signedHeaders: readonly string[];
    readonly payloadHash: string;
  },
  secretAccessKey: string,
): string {
  const canonicalRequest = [
    head.method,
    head.path,
    canonicalQuery(head.query),
    ...parts.signedHeaders.map((name) => `${name}:${headerText(head.headers[name])}`),
    '',
    parts.signedHeaders.join(';'),
    parts.payloadHash,
  ].join('\n');
  const stringToSign = [ALGORITHM, parts.amzDate, scopeText(parts.scope), sha256Hex(canonicalRequest)].join(
    '\n',
  );
  const { date, region, service } = parts.scope;
  const dateKey = hmac(`AWS4${secretAccessKey}`, date);
  const signingKey = hmac(hmac(hmac(dateKey, region), service), TERMINATOR);
  return createHmac('sha256', signingKey).update(stringToSign).digest('hex');
}
