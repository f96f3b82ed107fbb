import { type ContainerRef, isContainerOf } from '../../domain/container-ref.ts';
import { type Ending, endedSession } from '../../domain/ended-session.ts';
import { isTerminal, LIVE_STATUSES, type Session } from '../../domain/session.ts';
import { conditionFailureAt, transactWrite } from '../dynamodb/transact-write.ts';
import { TransactionBusyError } from '../dynamodb/transaction-busy-error.ts';
import { toExpressions } from '../dynamodb/update-if.ts';
import { giveSlotBack } from '../projects/concurrency-slots.ts';
import { getSession } from './get-session.ts';
import type { SessionStore } from './session-store.ts';

const MAX_ATTEMPTS = 8;

/**
 * Takes a session into its terminal state, gives its slot back and adds its usage, in one transaction: exactly once,
 * whoever asks and however often. Returns the session as it is then, or undefined when there is none. Throws a
 * TransactionBusyError when others changed it all the time.
 *
 * Where a container says so itself (`by`), only the one that the session names ends it.
 */
export async function endSession(
  store: SessionStore,
  sessionId: string,
  ending: Ending,
  by?: ContainerRef,
): Promise<Session | undefined> {
  const { sessions } = store;
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const session = await getSession(sessions, sessionId);
    if (session === undefined || isTerminal(session.status)) return session;
    if (by !== undefined && !isContainerOf(session, by)) return session;
    const ended = endedSession(session, ending);
    if (await writeEnd(store, session, ended)) return ended;
  }
  throw new TransactionBusyError(`Session ${sessionId} changed between each read and its write`);
}

/** False when the session changed since it was read. */
async function writeEnd(
  { sessions, projects, clock }: SessionStore,
  session: Session,
  ended: Session,
): Promise<boolean> {
  const { sessionId, projectId } = session;
  const { browserMinutes = 0, proxyBytes } = ended;
  try {
    await transactWrite(sessions.client, clock, [
      { Update: { TableName: sessions.tableName, Key: { sessionId }, ...endExpressions(session, ended) } },
      giveSlotBack(projects, projectId, { browserMinutes, proxyBytes }),
    ]);
    return true;
  } catch (error) {
    if (conditionFailureAt(error, 0) !== undefined) return false;
    throw error;
  }
}

/** What the end was computed from must still hold: else a release, a start or a move to another container would be lost. */
function endExpressions(read: Session, ended: Session) {
  const { status, endReason, endDetail, endedAt, updatedAt, purgeAt, browserMinutes, proxyBytes } = ended;
  const absent = (['startedAt', 'endReason', 'warmId'] as const).filter((field) => read[field] === undefined);
  return toExpressions({
    key: { sessionId: ended.sessionId },
    ...(read.sealedProxies === undefined ? {} : { remove: ['sealedProxies'] }),
    set: { status, endReason, endDetail, endedAt, updatedAt, purgeAt, browserMinutes, proxyBytes },
    oneOf: {
      status: LIVE_STATUSES,
      ...(read.warmId === undefined ? {} : { warmId: [read.warmId] }),
    },
    absent,
  });
}
