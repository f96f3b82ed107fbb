/** Every way in which a token can be wrong, made from one that is right. */
import { createHmac, generateKeyPairSync, sign as signBytes } from 'node:crypto';
import { signToken } from '../../../core/tokens/sign-token.ts';
import type { TokenAudience, TokenClaims, TokenKeySet } from '../../../core/tokens/tokens.ts';

const AUDIENCES: readonly TokenAudience[] = [
  'cdp',
  'controller',
  'live',
  'warm',
  'claim',
  'upload',
  'replay',
];

export interface WrongToken {
  readonly what: string;
  readonly token: string;
}

export interface RightToken {
  readonly keySet: TokenKeySet;
  readonly keyId: string;
  /** What the door takes. */
  readonly audiences: readonly TokenAudience[];
  readonly claims: TokenClaims;
  /** The door takes a token of this session only; another one is of a session that is there too. */
  readonly otherSessionId: string | undefined;
}

const part = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const read = (token: string, index: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString());

/** Any header and payload, signed by a private key as a JWT is. */
function signAny(header: object, payload: object, privateKey: string): string {
  const text = `${part(header)}.${part(payload)}`;
  const signature = signBytes('sha256', Buffer.from(text), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

export function wrongTokens(right: RightToken): readonly WrongToken[] {
  const { keySet, keyId, audiences, claims } = right;
  const [audience = 'cdp'] = audiences;
  const token = signToken(keySet, keyId, audience, claims);
  return [...misused(right), ...forged(right, token), ...broken(token)];
}

/** Ours, and for something else: another door, another session, another time. */
function misused({ keySet, keyId, audiences, claims, otherSessionId }: RightToken): WrongToken[] {
  const [audience = 'cdp'] = audiences;
  const sign = (changes: Partial<TokenClaims>, of: TokenAudience = audience) =>
    signToken(keySet, keyId, of, { ...claims, ...changes });
  const others = AUDIENCES.filter((other) => !audiences.includes(other));
  return [
    ...others.map((other) => ({ what: `of the audience ${other}`, token: sign({}, other) })),
    { what: 'expired a second ago', token: sign({ expiresAt: new Date(Date.now() - 1_000) }) },
    { what: 'expired in 1970', token: sign({ expiresAt: new Date(0) }) },
    ...(otherSessionId === undefined
      ? []
      : [{ what: 'of another session', token: sign({ sessionId: otherSessionId }) }]),
  ];
}

/** What nobody of ours has signed, or not so. */
function forged({ keySet, keyId }: RightToken, token: string): WrongToken[] {
  const { publicKey = '', privateKey = '' } = keySet.keys[keyId] ?? {};
  const [header, payload] = [read(token, 0), read(token, 1)];
  const [head = '', body = '', signature = ''] = token.split('.');
  const own = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const unsigned = (alg: string) => `${part({ ...header, alg })}.${body}`;
  const hmac = (alg: string, hash: string, key: string) => {
    const text = unsigned(alg);
    return `${text}.${createHmac(hash, key).update(text).digest('base64url')}`;
  };
  const der = signBytes('sha256', Buffer.from(`${head}.${body}`), privateKey).toString('base64url');
  const later = Math.floor(Date.now() / 1_000) + 600;
  return [
    { what: 'not yet good', token: signAny(header, { ...payload, nbf: later }, privateKey) },
    { what: 'without an end', token: signAny(header, { ...payload, exp: undefined }, privateKey) },
    { what: 'without a session', token: signAny(header, { ...payload, sub: undefined }, privateKey) },
    { what: 'of another issuer', token: signAny(header, { ...payload, iss: 'somebody' }, privateKey) },
    ...['none', 'None', 'NONE'].map((alg) => ({ what: `alg ${alg}`, token: `${unsigned(alg)}.` })),
    { what: 'alg none with the signature', token: `${unsigned('none')}.${signature}` },
    { what: 'HS256 with the public key', token: hmac('HS256', 'sha256', publicKey) },
    { what: 'HS512 with the public key', token: hmac('HS512', 'sha512', publicKey) },
    { what: 'HS256 with nothing', token: hmac('HS256', 'sha256', '') },
    { what: 'alg ES384', token: `${unsigned('ES384')}.${signature}` },
    { what: 'signed by a stranger', token: signAny(header, payload, own.privateKey) },
    {
      what: 'signed by a key that it brings along',
      token: signAny({ ...header, jwk: { kty: 'EC' }, jku: 'http://127.0.0.1/k' }, payload, own.privateKey),
    },
    { what: 'signed in DER', token: `${head}.${body}.${der}` },
    { what: 'changed', token: `${head}.${part({ ...payload, prj: 'other' })}.${signature}` },
    ...['../../../../etc/passwd', '__proto__', 'constructor', '', 'nobodys', `${keyId}\u0000`].map((kid) => ({
      what: `kid ${JSON.stringify(kid)}`,
      token: signAny({ ...header, kid }, payload, privateKey),
    })),
    { what: 'without a kid', token: signAny({ alg: 'ES256' }, payload, privateKey) },
  ];
}

/** What is no token any more, or none alone. */
const broken = (token: string): WrongToken[] => [
  { what: 'nothing', token: '' },
  { what: 'a dot', token: '.' },
  { what: 'two dots', token: '..' },
  { what: 'the word undefined', token: 'undefined' },
  { what: 'without its last letters', token: token.slice(0, -8) },
  { what: 'its first half', token: token.slice(0, token.length / 2) },
  { what: 'without its signature', token: token.split('.').slice(0, 2).join('.') },
  { what: 'with an empty signature', token: `${token.split('.').slice(0, 2).join('.')}.` },
  { what: 'two with a comma', token: `${token},${token}` },
  { what: 'two with a space', token: `${token} ${token}` },
  { what: 'with a line end', token: `${token}\n` },
  { what: 'with a zero byte', token: `${token}\u0000` },
  { what: 'with a part more', token: `${token}.AAAA` },
  { what: 'in capitals', token: token.toUpperCase() },
  { what: 'very long', token: `${token}${'A'.repeat(4_000)}` },
  { what: 'with a prefix', token: `Bearer ${token}` },
];
