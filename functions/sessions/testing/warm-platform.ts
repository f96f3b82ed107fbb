/** A platform with a warm pool: containers that open what is sealed for them, and a table in which each can be claimed once. */
import { compactDecrypt, exportJWK, generateKeyPair } from 'jose';
import { ContainerTakenError } from '../../../core/aws/sessions/admit-session.ts';
import type { SessionStep } from '../../../core/aws/sessions/step-session.ts';
import {
  CLAIM_SEALING,
  type ClaimAnswer,
  type ClaimedAssignment,
  parseAssignment,
} from '../../../core/domain/claim.ts';
import { claimedFieldsOf } from '../../../core/domain/claimable-container.ts';
import type { Context } from '../../../core/domain/context.ts';
import { isTerminal, LIVE_STATUSES, type Session } from '../../../core/domain/session.ts';
import { WARM_SLOTS, type WarmContainer, warmSlot } from '../../../core/domain/warm-container.ts';
import { newRequest } from '../../../core/testing/new-request.ts';
import { recordLog } from '../../../core/testing/record-log.ts';
import { bodyHashOf } from '../../../core/tokens/body-hash.ts';
import { publicKeysOf, type TokenClaims } from '../../../core/tokens/tokens.ts';
import { verifyToken } from '../../../core/tokens/verify-token.ts';
import { createSession } from '../create-session.ts';
import type { CreateSessionDeps } from '../create-session-deps.ts';
import type { CreateSessionBody } from '../create-session-request.ts';
import { type Claim, ClaimNotTakenError } from '../send-claim.ts';
import { keySet, NOW, workingDeps } from './working-deps.ts';

/** What a container does when it is claimed; the default takes the claim. */
export type Reaction = (assignment: ClaimedAssignment) => ClaimAnswer | Promise<ClaimAnswer>;

export const notTaken = (why: string) => (): never => {
  throw new ClaimNotTakenError(why);
};
export const READY: Reaction = () => ({ status: 'ready', sandbox: 'on' });

async function newContainer(number: number, changes: Partial<WarmContainer>) {
  const { alg, crv } = CLAIM_SEALING;
  const { publicKey, privateKey } = await generateKeyPair(alg, { crv });
  const slot = warmSlot(number);
  const container: WarmContainer = {
    pool: WARM_SLOTS,
    slot,
    warmId: `${slot}-00000000-0000-4000-8000-00000000000${number}`,
    status: 'AVAILABLE',
    startedAt: NOW.toISOString(),
    expiresAt: new Date(NOW.getTime() + 3_600_000).toISOString(),
    revision: '1',
    tokenKeyId: keySet.current,
    taskArn: `arn:${slot}`,
    address: { host: `10.0.0.${number}`, port: 9223 },
    publicKey: JSON.stringify(await exportJWK(publicKey)),
    ...changes,
  };
  return { container, privateKey };
}

export interface WarmOptions {
  /** What each container of the pool does, in their order. */
  readonly reactions: readonly Reaction[];
  readonly rows?: Partial<WarmContainer>;
  readonly changes?: Partial<CreateSessionDeps>;
  readonly contexts?: readonly Context[];
}

export async function createWarmPlatform({ reactions, rows = {}, changes = {}, contexts = [] }: WarmOptions) {
  const made = await Promise.all(reactions.map((_, index) => newContainer(index + 1, rows)));
  const pool = new Map(made.map(({ container }) => [container.warmId, container]));
  const sessions = new Map<string, Session>();
  const calls: string[] = [];
  const failures: Date[] = [];
  const seen: {
    claims: TokenClaims;
    assignment: ClaimedAssignment;
    origin: string;
    sealed: string;
    token: string;
  }[] = [];
  const log = recordLog();
  const take = (warmId: string) => {
    if (!pool.delete(warmId)) throw new ContainerTakenError('taken');
  };
  let ids = 0;

  function step(id: string, change: SessionStep) {
    const { to, set, remove = [], attemptId, container, from = LIVE_STATUSES } = change;
    const session = sessions.get(id);
    const isHeld =
      session !== undefined &&
      from.some((each) => each === session.status) &&
      (attemptId === undefined || attemptId === session.attemptId) &&
      (container === undefined || container.warmId === session.warmId);
    if (!isHeld) return { applied: false, item: session } as const;
    const changed = Object.entries({ ...session, ...set, ...(to === undefined ? {} : { status: to }) });
    const item = Object.fromEntries(
      changed.filter(([name]) => !remove.some((each) => each === name)),
    ) as unknown as Session;
    sessions.set(id, item);
    return { applied: true, item } as const;
  }

  /** As the container of that address sees it. */
  async function send({ httpOrigin, token, body }: Claim): Promise<ClaimAnswer> {
    const claims = verifyToken(publicKeysOf(keySet), token, { audience: 'claim', now: NOW });
    const index = made.findIndex(({ container }) => container.warmId === claims.warmId);
    const { container, privateKey } = made[index] as (typeof made)[number];
    const { plaintext } = await compactDecrypt(body, privateKey, {
      keyManagementAlgorithms: [CLAIM_SEALING.alg],
      contentEncryptionAlgorithms: [CLAIM_SEALING.enc],
    });
    const assignment = parseAssignment(JSON.parse(Buffer.from(plaintext).toString()));
    if (claims.bodyHash !== bodyHashOf(body)) throw new Error('another body');
    seen.push({ claims, assignment, origin: httpOrigin, sealed: body, token });
    calls.push(`claim ${container.slot}`);
    return (reactions[index] as Reaction)(assignment);
  }

  const deps = workingDeps({
    logger: log.logger,
    newId: () => `s${++ids}`,
    getSession: async (id) => sessions.get(id),
    getContext: async (id) => contexts.find(({ contextId }) => contextId === id),
    admit: async (session, _keyed, container) => {
      if (container !== undefined) take(container.warmId);
      calls.push(`admit ${container?.slot ?? 'cold'}`);
      sessions.set(session.sessionId, session);
    },
    step: async (id, change) => step(id, change),
    runTask: async (id) => {
      calls.push('run');
      const address = { host: '10.1.1.1', port: 9223 };
      step(id, { to: 'READY', set: { address, taskArn: 'arn:cold', startedAt: 't' }, at: NOW });
      return 'arn:cold';
    },
    waitUntilReady: async ({ sessionId }) => sessions.get(sessionId),
    end: async (id, reason) => {
      calls.push(`end ${reason}`);
      const session = sessions.get(id);
      if (session !== undefined && !isTerminal(session.status))
        sessions.set(id, { ...session, status: 'FAILED', endReason: session.endReason ?? reason });
      return sessions.get(id);
    },
    stopTask: async (taskArn) => void calls.push(`stop ${taskArn}`),
    warmPool: {
      list: async () => [...pool.values()],
      async move(id, { from, to }) {
        const session = sessions.get(id);
        if (session?.status !== 'STARTING' || session.warmId !== from) return 'over';
        if (!pool.delete(to.warmId)) return 'taken';
        sessions.set(id, { ...session, ...claimedFieldsOf(to) });
        calls.push(`move ${to.slot}`);
        return 'moved';
      },
      presignExtension: async ({ extensionId }) => `https://bucket/${extensionId}.zip?X-Amz-Signature=secret`,
      presignProfile: async (key) => `https://bucket/${key}?X-Amz-Signature=secret`,
      send,
      recordFailure: async (at) => void failures.push(at),
      recordCreate: async ({ isCold }) => void calls.push(isCold ? 'cold create' : 'create'),
    },
    ...changes,
  });

  const create = (body: CreateSessionBody = {}, headers: Record<string, string> = {}) =>
    createSession(deps)(newRequest({ body, headers }));
  return { create, deps, calls, failures, seen, sessions, pool, log, step };
}
