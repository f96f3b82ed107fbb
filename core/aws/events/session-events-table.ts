import { EVENT_TYPES, type SessionEvent } from '../../domain/session-event.ts';

/**
 * One item of the session-events table. Besides the event it says how far each of those who tell had come with it: the
 * last item of a session tells what is stored of everybody.
 */
export interface EventItem extends Omit<SessionEvent, 'sequence' | 'category'> {
  /** Its sort key: `sequence` with leading zeros, because keys are text. */
  readonly sequence: string;
  /** The number of the platform's last event. */
  readonly platform: number;
  /** Whose `containerNumber` is; a session may go from one warm container to the next. */
  readonly containerId: string;
  readonly containerNumber: number;
  /** Seconds since 1970: DynamoDB deletes it then. */
  readonly purgeAt: number;
}

const DIGITS = 8;

export const toSortKey = (sequence: number): string => String(sequence).padStart(DIGITS, '0');

export const toSessionEvent = ({
  sessionId,
  projectId,
  sequence,
  at,
  type,
  data,
}: EventItem): SessionEvent => ({
  sessionId,
  projectId,
  sequence: Number(sequence),
  at,
  category: EVENT_TYPES[type].category,
  type,
  data,
});
