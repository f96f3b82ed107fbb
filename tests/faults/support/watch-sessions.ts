import { TransactGetCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../../core/aws/dynamodb/document-client.ts';
import type { Project } from '../../../core/domain/project.ts';
import { canStep, isTerminal, type Session } from '../../../core/domain/session.ts';

export interface WatchedTables {
  /** Both past the world's turns and faults. */
  readonly sessions: Table;
  readonly projects: Table;
  readonly projectId: string;
}

/** What was seen to be wrong. */
export class BrokenPromiseError extends Error {
  override readonly name = 'BrokenPromiseError';
}

export type Watch = ReturnType<typeof watchSessions>;

// What an end has said is said.
const FINAL = ['status', 'endReason', 'endDetail', 'endedAt', 'browserMinutes', 'purgeAt'] as const;

/** Looks at the tables after each turn, and throws at the first look at which a promise is broken. */
export function watchSessions(
  { sessions, projects, projectId }: WatchedTables,
  onChange: (before: Session | undefined, after: Session) => void,
) {
  const seen = new Map<string, Session>();
  let project: Project | undefined;

  async function look(ids: readonly string[]): Promise<void> {
    const { Responses = [] } = await projects.client.send(
      new TransactGetCommand({
        TransactItems: [
          { Get: { TableName: projects.tableName, Key: { projectId } } },
          ...ids.map((sessionId) => ({ Get: { TableName: sessions.tableName, Key: { sessionId } } })),
        ],
      }),
    );
    project = Responses[0]?.Item as Project;
    for (const { Item } of Responses.slice(1)) if (Item !== undefined) note(Item as Session);
    const live = [...seen.values()].filter(({ status }) => !isTerminal(status)).length;
    if (project.running !== live)
      throw new BrokenPromiseError(`${live} sessions are live, and the project counts ${project.running}`);
  }

  function note(after: Session): void {
    const before = seen.get(after.sessionId);
    seen.set(after.sessionId, after);
    if (before !== undefined) requireLegal(before, after);
    if (before?.status !== after.status) onChange(before, after);
  }

  return {
    look,
    sessions: () => [...seen.values()],
    isQuiet: () => [...seen.values()].every(({ status }) => isTerminal(status)),
    usedMinutes: () => project?.browserMinutes ?? 0,
  };
}

function requireLegal(before: Session, after: Session): void {
  const { sessionId } = before;
  if (before.status !== after.status && !canStep(before.status, after.status))
    throw new BrokenPromiseError(`${sessionId} went from ${before.status} to ${after.status}`);
  if (!isTerminal(before.status)) return;
  const changed = FINAL.find((field) => before[field] !== after[field]);
  if (changed !== undefined)
    throw new BrokenPromiseError(
      `${sessionId} had ended, and its ${changed} went from ${before[changed]} to ${after[changed]}`,
    );
}
