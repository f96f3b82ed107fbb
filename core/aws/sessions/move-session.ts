import { type ClaimableContainer, claimedFieldsOf } from '../../domain/claimable-container.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { conditionFailureAt, transactWrite } from '../dynamodb/transact-write.ts';
import { toExpressions } from '../dynamodb/update-if.ts';
import { claimItems } from '../pool/claim-warm.ts';
import type { SessionStore } from './session-store.ts';

/** `taken`: another session has that container. `over`: the session does not wait for its claim any more. */
export type Moved = 'moved' | 'taken' | 'over';

export interface Move {
  /** The warm id of the container that did not take its claim. */
  readonly from: string;
  readonly to: ClaimableContainer;
  readonly at: Date;
}

const SESSION = 0;

/** The session of a claim that was not taken goes to the next warm container, which leaves the pool in the same transaction. */
export async function moveSession(
  { sessions, clock }: Pick<SessionStore, 'sessions' | 'clock'>,
  pool: Table,
  sessionId: string,
  { from, to, at }: Move,
): Promise<Moved> {
  const key = { sessionId };
  const { status, ...fields } = claimedFieldsOf(to);
  const expressions = toExpressions({
    key,
    set: { ...fields, updatedAt: at.toISOString() },
    oneOf: { status: [status], warmId: [from] },
  });
  const claim = claimItems(pool, to, { sessionId, at });
  try {
    await transactWrite(sessions.client, clock, [
      { Update: { TableName: sessions.tableName, Key: key, ...expressions } },
      ...claim,
    ]);
    return 'moved';
  } catch (error) {
    if (conditionFailureAt(error, SESSION) !== undefined) return 'over';
    if (claim.some((_, index) => conditionFailureAt(error, SESSION + 1 + index) !== undefined))
      return 'taken';
    throw error;
  }
}
