/** One item of the api-keys table. The key itself is shown once, when it is made, and stored nowhere. */
export interface ApiKey {
  readonly apiKeyHash: string;
  readonly name: string;
  readonly projectIds: readonly string[];
  readonly defaultProjectId: string;
  readonly status: 'ACTIVE' | 'REVOKED';
  readonly createdAt: string;
  readonly expiresAt?: string;
  /** By which people tell keys apart; unknown for keys from before it was kept, and for short ones. */
  readonly lastFour?: string;
  /** To the hour: the authorizer notes it at most that often. */
  readonly lastUsedAt?: string;
  readonly revokedAt?: string;
}

/** What an API key opens, for one request. */
export interface Access {
  /** The project of this request: the header's, or the key's default. */
  readonly projectId: string;
  readonly projectIds: readonly string[];
}

export const isUsable = (key: Pick<ApiKey, 'status' | 'expiresAt'>, now: Date): boolean =>
  key.status === 'ACTIVE' && (key.expiresAt === undefined || Date.parse(key.expiresAt) > now.getTime());
