/** A platform in which creates meet: one table in memory, one clock, browsers that are ready when a test says so. */
import { CreateTakenError } from '../../../core/aws/sessions/admit-session.ts';
import type { SessionStep } from '../../../core/aws/sessions/step-session.ts';
import type { CreateClaim } from '../../../core/domain/create-attempt.ts';
import type { Project } from '../../../core/domain/project.ts';
import { isConnectable, isTerminal, LIVE_STATUSES, type Session } from '../../../core/domain/session.ts';
import type { ApiResponse } from '../../../core/http/response.ts';
import { createManualClock } from '../../../core/testing/manual-clock.ts';
import { newRequest } from '../../../core/testing/new-request.ts';
import { recordLog } from '../../../core/testing/record-log.ts';
import { rotateKeySet } from '../../../core/tokens/key-set.ts';
import { createSession } from '../create-session.ts';
import type { CreateSessionBody } from '../create-session-request.ts';
import { ROOM } from './working-deps.ts';

export const START_MS = Date.parse('2026-06-01T00:00:00.000Z');
const keySet = rotateKeySet(undefined, new Date(START_MS));

export interface SentCreate {
  readonly answer: Promise<ApiResponse>;
  leave(): void;
}

/** Lets everything that can go on do so. */
export const settle = async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
};

/** `unseenConnectMs`: of a platform that sees nobody leave. */
export function createRetryPlatform({ unseenConnectMs }: { readonly unseenConnectMs?: number } = {}) {
  const clock = createManualClock(START_MS);
  const sessions = new Map<string, Session>();
  const claims = new Map<string, CreateClaim>();
  const stopped: string[] = [];
  const environments = new Map<string, Readonly<Record<string, string>>>();
  const log = recordLog();
  const faults: { runTask?: Error } = {};
  const waiting: (() => void)[] = [];
  let wakes = 0;
  let requests = 0;
  let ids = 0;

  /** Who waits for a session looks again. */
  const wake = () => {
    wakes++;
    for (const look of waiting.splice(0)) look();
  };

  function step(id: string, { to, set, remove = [], attemptId, from, at }: SessionStep) {
    const session = sessions.get(id);
    const legal: readonly string[] = from ?? LIVE_STATUSES;
    if (session === undefined || !legal.includes(session.status))
      return { applied: false, item: session } as const;
    if (attemptId !== undefined && session.attemptId !== attemptId)
      return { applied: false, item: session } as const;
    const changed = {
      ...session,
      ...set,
      ...(to === undefined ? {} : { status: to }),
      updatedAt: at.toISOString(),
    };
    const kept = Object.entries(changed).filter(([name]) => !remove.some((each) => each === name));
    const item = Object.fromEntries(kept) as unknown as Session;
    sessions.set(id, item);
    wake();
    return { applied: true, item } as const;
  }

  const handle = createSession({
    logger: log.logger,
    clock,
    newId: () => `s${++ids}`,
    shard: '7',
    publicConnectOrigin: undefined,
    recordByDefault: true,
    readyWaitMs: 50_000,
    unseenConnectMs,
    loadTokenKeys: async () => keySet,
    getProject: async (projectId) => ({ projectId, defaultTimeoutSeconds: 600 }) as Project,
    getContext: async () => undefined,
    getExtension: async () => undefined,
    getCertificate: async () => undefined,
    getSession: async (id) => sessions.get(id),
    getClaim: async (keyHash) => claims.get(`create#${keyHash}`),
    findRetriedCreates: async (projectId, callerHash, since) =>
      [...sessions.values()].filter(
        (each) =>
          each.projectId === projectId &&
          each.callerHash === callerHash &&
          each.createdAt >= since.toISOString(),
      ),
    admit: async (session, keyed) => {
      const taken = keyed === undefined ? undefined : claims.get(keyed.claim.sessionId);
      const isTaken = taken !== undefined && taken.createdSessionId !== keyed?.replaces;
      if (isTaken || sessions.has(session.sessionId)) throw new CreateTakenError('taken');
      if (keyed !== undefined) claims.set(keyed.claim.sessionId, keyed.claim);
      sessions.set(session.sessionId, session);
    },
    runTask: async (id, environment) => {
      environments.set(id, environment);
      if (faults.runTask !== undefined) throw faults.runTask;
      return `arn:${id}`;
    },
    capacity: ROOM,
    step: async (id, change) => step(id, change),
    async waitUntilReady({ timeoutMs, look }) {
      const untilMs = clock.now() + timeoutMs;
      for (;;) {
        const seenWakes = wakes;
        const session = await look(true);
        const isOver =
          session === undefined || isConnectable(session.status) || session.endReason !== undefined;
        if (isOver || clock.now() >= untilMs) return session;
        if (wakes === seenWakes) await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    end: async (id, reason) => {
      const session = sessions.get(id);
      if (session !== undefined && !isTerminal(session.status))
        sessions.set(id, { ...session, status: 'STOPPED', endReason: session.endReason ?? reason });
      return sessions.get(id);
    },
    stopTask: async (taskArn) => void stopped.push(taskArn),
  });

  /** Sends a create. `leave` is its connection, seen to close. */
  function send(
    headers: Record<string, string> = {},
    body: CreateSessionBody = {},
    projectId = 'p1',
  ): SentCreate {
    const left = Promise.withResolvers<void>();
    let hasLeft = false;
    const works: Promise<void>[] = [];
    const answer = handle(
      newRequest({
        requestId: `r${++requests}`,
        headers,
        body,
        bodyText: JSON.stringify(body),
        access: { projectId, projectIds: [projectId] },
        caller: { hasLeft: () => hasLeft, onLeave: (work) => void works.push(left.promise.then(work)) },
      }),
    );
    answer.catch(() => undefined);
    const leave = () => {
      hasLeft = true;
      left.resolve();
    };
    return { answer, leave };
  }

  const address = { host: '10.0.0.5', port: 9223 };
  const ready = (id: string) =>
    step(id, {
      to: 'READY',
      set: { address, startedAt: 't', taskArn: `arn:${id}` },
      at: new Date(clock.now()),
    });
  /** Lets `ms` pass, in small steps. */
  async function pass(ms: number) {
    for (let passed = 0; passed < ms; passed += 100) {
      await settle();
      clock.advance(Math.min(100, ms - passed));
      wake();
    }
    await settle();
  }
  const live = () => [...sessions.values()].filter(({ endReason }) => endReason === undefined);
  return { send, ready, pass, live, sessions, environments, stopped, faults, log };
}

export const idOf = async ({ answer }: SentCreate): Promise<string> =>
  ((await answer).body as { id: string }).id;
