import type { Session } from '../domain/session.ts';

/** A session that has just been admitted, to `p1`. */
export const newSession = (changes: Partial<Session> = {}): Session => ({
  sessionId: 's1',
  projectId: 'p1',
  status: 'CREATING',
  createdAt: '2026-06-01T00:00:00.000Z',
  updatedAt: '2026-06-01T00:00:00.000Z',
  expiresAt: '2026-06-01T00:10:00.000Z',
  keepAlive: false,
  region: 'us-west-2',
  timeoutSeconds: 600,
  shard: '0',
  tokenKeyId: 'k',
  proxyBytes: 0,
  ...changes,
});
