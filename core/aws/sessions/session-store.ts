import type { Clock } from '../../domain/clock.ts';
import type { Table } from '../dynamodb/document-client.ts';

/** What a transaction about a session and its project's slot needs; the clock is for the pauses between attempts. */
export interface SessionStore {
  readonly sessions: Table;
  readonly projects: Table;
  readonly clock: Clock;
}
