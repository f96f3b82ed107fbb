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
    usually: 'second',
    at,
  });

export const recordWarmAddress = (
  pool: Table,
  warmId: string,
  { address, taskArn }: { address: Address; taskArn: string },
  at: Date,
): Promise<UpdateOutcome<WarmContainer>> =>
  recordFact(pool, warmId, { facts: { address, taskArn }, other: 'containerReadyAt', usually: 'first', at });

interface Fact {
  readonly facts: Partial<WarmContainer>;
  readonly other: 'address' | 'containerReadyAt';
  readonly usually: 'first' | 'second';
  readonly at: Date;
}

async function recordFact(pool: Table, warmId: string, fact: Fact): Promise<UpdateOutcome<WarmContainer>> {
  const { facts, other, usually, at } = fact;
  const slot = slotOfWarmId(warmId);
  if (slot === undefined) return { applied: false, item: undefined };
  // Only into the slot that is still this container's own.
  const update = (change: { readonly set: Partial<WarmContainer>; present?: string[]; absent?: string[] }) =>
    updateIf<WarmContainer>(pool, {
      key: { pool: WARM_SLOTS, slot },
      oneOf: { warmId: [warmId], status: ['STARTING'] },
      ...change,
    });
  const isWaiting = ({ applied, item }: UpdateOutcome<WarmContainer>): boolean =>
    !applied && item?.warmId === warmId && item.status === 'STARTING';
  const available = { status: 'AVAILABLE' as WarmStatus, availableAt: at.toISOString() };
  const second = () => update({ set: { ...facts, ...available }, present: [other] });
  const outcome = usually === 'second' ? await second() : undefined;
  if (outcome !== undefined && !isWaiting(outcome)) return outcome;
  const early = await update({ set: facts, absent: [other] });
  // The other fact is there already, or arrived between two updates: ours is the second.
  return isWaiting(early) && early.item?.[other] !== undefined ? second() : early;
}
