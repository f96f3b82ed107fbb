import type { Address, Session, SessionStatus } from '../../domain/session.ts';
import type { Table } from '../dynamodb/document-client.ts';
import type { UpdateOutcome } from '../dynamodb/update-if.ts';
import { stepSession } from './step-session.ts';

const NOT_READY: readonly SessionStatus[] = ['CREATING', 'PROVISIONING', 'STARTING'];

/**
 * A session is READY when two facts are known that arrive in either order, from two sides: the address of its
 * container, and that the container's own proxy speaks CDP. Whoever brings the second takes the step, in the one
 * conditional update that also writes its fact.
 */
export const recordContainerReady = (
  sessions: Table,
  sessionId: string,
  at: Date,
): Promise<UpdateOutcome<Session>> => {
  const facts = { containerReadyAt: at.toISOString(), lastHeartbeatAt: at.toISOString() };
  return recordFact(sessions, sessionId, { facts, other: 'address', at });
};

export const recordAddress = (
  sessions: Table,
  sessionId: string,
  { address, taskArn }: { address: Address; taskArn: string },
  at: Date,
): Promise<UpdateOutcome<Session>> =>
  recordFact(sessions, sessionId, { facts: { address, taskArn }, other: 'containerReadyAt', at });

interface Fact {
  readonly facts: Partial<Session>;
  readonly other: 'address' | 'containerReadyAt';
  readonly at: Date;
}

async function recordFact(sessions: Table, sessionId: string, fact: Fact): Promise<UpdateOutcome<Session>> {
  const { facts, other, at } = fact;
  const second = () =>
    stepSession(sessions, sessionId, {
      to: 'READY',
      set: { ...facts, startedAt: at.toISOString() },
      present: [other],
      from: NOT_READY,
      at,
    });
  const first = () =>
    stepSession(sessions, sessionId, {
      to: 'STARTING',
      set: facts,
      absent: [other],
      from: NOT_READY,
      at,
    });
  const outcome = await second();
  if (outcome.applied || !isWaiting(outcome.item) || outcome.item[other] !== undefined) return outcome;
  const early = await first();
  // The other fact arrived between the two updates: ours now is the second.
  return early.applied || !isWaiting(early.item) ? early : second();
}

const isWaiting = (session: Session | undefined): session is Session =>
  session !== undefined && NOT_READY.includes(session.status);
