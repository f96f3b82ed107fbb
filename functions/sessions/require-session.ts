import { AppError } from '../../core/domain/errors.ts';
import { isUuid } from '../../core/domain/ids.ts';
import type { Session } from '../../core/domain/session.ts';

export type GetSession = (sessionId: string) => Promise<Session | undefined>;

/** The session, if it exists and belongs to the project; otherwise SESSION_NOT_FOUND, which does not tell the two apart. */
export async function requireSession(
  getSession: GetSession,
  projectId: string,
  sessionId: string,
): Promise<Session> {
  const session = isUuid(sessionId) ? await getSession(sessionId) : undefined;
  if (session?.projectId !== projectId) throw new AppError('SESSION_NOT_FOUND', [sessionId]);
  return session;
}
