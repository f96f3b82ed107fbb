import { CreateTakenError } from '../../core/aws/sessions/admit-session.ts';
import type { Access } from '../../core/domain/api-key.ts';
import { type CreateAttempt, newClaim } from '../../core/domain/create-attempt.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Project } from '../../core/domain/project.ts';
import type { Session } from '../../core/domain/session.ts';
import { toSessionView } from '../../core/domain/session-view.ts';
import { taskSizeOf } from '../../core/domain/task-size.ts';
import { type ApiRequest, projectOf } from '../../core/http/request.ts';
import { requireContext, requireProject } from '../../core/http/require-owned.ts';
import { type ApiResponse, created } from '../../core/http/response.ts';
import type { TokenKeySet } from '../../core/tokens/tokens.ts';
import { containerEnvironment } from './container-environment.ts';
import { type CreateSessionDeps, nowOf } from './create-session-deps.ts';
import type { CreateSessionBody } from './create-session-request.ts';
import { describeAttempt } from './describe-attempt.ts';
import { type Earlier, findEarlierCreate } from './find-earlier-create.ts';
import { newSession } from './new-session.ts';
import { refuseAdmission } from './refuse-admission.ts';
import { signConnectDetails } from './sign-connect-details.ts';
import { joinSession, startSession } from './start-session.ts';

/** What is known before anything is written. */
interface Wanted {
  readonly request: ApiRequest<CreateSessionBody>;
  readonly attempt: CreateAttempt;
  readonly project: Project;
  readonly keySet: TokenKeySet;
}

// Each round but the last lost a race for a key to another create.
const MAX_ROUNDS = 3;

/**
 * POST /v1/sessions: admits a session, starts its container and answers when its browser can be driven. A create that
 * was asked for before is answered with the session of the first.
 */
export const createSession =
  (deps: CreateSessionDeps) =>
  async (request: ApiRequest<CreateSessionBody>): Promise<ApiResponse> => {
    const { access, body } = request;
    const projectId = projectOf(access, body.projectId);
    const attempt = describeAttempt(request, projectId, nowOf(deps));
    const { project, keySet } = await readBefore(deps, access, { projectId, body });
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const earlier = await findEarlierCreate(deps, attempt, projectId);
      const session = await startOrJoin(deps, { request, attempt, project, keySet }, earlier);
      if (session === undefined) continue;
      return created(
        { ...toSessionView(session), ...signConnectDetails(session, keySet, deps.publicConnectOrigin) },
        connectHeaders(session),
      );
    }
    throw new AppError('BUSY');
  };

/** Whoever has less time than usual to connect is told so. */
const connectHeaders = ({ connectDeadlineMs }: Session): Readonly<Record<string, string>> | undefined =>
  connectDeadlineMs === undefined
    ? undefined
    : { 'x-wallcrawler-connect-within': String(Math.floor(connectDeadlineMs / 1000)) };

async function readBefore(
  deps: CreateSessionDeps,
  access: Access,
  { projectId, body }: { readonly projectId: string; readonly body: CreateSessionBody },
) {
  const { context, taskSize, extensionId = body.extensionId } = body.browserSettings ?? {};
  // Extensions cannot be uploaded yet, so there is none of that id.
  if (extensionId !== undefined) throw new AppError('EXTENSION_NOT_FOUND', [extensionId]);
  taskSizeOf(taskSize, deps.taskSizes);
  const [project, keySet] = await Promise.all([
    requireProject(deps.getProject, access, projectId),
    deps.loadTokenKeys(),
    context === undefined ? undefined : requireContext(deps.getContext, projectId, context.id),
  ]);
  return { project, keySet };
}

/** The session when it can be driven; undefined when there is now another earlier create, or none any more. */
async function startOrJoin(
  deps: CreateSessionDeps,
  wanted: Wanted,
  earlier: Earlier,
): Promise<Session | undefined> {
  const { request, attempt, project, keySet } = wanted;
  const { caller, body } = request;
  if (earlier.session !== undefined) return joinSession(deps, { caller, attempt }, earlier.session);
  if (caller.hasLeft()) throw new AppError('CALLER_LEFT');
  const session = newSession({
    sessionId: attempt.sessionId ?? deps.newId(),
    project,
    body,
    attempt,
    shard: deps.shard,
    tokenKeyId: keySet.current,
    now: attempt.at,
    unseenConnectMs: deps.unseenConnectMs,
  });
  // Before the session takes a slot: a key that cannot sign starts nothing.
  const environment = containerEnvironment({ session, body, keySet, apiUrl: request.baseUrl });
  const isAdmitted = await admit(deps, session, attempt, earlier.replaces);
  return isAdmitted ? startSession(deps, { caller, attempt }, session, environment) : undefined;
}

/** False when another create was faster. */
async function admit(
  deps: CreateSessionDeps,
  session: Session,
  attempt: CreateAttempt,
  replaces: string | undefined,
): Promise<boolean> {
  const { keyHash } = attempt;
  const keyed =
    keyHash === undefined ? undefined : { claim: newClaim(keyHash, session.sessionId, attempt), replaces };
  try {
    await deps.admit(session, keyed);
    return true;
  } catch (error) {
    if (error instanceof CreateTakenError) return false;
    throw refuseAdmission(session.projectId, error);
  }
}
