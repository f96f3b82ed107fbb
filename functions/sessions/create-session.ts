import { readAllowedDomains } from '../../core/domain/allowed-domains.ts';
import type { Access } from '../../core/domain/api-key.ts';
import { settingsOf } from '../../core/domain/container-settings.ts';
import { type Context, profileKeyOf } from '../../core/domain/context.ts';
import type { CreateAttempt } from '../../core/domain/create-attempt.ts';
import { AppError } from '../../core/domain/errors.ts';
import type { Extension } from '../../core/domain/extension.ts';
import type { Project } from '../../core/domain/project.ts';
import { type ProxyRoute, readProxies } from '../../core/domain/proxies.ts';
import type { Session } from '../../core/domain/session.ts';
import { toSessionView } from '../../core/domain/session-view.ts';
import { taskSizeOf } from '../../core/domain/task-size.ts';
import type { WarmContainer } from '../../core/domain/warm-container.ts';
import { type ApiRequest, projectOf } from '../../core/http/request.ts';
import { requireContext, requireExtension, requireProject } from '../../core/http/require-owned.ts';
import { type ApiResponse, created } from '../../core/http/response.ts';
import { sealProxies } from '../../core/tokens/seal-proxies.ts';
import type { TokenKeySet } from '../../core/tokens/tokens.ts';
import { within } from '../../core/tracing/tracing.ts';
import { admitCreate } from './admit-create.ts';
import { sealAhead } from './claim-warm.ts';
import { containerEnvironment } from './container-environment.ts';
import { type CreateSessionDeps, nowOf } from './create-session-deps.ts';
import { type CreateSessionBody, certificateIdsOf, extensionIdOf } from './create-session-request.ts';
import { describeAttempt } from './describe-attempt.ts';
import { type Earlier, findEarlierCreate } from './find-earlier-create.ts';
import { newSession } from './new-session.ts';
import { requireCertificates } from './require-certificates.ts';
import type { Handover } from './seal-claim.ts';
import { signConnectDetails } from './sign-connect-details.ts';
import { joinSession, startSession } from './start-session.ts';
import { warmCandidates } from './warm-candidates.ts';
import { listSlots } from './warm-pool.ts';

/** What is known before anything is written. */
interface Wanted {
  readonly request: ApiRequest<CreateSessionBody>;
  readonly attempt: CreateAttempt;
  readonly project: Project;
  readonly keySet: TokenKeySet;
  readonly context: Context | undefined;
  readonly extension: Extension | undefined;
  readonly routes: readonly ProxyRoute[];
  /** The warm pool's. */
  readonly slots: readonly WarmContainer[];
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
    const read = await readBefore(deps, access, { projectId, body });
    for (let round = 1; round <= MAX_ROUNDS; round++) {
      const earlier = await findEarlierCreate(deps, attempt, projectId);
      const session = await startOrJoin(deps, { request, attempt, ...read }, earlier);
      if (session === undefined) continue;
      return created(
        { ...toSessionView(session), ...signConnectDetails(session, read.keySet, deps.publicConnectOrigin) },
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
): Promise<Omit<Wanted, 'request' | 'attempt'>> {
  const { context: named, taskSize, allowedDomains = [] } = body.browserSettings ?? {};
  const extensionId = extensionIdOf(body);
  taskSizeOf(taskSize, deps.taskSizes);
  readAllowedDomains(allowedDomains);
  const routes = readProxies(body.proxies, deps.managedProxy);
  const [project, keySet, context, extension, slots] = await Promise.all([
    requireProject(deps.getProject, access, projectId),
    deps.loadTokenKeys(),
    named === undefined ? undefined : requireContext(deps.getContext, projectId, named.id),
    extensionId === undefined ? undefined : requireExtension(deps.getExtension, projectId, extensionId),
    listSlots(deps),
    requireCertificates(deps.getCertificate, projectId, {
      certificateIds: certificateIdsOf(body),
      now: nowOf(deps),
    }),
  ]);
  return { project, keySet, context, extension, routes, slots };
}

/** The session when it can be driven; undefined when there is now another earlier create, or none any more. */
async function startOrJoin(
  deps: CreateSessionDeps,
  wanted: Wanted,
  earlier: Earlier,
): Promise<Session | undefined> {
  const { request, attempt, project, keySet, slots } = wanted;
  const { caller, body } = request;
  if (earlier.session !== undefined) {
    request.note({ sessionId: earlier.session.sessionId, start: 'joined' });
    return joinSession(deps, { caller, attempt }, earlier.session);
  }
  if (caller.hasLeft()) throw new AppError('CALLER_LEFT');
  const sessionId = attempt.sessionId ?? deps.newId();
  const session = newSession({
    sessionId,
    sealedProxies: await sealRoutes(wanted, sessionId),
    project,
    body,
    attempt,
    shard: deps.shard,
    tokenKeyId: keySet.current,
    now: attempt.at,
    unseenConnectMs: deps.unseenConnectMs,
    recordByDefault: deps.recordByDefault,
    traceparent: request.span.traceparent,
  });
  // Before the session takes a slot: a key that cannot sign starts nothing.
  const environment = containerEnvironment({ session, body, keySet, apiUrl: request.baseUrl });
  // Warm containers have the standard size.
  const isStandard = taskSizeOf(session.taskSize, deps.taskSizes) === undefined;
  const candidates = isStandard ? warmCandidates(slots, keySet, session, { now: nowOf(deps) }) : [];
  const handover = handoverOf(deps, wanted, session);
  const ahead = sealAhead(deps, session, candidates[0], handover);
  const admission = { attempt, replaces: earlier.replaces, candidates };
  const admitted = await within(request.span, 'admit', () => admitCreate(deps, session, admission));
  if (admitted === undefined) return undefined;
  request.note({ sessionId: session.sessionId });
  return startSession(deps, { caller, attempt }, admitted, {
    environment,
    handover,
    ahead,
    span: request.span,
    onStart: (start) => request.note({ start }),
  });
}

/** Undefined where it goes out without proxies. */
const sealRoutes = async ({ routes, keySet }: Wanted, sessionId: string): Promise<string | undefined> =>
  routes.length === 0 ? undefined : sealProxies(routes, keySet, { sessionId, tokenKeyId: keySet.current });

/** What a warm container is told instead of its environment. */
const handoverOf = (
  { warmPool }: CreateSessionDeps,
  { request, keySet, context, extension }: Wanted,
  session: Session,
): Handover => ({
  keySet,
  settings: settingsOf({ session, browserSettings: request.body.browserSettings ?? {} }),
  urls: once(async () => ({
    profileUrl:
      context === undefined || warmPool === undefined
        ? null
        : await warmPool.presignProfile(profileKeyOf(context)),
    extensionUrl:
      extension === undefined || warmPool === undefined ? null : await warmPool.presignExtension(extension),
  })),
});

function once<Value>(find: () => Promise<Value>): () => Promise<Value> {
  let found: Promise<Value> | undefined;
  return () => {
    found ??= find();
    return found;
  };
}
