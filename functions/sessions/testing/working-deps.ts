import type { Project } from '../../../core/domain/project.ts';
import { createLogger } from '../../../core/log/logger.ts';
import { newSession } from '../../../core/testing/new-session.ts';
import { rotateKeySet } from '../../../core/tokens/key-set.ts';
import type { CreateSessionDeps } from '../create-session-deps.ts';

export const NOW = new Date('2026-06-01T00:00:00.000Z');
export const keySet = rotateKeySet(undefined, NOW);

const project = { projectId: 'p1', name: 'n', defaultTimeoutSeconds: 600 } as Project;

/** No create waits for room. */
export const ROOM: CreateSessionDeps['capacity'] = {
  getBreaker: async () => undefined,
  read: async () => ({ breaker: undefined, waiters: [], turns: [] }),
  putBreaker: async () => {},
  putWaiter: async () => {},
  removeWaiter: async () => {},
  putTurn: async () => {},
};

/** A platform for a create in which everything works, but for `changes`. */
export const workingDeps = (changes: Partial<CreateSessionDeps> = {}): CreateSessionDeps => ({
  logger: createLogger({}, () => {}),
  clock: { now: () => NOW.getTime(), setTimer: () => () => {} },
  getSession: async () => undefined,
  getClaim: async () => undefined,
  findRetriedCreates: async () => [],
  step: async () => ({ applied: false, item: undefined }),
  newId: () => 's1',
  shard: '7',
  publicConnectOrigin: undefined,
  recordByDefault: true,
  readyWaitMs: 50_000,
  unseenConnectMs: undefined,
  loadTokenKeys: async () => keySet,
  getProject: async () => project,
  getContext: async () => undefined,
  getExtension: async () => undefined,
  getCertificate: async () => undefined,
  admit: async () => {},
  runTask: async () => 'arn:task',
  capacity: ROOM,
  waitUntilReady: async () =>
    newSession({
      status: 'READY',
      address: { host: '10.0.0.5', port: 9223 },
      tokenKeyId: keySet.current,
    }),
  end: async () => undefined,
  stopTask: async () => {},
  ...changes,
});
