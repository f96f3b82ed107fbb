import type { CreateClaim } from '../../domain/create-attempt.ts';
import type { Session } from '../../domain/session.ts';
import { conditionFailureAt, type TransactItem, transactWrite } from '../dynamodb/transact-write.ts';
import { takeSlot, whyNoSlot } from '../projects/concurrency-slots.ts';
import type { SessionStore } from './session-store.ts';

/** Another create has just taken the id, or the key. */
export class CreateTakenError extends Error {
  override readonly name = 'CreateTakenError';
}

/** The warm container that the session was to have is another one's, or has gone. */
export class ContainerTakenError extends Error {
  override readonly name = 'ContainerTakenError';
}

/** The claim of a create with an `Idempotency-Key`, and the session that came to nothing before it. */
export interface KeyedCreate {
  readonly claim: CreateClaim;
  readonly replaces: string | undefined;
}

const [SESSION, SLOT, CLAIM] = [0, 1, 2] as const;

/**
 * Stores a new session, takes one of its project's slots and claims its key, in one transaction. `container` claims a warm
 * container for it (pool/claim-warm.ts) in the same one. Throws a CreateTakenError when the id or the key is taken, a
 * ConcurrencyExceededError when there is no slot, a ProjectNotFoundError, a ContainerTakenError, or a TransactionBusyError.
 */
export async function admitSession(
  { sessions, projects, clock }: SessionStore,
  session: Session,
  keyed?: KeyedCreate,
  container: readonly TransactItem[] = [],
): Promise<void> {
  const { tableName: TableName } = sessions;
  const putSession: TransactItem = {
    Put: { TableName, Item: session, ConditionExpression: 'attribute_not_exists(sessionId)' },
  };
  const claims = keyed === undefined ? [] : [putClaim(TableName, keyed, session.createdAt)];
  const keys = claims.length === 0 ? [SESSION] : [SESSION, CLAIM];
  const own = [putSession, takeSlot(projects, session.projectId), ...claims];
  try {
    await transactWrite(sessions.client, clock, [...own, ...container]);
  } catch (error) {
    // First: a create that has its session already needs no slot.
    if (keys.some((index) => conditionFailureAt(error, index) !== undefined))
      throw new CreateTakenError('The id or the key of this create is taken', { cause: error });
    const refusal = conditionFailureAt(error, SLOT);
    if (refusal !== undefined) throw whyNoSlot(session.projectId, refusal);
    if (container.some((_, index) => conditionFailureAt(error, own.length + index) !== undefined))
      throw new ContainerTakenError('The warm container is taken', { cause: error });
    throw error;
  }
}

/** One winner for each key: also where its last session came to nothing, and where DynamoDB has not deleted it in time. */
const putClaim = (TableName: string, { claim, replaces }: KeyedCreate, now: string): TransactItem => ({
  Put: {
    TableName,
    Item: claim,
    ConditionExpression: 'attribute_not_exists(sessionId) OR purgeAt <= :now OR createdSessionId = :replaces',
    ExpressionAttributeValues: {
      ':now': Math.floor(Date.parse(now) / 1000),
      ':replaces': replaces ?? '',
    },
  },
});
