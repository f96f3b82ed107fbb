import { stopBrowserTask } from '../../core/aws/browsers/stop-browser-task.ts';
import { scanAll } from '../../core/aws/dynamodb/scan-all.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { listProjectSessions, listSessionsInStatus } from '../../core/aws/sessions/list-sessions.ts';
import { requestRelease } from '../../core/aws/sessions/request-release.ts';
import { stepSession } from '../../core/aws/sessions/step-session.ts';
import { isUuid } from '../../core/domain/ids.ts';
import type { Project } from '../../core/domain/project.ts';
import {
  isTerminal,
  LIVE_STATUSES,
  PUBLIC_STATUSES,
  type PublicStatus,
  type Session,
  statusesSeenAs,
  toPublicStatus,
} from '../../core/domain/session.ts';
import { type Answer, fieldsAnswer, listAnswer } from './answer.ts';
import type { Options } from './command-line.ts';
import type { Installation } from './installation.ts';
import { limitOption, projectsOption } from './options.ts';
import { recordAction } from './record-action.ts';
import { RefusedError, UsageError } from './refusal.ts';

const newestFirst = (a: Session, b: Session): number => b.createdAt.localeCompare(a.createdAt);

/** What has not ended, newest first. No more than all projects may have at once. */
export async function liveSessions(
  { sessions }: Installation,
  projectIds?: readonly string[],
): Promise<Session[]> {
  const lists = await Promise.all(LIVE_STATUSES.map((status) => listSessionsInStatus(sessions, status)));
  const isWanted = ({ projectId }: Session) => projectIds?.includes(projectId) ?? true;
  return lists.flat().filter(isWanted).sort(newestFirst);
}

/** Of a project at a time, and never more than `limit` and one project's: the table holds a month. */
async function newestSessions(
  { sessions, projects }: Installation,
  { projectIds, status, limit }: { projectIds?: readonly string[]; status?: PublicStatus; limit: number },
): Promise<Session[]> {
  const ids = projectIds ?? (await scanAll<Project>(projects)).map(({ projectId }) => projectId);
  const statuses = status && statusesSeenAs(status);
  let newest: Session[] = [];
  for (const projectId of ids) {
    const page = await listProjectSessions(sessions, projectId, { statuses, limit });
    newest = [...newest, ...page.sessions].sort(newestFirst).slice(0, limit);
  }
  return newest;
}

function statusOption(raw: string | undefined): PublicStatus | undefined {
  if (raw === undefined) return undefined;
  const status = PUBLIC_STATUSES.find((each) => each === raw.toUpperCase());
  if (status === undefined) throw new UsageError(`--status must be one of ${PUBLIC_STATUSES.join(', ')}`);
  return status;
}

export async function listSessions(installation: Installation, options: Options): Promise<Answer> {
  const limit = limitOption(options.limit);
  const projectIds = projectsOption(options.project);
  const status = statusOption(options.status);
  const narrowed = { ...(projectIds && { projectIds }), ...(status && { status }) };
  const found =
    options.all || status !== undefined
      ? await newestSessions(installation, { ...narrowed, limit: limit + 1 })
      : await liveSessions(installation, projectIds);
  return listAnswer(found.map(toView), {
    limit,
    columns: [
      ['ID', ({ sessionId }) => sessionId],
      ['PROJECT', ({ projectId }) => projectId, 'elastic'],
      ['STATUS', ({ publicStatus }) => publicStatus],
      ['INSIDE', ({ status: inside }) => inside],
      ['CREATED', ({ createdAt }) => createdAt],
      ['ENDED', ({ endedAt }) => endedAt ?? '-'],
      ['REASON', ({ endReason }) => endReason ?? '-'],
      ['CLIENTS', ({ connectionCount }) => String(connectionCount ?? 0)],
      ['CONTEXT', ({ contextId }) => contextId ?? '-'],
    ],
  });
}

/** No token is in a session's item; where its browser listens is for operators. */
const toView = (session: Session) => ({ ...session, publicStatus: toPublicStatus(session.status) });

async function requireSession({ sessions }: Installation, sessionId: string): Promise<Session> {
  if (!isUuid(sessionId)) throw new UsageError('SESSION-ID is the id in "sessions list"');
  const session = await getSession(sessions, sessionId);
  if (session === undefined) throw new RefusedError(`There is no session ${sessionId}, or none any more`);
  return session;
}

export async function showSession(installation: Installation, sessionId: string): Promise<Answer> {
  return fieldsAnswer(toView(await requireSession(installation, sessionId)));
}

/** The very steps of a release by the API. */
export function askToEnd({ sessions, browsers, clock }: Installation, session: Session): Promise<Session> {
  if (browsers === undefined)
    throw new RefusedError(
      'The machine does not run: what its last run left is ended by the next "npm start"',
    );
  return requestRelease(
    {
      recordRelease: (id, endReason) =>
        stepSession(sessions, id, { to: 'TERMINATING', set: { endReason }, at: new Date(clock.now()) }),
      stopTask: (taskArn, reason) => stopBrowserTask(browsers, taskArn, reason),
    },
    session,
  );
}

export async function endSession(installation: Installation, sessionId: string): Promise<Answer> {
  const found = await requireSession(installation, sessionId);
  const details = { projectId: found.projectId };
  return recordAction(installation, { action: 'sessions end', target: sessionId, details }, async () => {
    if (isTerminal(found.status))
      return {
        json: toView(found),
        text: `Session ${sessionId} has ended: ${found.endReason ?? found.status}`,
      };
    const session = await askToEnd(installation, found);
    return {
      json: toView(session),
      text: `Session ${sessionId} ends: its container saves what is to be saved, two minutes at most`,
    };
  });
}
