import { LIVE_STATUSES, type Session, type SessionStatus, statusesBefore } from '../../domain/session.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { type UpdateOutcome, updateIf } from '../dynamodb/update-if.ts';

export interface SessionStep {
  /** The status to step into; without it the session only must not have ended. */
  readonly to?: SessionStatus;
  readonly set: Partial<Session>;
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
  { to, set, present = [], absent = [], from, at }: SessionStep,
): Promise<UpdateOutcome<Session>> {
  const legal = to === undefined ? LIVE_STATUSES : statusesBefore(to);
  return updateIf<Session>(sessions, {
    key: { sessionId },
    set: { ...set, ...(to === undefined ? {} : { status: to }), updatedAt: at.toISOString() },
    oneOf: { status: from === undefined ? legal : legal.filter((status) => from.includes(status)) },
    present,
    absent,
  });
}
