import { type Ending, endedSession } from '../../domain/ended-session.ts';
import { AppError } from '../../domain/errors.ts';
import { isTerminal, LIVE_STATUSES, type Session } from '../../domain/session.ts';
import { toExpressions } from '../dynamodb/conditional-update.ts';
import type { Table } from '../dynamodb/document-client.ts';
import { conditionFailureAt, transactWrite } from '../dynamodb/transact-write.ts';
import { getSession } from './sessions-table.ts';

const MAX_ATTEMPTS = 8;

/**
 * Takes a session into its terminal state, gives its place back and adds its usage, in one transaction: exactly once,
 * whoever asks and however often. Returns the session as it is then, or undefined when there is none.
 */
export async function endSession(
  sessions: Table,
  projects: Table,
  sessionId: string,
  ending: Ending,
): Promise<Session | undefined> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const session = await getSession(sessions, sessionId);
    if (session === undefined || isTerminal(session.status)) return session;
    const ended = endedSession(session, ending);
    if (await writeEnd(sessions, projects, session, ended)) return ended;
  }
  throw new AppError('BUSY');
}

/** False when the session changed since it was read. */
async function writeEnd(
  sessions: Table,
  projects: Table,
  session: Session,
  ended: Session,
): Promise<boolean> {
  const { sessionId, projectId } = session;
  try {
    await transactWrite(sessions.client, [
      { Update: { TableName: sessions.tableName, Key: { sessionId }, ...endExpressions(session, ended) } },
      {
        Update: {
          TableName: projects.tableName,
          Key: { projectId },
          UpdateExpression: 'ADD running :minusOne, browserMinutes :minutes, proxyBytes :bytes',
          ConditionExpression: 'attribute_exists(projectId)',
          ExpressionAttributeValues: {
            ':minusOne': -1,
            ':minutes': ended.browserMinutes,
            ':bytes': ended.proxyBytes,
          },
        },
      },
    ]);
    return true;
  } catch (error) {
    if (conditionFailureAt(error, 0) !== undefined) return false;
    throw error;
  }
}

/** What the usage and the reason were computed from must still hold: else a release or a start would be lost. */
function endExpressions(read: Session, ended: Session) {
  const { status, endReason, endDetail, endedAt, updatedAt, purgeAt, browserMinutes } = ended;
  const absent = (['startedAt', 'endReason'] as const).filter((field) => read[field] === undefined);
  return toExpressions({
    key: { sessionId: ended.sessionId },
    set: { status, endReason, endDetail, endedAt, updatedAt, purgeAt, browserMinutes },
    oneOf: { status: LIVE_STATUSES },
    absent,
  });
}
