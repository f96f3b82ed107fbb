import { type ContainerRef, isContainerOf } from '../../domain/container-ref.ts';
import type { Address, Session, SessionStatus } from '../../domain/session.ts';
import type { Table } from '../dynamodb/document-client.ts';
import type { UpdateOutcome } from '../dynamodb/update-if.ts';
import { stepSession } from './step-session.ts';

const NOT_READY: readonly SessionStatus[] = ['CREATING', 'STARTING'];

/**
 * A session is READY when two facts are known that arrive in either order, from two sides: the address of its
 * container, and that the container's own proxy speaks CDP. Whoever brings the second takes the step, in the one
 * conditional update that also writes its fact. A container usually has its address before its Chrome answers, so each
 * side first tries what it usually is: then it is one call for each.
 */
export const recordContainerReady = (
  sessions: Table,
  container: ContainerRef,
  at: Date,
): Promise<UpdateOutcome<Session>> => {
  const facts = { containerReadyAt: at.toISOString(), lastHeartbeatAt: at.toISOString() };
  return recordFact(sessions, container.sessionId, {
    facts,
    other: 'address',
    usually: 'second',
    container,
    at,
  });
};

export const recordAddress = (
  sessions: Table,
  sessionId: string,
  { address, taskArn }: { address: Address; taskArn: string },
  at: Date,
): Promise<UpdateOutcome<Session>> =>
  recordFact(sessions, sessionId, {
    facts: { address, taskArn },
    other: 'containerReadyAt',
    usually: 'first',
    at,
  });

interface Fact {
  readonly facts: Partial<Session>;
  readonly other: 'address' | 'containerReadyAt';
  readonly usually: 'first' | 'second';
  readonly container?: ContainerRef;
  readonly at: Date;
}

async function recordFact(sessions: Table, sessionId: string, fact: Fact): Promise<UpdateOutcome<Session>> {
  const { facts, other, usually, at } = fact;
  const only = fact.container === undefined ? {} : { container: fact.container };
  const second = () =>
    stepSession(sessions, sessionId, {
      to: 'READY',
      set: { ...facts, startedAt: at.toISOString() },
      present: [other],
      from: NOT_READY,
      ...only,
      at,
    });
  // Into STARTING, where a session that no warm container took is already.
  const first = () =>
    stepSession(sessions, sessionId, {
      set: { ...facts, status: 'STARTING' },
      absent: [other],
      from: NOT_READY,
      ...only,
      at,
    });
  const outcome = usually === 'second' ? await second() : undefined;
  if (outcome !== undefined && (!isWaiting(outcome) || isOfAnother(outcome, fact))) return outcome;
  const early = await first();
  // The other fact is there already, or arrived between two updates: ours is the second.
  return isWaiting(early) && early.item?.[other] !== undefined ? second() : early;
}

const isOfAnother = ({ item }: UpdateOutcome<Session>, { container }: Fact): boolean =>
  item !== undefined && container !== undefined && !isContainerOf(item, container);

const isWaiting = ({ applied, item }: UpdateOutcome<Session>): boolean =>
  !applied && item !== undefined && NOT_READY.includes(item.status);
