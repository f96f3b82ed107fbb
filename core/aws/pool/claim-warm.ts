/**
 * A claim of a warm container: it leaves the pool, and whose it is now is noted, both or neither. Parts of the
 * transaction that stores the session, or that tells the session of its next container.
 */
import { CREDENTIALS } from '../../domain/timing.ts';
import { WARM_CLAIMS, WARM_SLOTS, type WarmClaim, type WarmContainer } from '../../domain/warm-container.ts';
import type { Table } from '../dynamodb/document-client.ts';
import type { TransactItem } from '../dynamodb/transact-write.ts';

export type ClaimedContainer = Pick<WarmContainer, 'slot' | 'warmId'>;

/** Refused when another create was faster, or the container has gone: of all that want it, one has it. */
export const deleteSlotItem = (pool: Table, { slot, warmId }: ClaimedContainer): TransactItem => ({
  Delete: {
    TableName: pool.tableName,
    Key: { pool: WARM_SLOTS, slot },
    ConditionExpression: 'warmId = :warmId AND #status = :available',
    ExpressionAttributeNames: { '#status': 'status' },
    ExpressionAttributeValues: { ':warmId': warmId, ':available': 'AVAILABLE' },
  },
});

/** Refused when the container was claimed before: it takes one claim in its life. */
export const putClaimItem = (
  pool: Table,
  { warmId }: Pick<WarmContainer, 'warmId'>,
  claim: { readonly sessionId: string; readonly at: Date },
): TransactItem => ({
  Put: {
    TableName: pool.tableName,
    Item: warmClaim(warmId, claim),
    ConditionExpression: 'attribute_not_exists(slot)',
  },
});

/** Both, in this order. */
export const claimItems = (
  pool: Table,
  container: ClaimedContainer,
  claim: { readonly sessionId: string; readonly at: Date },
): readonly [TransactItem, TransactItem] => [
  deleteSlotItem(pool, container),
  putClaimItem(pool, container, claim),
];

const warmClaim = (
  warmId: string,
  { sessionId, at }: { readonly sessionId: string; readonly at: Date },
): WarmClaim => ({
  pool: WARM_CLAIMS,
  slot: warmId,
  sessionId,
  claimedAt: at.toISOString(),
  // The longest session, and what comes after it: the event of its task's end still finds whose it was.
  purgeAt: Math.ceil((at.getTime() + CREDENTIALS.retiredKeyMs) / 1000),
});
