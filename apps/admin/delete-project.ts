/**
 * The deletion of a project, in an order that can be cut short anywhere and done again: it is closed, its keys open it no
 * more, its sessions end and save, then its contexts, extensions, certificates, webhooks and what its sessions have left
 * go, and its item last.
 */
import { pagesOfContexts } from '../../core/aws/contexts/list-contexts.ts';
import { removeContext } from '../../core/aws/contexts/remove-context.ts';
import { scanAll } from '../../core/aws/dynamodb/scan-all.ts';
import { narrowApiKey } from '../../core/aws/keys/narrow-api-key.ts';
import { closeProject, deleteClosedProject } from '../../core/aws/projects/delete-project.ts';
import { getProject } from '../../core/aws/projects/get-project.ts';
import type { ApiKey } from '../../core/domain/api-key.ts';
import { pause } from '../../core/domain/clock.ts';
import type { Project } from '../../core/domain/project.ts';
import { CREDENTIALS, SWEEP } from '../../core/domain/timing.ts';
import type { Answer } from './answer.ts';
import type { Options } from './command-line.ts';
import { inBatches } from './in-batches.ts';
import type { Installation } from './installation.ts';
import { requireProjectId } from './options.ts';
import { recordAction } from './record-action.ts';
import { RefusedError } from './refusal.ts';
import { countCertificates, removeCertificates } from './remove-certificates.ts';
import { countExtensions, removeExtensions } from './remove-extensions.ts';
import { removeLeavings } from './remove-leavings.ts';
import { removeWebhooks } from './remove-webhooks.ts';
import { askToEnd, liveSessions } from './sessions.ts';

const LOOK_EVERY_MS = 2_000;
// A container that does not report its end is ended by the sweeper, at its next turn.
const END_LIMIT_MS = SWEEP.terminatingLimitMs + 2 * SWEEP.everyMs;

export async function deleteProject(
  installation: Installation,
  operand: string,
  options: Options,
): Promise<Answer> {
  const projectId = requireProjectId(operand);
  const found = await getProject(installation.projects, projectId);
  if (found === undefined)
    return { json: { projectId, isDeleted: false }, text: `There is no project ${projectId}` };
  const isForced = options.force === true;
  const action = { action: 'projects delete', target: projectId, details: { name: found.name, isForced } };
  return recordAction(installation, action, async () => {
    if (!isForced) await requireEmpty(installation, found);
    const counts = await carryOut(installation, projectId);
    return {
      json: { projectId, isDeleted: true, ...counts },
      text: `Project ${projectId} is deleted: ${counts.keys} keys, ${counts.sessions} sessions that ran, ${counts.contexts} contexts, ${counts.extensions} extensions, ${counts.certificates} certificates and ${counts.webhooks} webhooks of it; and what its sessions left: ${counts.downloads} downloads, ${counts.logSegments} segments of logs, ${counts.recordingFiles} files of recordings and ${counts.events} events`,
    };
  });
}

/** One look before anything is changed. What comes later is met by the steps themselves. */
async function requireEmpty(installation: Installation, { projectId, running }: Project): Promise<void> {
  let count = 0;
  for await (const page of pagesOfContexts(installation.contexts, projectId)) count += page.length;
  const extensions = await countExtensions(installation, projectId);
  const certificates = await countCertificates(installation, projectId);
  if (running <= 0 && count === 0 && extensions === 0 && certificates === 0) return;
  throw new RefusedError(
    `Project ${projectId} has ${running} sessions that run, ${count} contexts, ${extensions} extensions and ${certificates} certificates: --force ends and deletes them`,
  );
}

async function carryOut(installation: Installation, projectId: string) {
  const { projects, clock, tell } = installation;
  await closeProject(projects, projectId, new Date(clock.now()));
  const keys = await closeKeys(installation, projectId);
  const closedSince = (await getProject(projects, projectId))?.deletingSince ?? '';
  const closedAtMs = keys > 0 ? clock.now() : Date.parse(closedSince);
  const sessions = await endSessions(installation, projectId);
  const restMs = closedAtMs + CREDENTIALS.authorizerCacheMs - clock.now();
  if (restMs > 0) {
    tell(`Waits for ${Math.ceil(restMs / 1000)} s: for a minute the API may still let its keys through`);
    await pause(clock, restMs);
  }
  const contexts = await removeContexts(installation, projectId);
  const extensions = await removeExtensions(installation, projectId);
  const certificates = await removeCertificates(installation, projectId);
  const left = await removeLeavings(installation, projectId);
  const webhooks = await removeWebhooks(installation, projectId);
  if (
    !(await deleteClosedProject(projects, projectId)) &&
    (await getProject(projects, projectId)) !== undefined
  )
    throw new RefusedError(`Project ${projectId} has a session again: run the same command once more`);
  return { keys, sessions, contexts, extensions, certificates, webhooks, ...left };
}

/** Keys that open other projects too go on opening those. */
async function closeKeys({ apiKeys, clock }: Installation, projectId: string): Promise<number> {
  const opening = (await scanAll<ApiKey>(apiKeys)).filter(
    ({ status, projectIds }) => status === 'ACTIVE' && projectIds.includes(projectId),
  );
  await inBatches(opening, async (key) => {
    await narrowApiKey(apiKeys, key, { without: projectId, at: new Date(clock.now()) });
  });
  return opening.length;
}

/** Asks each session once, and waits until every one has given its slot back: then its context is saved as well. */
async function endSessions(installation: Installation, projectId: string): Promise<number> {
  const { projects, clock, tell } = installation;
  const asked = new Set<string>();
  const untilMs = clock.now() + END_LIMIT_MS;
  for (;;) {
    const running = (await getProject(projects, projectId))?.running ?? 0;
    if (running <= 0) return asked.size;
    const live = await liveSessions(installation, [projectId]);
    const fresh = live.filter(({ sessionId }) => !asked.has(sessionId));
    await inBatches(fresh, async (session) => {
      asked.add(session.sessionId);
      await askToEnd(installation, session).catch((error: Error) => {
        if (error instanceof RefusedError) throw error;
        tell(
          `Session ${session.sessionId} cannot be asked to end, and is left to the sweeper: ${error.message}`,
        );
      });
    });
    if (clock.now() > untilMs) throw new RefusedError(stillRunning(projectId, running, live.length));
    await pause(clock, LOOK_EVERY_MS);
  }
}

const stillRunning = (projectId: string, running: number, live: number): string =>
  live > 0
    ? `${live} sessions of ${projectId} have not ended yet: run the same command again`
    : `Project ${projectId} counts ${running} running sessions and none is live: set its "running" to 0 in the table, and run the same command again`;

/** Until none is listed: an index is a moment behind its table. */
async function removeContexts(installation: Installation, projectId: string): Promise<number> {
  const { contexts, clock } = installation;
  const bucket = await installation.bucket();
  const removed = new Set<string>();
  for (;;) {
    let listed = 0;
    for await (const page of pagesOfContexts(contexts, projectId)) {
      listed += page.length;
      await inBatches(page, async (context) => {
        await removeContext({ contexts, bucket }, context, new Date(clock.now()));
        removed.add(context.contextId);
      });
    }
    if (listed === 0) return removed.size;
    await pause(clock, LOOK_EVERY_MS);
  }
}
