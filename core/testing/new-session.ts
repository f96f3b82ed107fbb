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

/** An ended one of which everything is known. */
export const newFullSession = (changes: Partial<Session> = {}): Session =>
  newSession({
    status: 'STOPPED',
    startedAt: '2026-06-01T00:00:10.000Z',
    endedAt: '2026-06-01T00:05:00.000Z',
    purgeAt: 1,
    endReason: 'released',
    endDetail: 'd',
    contextId: 'c',
    persistContext: true,
    userMetadata: '{"a":[1,{"b":null}]}',
    taskArn: 'arn:task',
    warmId: 'w01-4d6f0c1e-2b7a-4c58-9c3d-0a1b2c3d4e5f',
    address: { host: '10.0.0.5', port: 9223 },
    containerReadyAt: 't',
    lastHeartbeatAt: 't',
    connectionCount: 2,
    browserMinutes: 5,
    ...changes,
  });
