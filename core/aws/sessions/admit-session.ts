import type { Session } from '../../domain/session.ts';
import { conditionFailureAt, transactWrite } from '../dynamodb/transact-write.ts';
import { takeSlot, whyNoSlot } from '../projects/concurrency-slots.ts';
import type { SessionStore } from './session-store.ts';

/**
 * Stores a new session and takes one of its project's slots, in one transaction. Throws a ConcurrencyExceededError when
 * there is none, a ProjectNotFoundError, or a TransactionBusyError.
 */
export async function admitSession(
  { sessions, projects, clock }: SessionStore,
  session: Session,
): Promise<void> {
  try {
    await transactWrite(sessions.client, clock, [
      {
        Put: {
          TableName: sessions.tableName,
          Item: session,
          ConditionExpression: 'attribute_not_exists(sessionId)',
        },
      },
      takeSlot(projects, session.projectId),
    ]);
  } catch (error) {
    const refusal = conditionFailureAt(error, 1);
    throw refusal === undefined ? error : whyNoSlot(session.projectId, refusal);
  }
}
