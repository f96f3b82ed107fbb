import type { ContainerRef } from '../../domain/container-ref.ts';
import { LIVE_STATUSES, type Session, type SessionStatus, statusesBefore } from '../../domain/session.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { type UpdateOutcome, updateIf } from '../dynamodb/update-if.ts';

export interface SessionStep {
  /** The status to step into; without it the session only must not have ended. */
  readonly to?: SessionStatus;
  readonly set: Partial<Session>;
  readonly remove?: readonly (keyof Session)[];
  /** Only for the create that this session belongs to. */
  readonly attemptId?: string;
  /** Only while the session names this container as its own. */
  readonly container?: Pick<ContainerRef, 'warmId'>;
  readonly present?: readonly (keyof Session)[];
  readonly absent?: readonly (keyof Session)[];
  /** Narrows the statuses from which the step may be taken. */
  readonly from?: readonly SessionStatus[];
  readonly at: Date;
}

/** One legal step of a session as one conditional update: a late event never overwrites a later state. */
export function stepSession(
  sessions: Table,
  sessionId: string,
  { to, set, remove = [], attemptId, container, present = [], absent = [], from, at }: SessionStep,
): Promise<UpdateOutcome<Session>> {
  const isCold = container !== undefined && container.warmId === undefined;
  const legal = to === undefined ? LIVE_STATUSES : statusesBefore(to);
  return updateIf<Session>(sessions, {
    key: { sessionId },
    set: { ...set, ...(to === undefined ? {} : { status: to }), updatedAt: at.toISOString() },
    remove,
    oneOf: {
      status: from === undefined ? legal : legal.filter((status) => from.includes(status)),
      ...(attemptId === undefined ? {} : { attemptId: [attemptId] }),
      ...(container?.warmId === undefined ? {} : { warmId: [container.warmId] }),
    },
    present,
    absent: isCold ? [...absent, 'warmId'] : absent,
  });
}
