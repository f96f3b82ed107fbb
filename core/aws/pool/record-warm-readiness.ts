import type { Address } from '../../domain/session.ts';
import {
  slotOfWarmId,
  WARM_SLOTS,
  type WarmContainer,
  type WarmStatus,
} from '../../domain/warm-container.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { type UpdateOutcome, updateIf } from '../dynamodb/update-if.ts';

/**
 * A warm container is AVAILABLE when two facts are known that arrive in either order, from two sides: its address, and
 * that its own proxy speaks CDP, with the key that claims are sealed to. Whoever brings the second takes the step, in the
 * one conditional update that also writes its fact.
 */
export const recordWarmReady = (
  pool: Table,
  warmId: string,
  publicKey: string,
  at: Date,
): Promise<UpdateOutcome<WarmContainer>> =>
  recordFact(pool, warmId, {
    facts: { containerReadyAt: at.toISOString(), publicKey },
    other: 'address',
    at,
  });

export const recordWarmAddress = (
  pool: Table,
  warmId: string,
  { address, taskArn }: { address: Address; taskArn: string },
  at: Date,
): Promise<UpdateOutcome<WarmContainer>> =>
  recordFact(pool, warmId, { facts: { address, taskArn }, other: 'containerReadyAt', at });

interface Fact {
  readonly facts: Partial<WarmContainer>;
  readonly other: 'address' | 'containerReadyAt';
  readonly at: Date;
}

async function recordFact(pool: Table, warmId: string, fact: Fact): Promise<UpdateOutcome<WarmContainer>> {
  const { facts, other, at } = fact;
  const slot = slotOfWarmId(warmId);
  if (slot === undefined) return { applied: false, item: undefined };
  // Only into the slot that is still this container's own.
  const update = (change: { readonly set: Partial<WarmContainer>; present?: string[]; absent?: string[] }) =>
    updateIf<WarmContainer>(pool, {
      key: { pool: WARM_SLOTS, slot },
      oneOf: { warmId: [warmId], status: ['STARTING'] },
      ...change,
    });
  const isWaiting = (item: WarmContainer | undefined): item is WarmContainer =>
    item?.warmId === warmId && item.status === 'STARTING';
  const available = { status: 'AVAILABLE' as WarmStatus, availableAt: at.toISOString() };
  const second = () => update({ set: { ...facts, ...available }, present: [other] });
  const outcome = await second();
  if (outcome.applied || !isWaiting(outcome.item) || outcome.item[other] !== undefined) return outcome;
  const early = await update({ set: facts, absent: [other] });
  // The other fact arrived between the two updates: ours now is the second.
  return early.applied || !isWaiting(early.item) ? early : second();
}
