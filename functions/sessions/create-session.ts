import { TaskNotPlacedError } from '../../core/aws/browsers/run-browser-task.ts';
import type { UpdateOutcome } from '../../core/aws/dynamodb/update-if.ts';
import type { Access } from '../../core/domain/api-key.ts';
import type { Context } from '../../core/domain/context.ts';
import { END_REASONS, type EndReason } from '../../core/domain/end-reason.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Project } from '../../core/domain/project.ts';
import { isConnectable, type Session } from '../../core/domain/session.ts';
import { toSessionView } from '../../core/domain/session-view.ts';
import { type ApiRequest, projectOf } from '../../core/http/request.ts';
import { type Find, requireContext, requireProject } from '../../core/http/require-owned.ts';
import { type ApiResponse, created } from '../../core/http/response.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { LoadTokenKeys } from '../../core/tokens/tokens.ts';
import { containerEnvironment } from './container-environment.ts';
import type { CreateSessionBody } from './create-session-request.ts';
import { newSession } from './new-session.ts';
import { refuseAdmission } from './refuse-admission.ts';
import { signConnectDetails } from './sign-connect-details.ts';

export interface CreateSessionDeps {
  readonly logger: Logger;
  readonly now: () => Date;
  readonly newId: () => string;
  /** The ready queue that this execution environment listens on. */
  readonly shard: string;
  readonly publicConnectOrigin: string | undefined;
  readonly readyWaitMs: number;
  readonly loadTokenKeys: LoadTokenKeys;
  readonly getProject: Find<Project>;
  readonly getContext: Find<Context>;
  /** Throws a ConcurrencyExceededError when the project has no free slot, or a ProjectNotFoundError. */
  readonly admit: (session: Session) => Promise<void>;
  readonly runTask: (sessionId: string, environment: Readonly<Record<string, string>>) => Promise<string>;
  readonly recordTask: (sessionId: string, taskArn: string) => Promise<UpdateOutcome<Session>>;
  readonly waitUntilReady: (sessionId: string, timeoutMs: number) => Promise<Session | undefined>;
  readonly end: (sessionId: string, reason: EndReason, detail: string) => Promise<Session | undefined>;
  readonly stopTask: (taskArn: string, reason: string) => Promise<void>;
}

/** POST /v1/sessions: admits a session, starts its container and answers when its browser can be driven. */
export const createSession =
  (deps: CreateSessionDeps) =>
  async ({ access, body, baseUrl }: ApiRequest<CreateSessionBody>): Promise<ApiResponse> => {
    const startedAt = deps.now().getTime();
    const projectId = projectOf(access, body.projectId);
    const { project, keySet } = await readBefore(deps, access, { projectId, body });
    const session = newSession({
      sessionId: deps.newId(),
      project,
      body,
      shard: deps.shard,
      tokenKeyId: keySet.current,
      now: deps.now(),
    });
    // Before the session takes a slot: a key that cannot sign starts nothing.
    const environment = containerEnvironment({ session, body, keySet, apiUrl: baseUrl });
    await deps.admit(session).catch((error: unknown) => {
      throw refuseAdmission(projectId, error);
    });
    const ready = await startOrEnd(deps, session, environment, startedAt);
    return created({
      ...toSessionView(ready),
      ...signConnectDetails(ready, keySet, deps.publicConnectOrigin),
    });
  };

async function readBefore(
  deps: CreateSessionDeps,
  access: Access,
  { projectId, body }: { readonly projectId: string; readonly body: CreateSessionBody },
) {
  const { context, extensionId = body.extensionId } = body.browserSettings ?? {};
  // Extensions cannot be uploaded yet, so there is none of that id.
  if (extensionId !== undefined) throw new AppError('EXTENSION_NOT_FOUND', [extensionId]);
  const [project, keySet] = await Promise.all([
    requireProject(deps.getProject, access, projectId),
    deps.loadTokenKeys(),
    context === undefined ? undefined : requireContext(deps.getContext, projectId, context.id),
  ]);
  return { project, keySet };
}

/** The session once it is READY. On every other way out it has ended and its container has been asked to stop. */
async function startOrEnd(
  deps: CreateSessionDeps,
  { sessionId }: Session,
  environment: Record<string, string>,
  startedAt: number,
): Promise<Session> {
  let taskArn: string | undefined;
  try {
    taskArn = await deps.runTask(sessionId, environment);
    await deps.recordTask(sessionId, taskArn);
    const leftMs = deps.readyWaitMs - (deps.now().getTime() - startedAt);
    const session = await deps.waitUntilReady(sessionId, leftMs);
    if (session !== undefined && isConnectable(session.status)) return session;
    throw notReady(sessionId, session, deps.readyWaitMs);
  } catch (error) {
    await endUnready(deps, { sessionId, taskArn, error });
    throw asStartFailure(sessionId, error);
  }
}

/**
 * Whatever went wrong, nothing stays behind: the slot is given back and the container stopped, each even when the other
 * fails. What fails is logged and left to the sweeper: the client is to hear why its session did not start.
 */
async function endUnready(
  deps: CreateSessionDeps,
  { sessionId, taskArn, error }: { sessionId: string; taskArn: string | undefined; error: unknown },
): Promise<void> {
  const timedOut = error instanceof AppError && error.code === 'START_TIMED_OUT';
  const detail = error instanceof AppError ? error.message : 'The container could not be started';
  deps.logger.error('session not started', { sessionId, error });
  const leaveToSweeper = (step: string) => (fault: unknown) =>
    deps.logger.error(`${step}; it is left to the sweeper`, { sessionId, error: fault });
  await deps
    .end(sessionId, timedOut ? 'start_timed_out' : 'start_failed', detail)
    .catch(leaveToSweeper('session not ended'));
  if (taskArn !== undefined)
    await deps.stopTask(taskArn, detail).catch(leaveToSweeper('container not stopped'));
}

// The SDK repeats a POST on any 5xx. Here a browser was started, and a repeat would start a second one.
export const DO_NOT_RETRY = { headers: { 'x-should-retry': 'false' } };

function notReady(sessionId: string, session: Session | undefined, waitedMs: number): AppError {
  if (session?.endReason === undefined) {
    return new AppError('START_TIMED_OUT', [sessionId, Math.round(waitedMs / 1000)], DO_NOT_RETRY);
  }
  const { text } = END_REASONS[session.endReason];
  const why = session.endDetail === undefined ? text : `${text}: ${session.endDetail}`;
  return new AppError('START_FAILED', [sessionId, why], DO_NOT_RETRY);
}

function asStartFailure(sessionId: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (error instanceof TaskNotPlacedError)
    return new AppError('CAPACITY', [sessionId, error.message], { cause: error });
  return new AppError('START_FAILED', [sessionId, 'the platform failed'], { ...DO_NOT_RETRY, cause: error });
}
