/**
 * The platform's tokens: ES256 (RFC 7518, 3.4), each bound to one audience and one session.
 *
 * Only the Lambdas that answer with a token hold the private key. Containers and the router hold public keys only.
 */
/**
 * `cdp` and `live` are clients', `controller` is a container's for its session. `warm` is a container's that has none yet
 * (its subject is the warm id), and `claim` hands a session over to it.
 * `upload` is a function's, for the moment in which it hands a client's file on.
 * `replay` is of whoever was given the link to a session's recording, and opens nothing else.
 */
export type TokenAudience = 'cdp' | 'controller' | 'live' | 'warm' | 'claim' | 'upload' | 'replay';

/** Who may send a session a file: its clients, and the function to which they gave it. */
export const UPLOAD_AUDIENCES: readonly TokenAudience[] = ['cdp', 'upload'];

export interface TokenKey {
  readonly privateKey: string;
  readonly publicKey: string;
  /** When another key became the current one; absent in that one. */
  readonly retiredAt?: string;
}

/** The key pairs by key id; `current` signs for new sessions, the others for those that began with them. */
export interface TokenKeySet {
  readonly current: string;
  readonly keys: Readonly<Record<string, TokenKey>>;
}

/** How functions come by the key set: from its secret, read again now and then (core/aws/keys/load-token-keys.ts). */
export type LoadTokenKeys = () => Promise<TokenKeySet>;

/** Public keys (PEM) by key id. */
export type PublicKeys = Readonly<Record<string, string>>;

export interface TokenClaims {
  readonly sessionId: string;
  readonly projectId: string;
  /** Only in `live` tokens: the one page they open. */
  readonly pageId?: string;
  /** Whoever has it may watch, and not act. */
  readonly isViewOnly?: boolean;
  /** Only in `cdp` tokens: whoever has it may do all but end the browser. */
  readonly mayNotEnd?: boolean;
  /** In `claim` tokens, and in the `controller` tokens of a session that was claimed: the container it is for. */
  readonly warmId?: string;
  /** Only in `claim` tokens: the SHA-256 of the sealed body, base64url. */
  readonly bodyHash?: string;
  /** Only in `claim` tokens: `host:port` of the container, for the router. */
  readonly address?: string;
  /** Only in `controller` tokens: the request that asked for the session. */
  readonly requestId?: string;
  readonly expiresAt: Date;
}

export type TokenFault =
  | 'malformed'
  | 'unknown key'
  | 'bad signature'
  | 'expired'
  | 'wrong audience'
  | 'wrong session';

/** Says what is wrong with a token, and never holds the token. */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly fault: TokenFault;
  constructor(fault: TokenFault) {
    super(`The token is not accepted: ${fault}`);
    this.fault = fault;
  }
}

export const TOKEN_ISSUER = 'wallcrawler';

/** The public half of a key set: what a container or the router may know. */
export const publicKeysOf = (keySet: TokenKeySet): PublicKeys =>
  Object.fromEntries(Object.entries(keySet.keys).map(([keyId, { publicKey }]) => [keyId, publicKey]));
