/** All of the platform around one project, as the Lambdas wire it, on a store and a cluster whose answers take turns. */

import type { Table } from '../../../core/aws/dynamodb/document-client.ts';
import { claimItems } from '../../../core/aws/pool/claim-warm.ts';
import { freeSlot } from '../../../core/aws/pool/free-slot.ts';
import { getWarmClaim } from '../../../core/aws/pool/get-warm-claim.ts';
import { getWarmContainer } from '../../../core/aws/pool/get-warm-container.ts';
import { listWarmSlots } from '../../../core/aws/pool/list-warm-slots.ts';
import { recordWarmAddress } from '../../../core/aws/pool/record-warm-readiness.ts';
import { getProject } from '../../../core/aws/projects/get-project.ts';
import { admitSession } from '../../../core/aws/sessions/admit-session.ts';
import { endSession } from '../../../core/aws/sessions/end-session.ts';
import { findRetriedCreates } from '../../../core/aws/sessions/find-retried-creates.ts';
import { getCreateClaim } from '../../../core/aws/sessions/get-create-claim.ts';
import { getSession } from '../../../core/aws/sessions/get-session.ts';
import { listSessionsInStatus } from '../../../core/aws/sessions/list-sessions.ts';
import { moveSession } from '../../../core/aws/sessions/move-session.ts';
import { recordAddress, recordContainerReady } from '../../../core/aws/sessions/record-readiness.ts';
import { requestRelease } from '../../../core/aws/sessions/request-release.ts';
import { stepSession } from '../../../core/aws/sessions/step-session.ts';
import type { ClaimAnswer } from '../../../core/domain/claim.ts';
import { pause } from '../../../core/domain/clock.ts';
import { CONTAINER_VARIABLES } from '../../../core/domain/container-environment.ts';
import type { EndReason } from '../../../core/domain/end-reason.ts';
import { CREATE_LADDER } from '../../../core/domain/timing.ts';
import { slotOfWarmId } from '../../../core/domain/warm-container.ts';
import { createLogger } from '../../../core/log/logger.ts';
import { newRequest } from '../../../core/testing/new-request.ts';
import { rotateKeySet } from '../../../core/tokens/key-set.ts';
import type { Instruction } from '../../../functions/container-api/instruction.ts';
import { reportEnded } from '../../../functions/container-api/report-ended.ts';
import { reportHeartbeat } from '../../../functions/container-api/report-heartbeat.ts';
import { reportReady } from '../../../functions/container-api/report-ready.ts';
import { createSession } from '../../../functions/sessions/create-session.ts';
import type { Claim } from '../../../functions/sessions/send-claim.ts';
import { ROOM } from '../../../functions/sessions/testing/working-deps.ts';
import { waitUntilReady } from '../../../functions/sessions/wait-until-ready.ts';
import { sweep } from '../../../functions/sweeper/sweep.ts';
import { locatePrivately } from '../../../functions/task-processor/locate-task.ts';
import { processTaskEvent } from '../../../functions/task-processor/process-task-event.ts';
import type { Cluster, Launch } from './cluster.ts';
import type { SessionApi } from './container.ts';
import type { Turns } from './turns.ts';

export const keySet = rotateKeySet(undefined, new Date());
const logger = createLogger({}, () => {});

export interface PlatformTables {
  readonly sessions: Table;
  readonly projects: Table;
  readonly pool: Table;
}

export interface PlatformDeps extends PlatformTables {
  readonly turns: Pick<Turns, 'clock' | 'take'>;
  readonly cluster: Cluster;
  /** What begins to run in the task of a session that is started cold. */
  readonly launchCold: (sessionId: string, token: string) => Launch;
  readonly sendClaim: (claim: Claim) => Promise<ClaimAnswer>;
  readonly receiveSignal: (sessionId: string, signal: AbortSignal) => Promise<void>;
  readonly hasPool: boolean;
  readonly newId: () => string;
}

/** Every entry is what the function of that name does; all of one platform are processes that live and die together. */
export function createPlatform(deps: PlatformDeps) {
  const { turns, sessions, projects, pool } = deps;
  const store = { sessions, projects, clock: turns.clock };
  const now = () => new Date(turns.clock.now());
  const end = (sessionId: string, reason: EndReason, detail: string | undefined) =>
    endSession(store, sessionId, { reason, detail, endedAt: now() });
  const stopTask = (taskArn: string, reason: string) =>
    turns.take(`ECS: stop ${taskArn}: ${reason}`, () => deps.cluster.stopTask(taskArn));
  const release = {
    stopTask,
    recordRelease: (sessionId: string, endReason: EndReason) =>
      stepSession(sessions, sessionId, { to: 'TERMINATING', set: { endReason }, at: now() }),
  };
  return {
    create: createSession({ ...createDeps(deps, now), end, stopTask }),
    async release(sessionId: string): Promise<void> {
      const session = await getSession(sessions, sessionId);
      if (session !== undefined) await requestRelease(release, session);
    },
    onTaskEvent: taskProcessor(deps, now),
    sweep: sweep({
      logger,
      now,
      listSessionsInStatus: (status) => listSessionsInStatus(sessions, status),
      getSession: (sessionId) => getSession(sessions, sessionId),
      listRunningTasks: () => turns.take('ECS: list tasks', async () => deps.cluster.running()),
      getWarmContainer: (warmId) => getWarmContainer(pool, warmId),
      getWarmClaim: (warmId) => getWarmClaim(pool, warmId),
      markTerminating: release.recordRelease,
      end,
      stopTask,
      listTombstones: async () => [],
      deleteProfile: async () => undefined,
      removeTombstone: async () => undefined,
    }),
    apiOf: (sessionId: string, token: string) => containerApi(deps, now, { sessionId, token }),
  };
}

function createDeps(deps: PlatformDeps, now: () => Date) {
  const { turns, sessions, projects, pool, hasPool } = deps;
  const { clock } = turns;
  const store = { sessions, projects, clock };
  return {
    logger,
    clock,
    newId: deps.newId,
    shard: '0',
    publicConnectOrigin: undefined,
    readyWaitMs: CREATE_LADDER.readyWaitMs,
    unseenConnectMs: undefined,
    recordByDefault: true,
    loadTokenKeys: async () => keySet,
    getProject: (projectId: string) => getProject(projects, projectId),
    getContext: async () => undefined,
    getExtension: async () => undefined,
    getCertificate: async () => undefined,
    getSession: (sessionId: string) => getSession(sessions, sessionId),
    getClaim: (keyHash: string) => getCreateClaim(sessions, keyHash, now()),
    findRetriedCreates: (projectId: string, callerHash: string, since: Date) =>
      findRetriedCreates(sessions, { projectId, callerHash, since }),
    admit: ((session, keyed, container) =>
      admitSession(
        store,
        session,
        keyed,
        container === undefined
          ? []
          : claimItems(pool, container, { sessionId: session.sessionId, at: now() }),
      )) as Parameters<typeof createSession>[0]['admit'],
    runTask: (sessionId: string, environment: Readonly<Record<string, string>>) => {
      const launch = deps.launchCold(sessionId, environment[CONTAINER_VARIABLES.controllerToken] ?? '');
      return turns.take(`ECS: run a task for ${sessionId}`, () => deps.cluster.runTask(sessionId, launch));
    },
    capacity: ROOM,
    step: ((sessionId, step) => stepSession(sessions, sessionId, step)) as Parameters<
      typeof createSession
    >[0]['step'],
    waitUntilReady: ((wait) =>
      waitUntilReady(
        { clock, receiveSignal: deps.receiveSignal, onSignalFault: () => undefined },
        wait,
      )) as Parameters<typeof createSession>[0]['waitUntilReady'],
    warmPool: hasPool
      ? {
          list: () => listWarmSlots(pool),
          move: ((sessionId, move) => moveSession(store, pool, sessionId, move)) as NonNullable<
            Parameters<typeof createSession>[0]['warmPool']
          >['move'],
          presignProfile: async () => 'http://profile',
          presignExtension: async () => 'http://extension',
          send: deps.sendClaim,
          recordFailure: async () => undefined,
          recordCreate: async () => undefined,
        }
      : undefined,
  };
}

function taskProcessor({ turns, sessions, projects, pool }: PlatformDeps, now: () => Date) {
  const store = { sessions, projects, clock: turns.clock };
  return processTaskEvent({
    logger,
    now,
    locate: locatePrivately,
    pause: (ms) => pause(turns.clock, ms),
    recordAddress: (sessionId, facts) => recordAddress(sessions, sessionId, facts, now()),
    recordWarmAddress: (warmId, facts) => recordWarmAddress(pool, warmId, facts, now()),
    freeSlot: async (warmId) => freeSlot(pool, { slot: slotOfWarmId(warmId) ?? '', warmId }),
    recordWarmFailure: async () => undefined,
    getWarmClaim: (warmId) => getWarmClaim(pool, warmId),
    getSession: (sessionId) => getSession(sessions, sessionId),
    recordEnding: (sessionId, endReason, by) =>
      stepSession(sessions, sessionId, {
        to: 'TERMINATING',
        set: { endReason },
        ...(by === undefined ? {} : { container: by }),
        at: now(),
      }),
    end: (sessionId, ending, by) => endSession(store, sessionId, { ...ending, endedAt: now() }, by),
  });
}

/** With the container's real token: a container that is not its session's is told so by the real check. */
function containerApi(
  { turns, sessions, projects }: PlatformDeps,
  now: () => Date,
  { sessionId, token }: { readonly sessionId: string; readonly token: string },
): SessionApi {
  const authentication = { loadTokenKeys: async () => keySet, now };
  const request = <Body>(body: Body) => newRequest({ pathId: sessionId, bearerToken: token, body });
  const store = { sessions, projects, clock: turns.clock };
  const ready = reportReady({
    ...authentication,
    recordContainerReady: (container) => recordContainerReady(sessions, container, now()),
  });
  const heartbeat = reportHeartbeat({
    ...authentication,
    stepSession: (id, step) => stepSession(sessions, id, step),
  });
  const ended = reportEnded({
    ...authentication,
    end: (container, reason, detail) =>
      endSession(store, container.sessionId, { reason, detail, endedAt: now() }, container),
    recordSavedProfile: async () => undefined,
  });
  return {
    reportReady: async () => (await ready(request({}))).body as Instruction,
    reportHeartbeat: async (connectionCount) =>
      (await heartbeat(request({ connectionCount }))).body as Instruction,
    reportEnded: (reason) => ended(request({ reason })),
  };
}
