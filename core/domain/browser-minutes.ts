import type { Session } from './session.ts';

/** Minutes that count as used: every begun one, and none for a session that never was ready. */
export function browserMinutesOf(session: Pick<Session, 'startedAt'>, endedAt: string): number {
  if (session.startedAt === undefined) return 0;
  const usedMs = Date.parse(endedAt) - Date.parse(session.startedAt);
  return Math.max(1, Math.ceil(usedMs / 60_000));
}
