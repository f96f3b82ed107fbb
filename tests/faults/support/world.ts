import { freeSlot } from '../../../core/aws/pool/free-slot.ts';
import { listWarmSlots } from '../../../core/aws/pool/list-warm-slots.ts';
import type { Session } from '../../../core/domain/session.ts';
import { isTerminal } from '../../../core/domain/session.ts';
import { decide } from '../../../functions/stream-processor/decide.ts';
import type { SessionTables } from '../../contract/support/session-tables.ts';
import { type Container, createCluster, type Task } from './cluster.ts';
import { createSessionContainer, type SessionContainer } from './container.ts';
import { createPlatform } from './platform.ts';
import { createRandom } from './random.ts';
import { createSignals } from './signals.ts';
import { STORE_TURN, storeInTurns } from './store-in-turns.ts';
import { createTurns, type Turns } from './turns.ts';
import { createWarmContainers } from './warm-containers.ts';
import { watchSessions } from './watch-sessions.ts';

/** How often what is asked of AWS, or told by it, goes wrong. */
const STORE = { refused: 0.01, unheard: 0.01, repeated: 0.01 };
const ECS = { lost: 0.08, doubled: 0.12, notPlaced: 0.05, unheardStart: 0.02 };
const CLAIMS = { refused: 0.1, unheard: 0.1, restoring: 0.2 };
const READS: ReadonlySet<string> = new Set(
  ['GetCommand', 'QueryCommand', 'ScanCommand'].map((each) => STORE_TURN + each),
);
const SIGNALS = { lost: 0.1, doubled: 0.1 };

export const TIMEOUT_SECONDS = 120;
const MAX_SESSIONS = 4;

export type World = Awaited<ReturnType<typeof createWorld>>;

/** A project of its own, with an empty history, and as many warm containers as chance gives: none, one or two. */
export async function createWorld(tables: SessionTables, seed: number) {
  const random = createRandom(seed);
  const turns = createTurns(random, Date.now());
  const projectId = await tables.newProject(2);
  await emptyPool(tables);
  const sweeps = { failed: 0 };
  const deaths = watchDeaths(() => turns.clock.now(), sweeps);
  const signals = createSignals(turns, random, SIGNALS);
  const watch = watchSessions({ ...tables, projectId }, (before, after) => {
    deaths.note(after);
    const { signal } = decide(before, after);
    if (signal !== undefined) signals.send(signal.sessionId);
  });
  const ids = Array.from({ length: MAX_SESSIONS }, (_, index) => `${projectId}-${index + 1}`);
  const left = [...ids];
  const containers = new Map<string, SessionContainer>();

  const assign = (task: Task, session: Assigned): Container => {
    const container = createSessionContainer({
      turns,
      task,
      api: platform.apiOf(session.sessionId, session.token),
      expiresAt: new Date(turns.clock.now() + TIMEOUT_SECONDS * 1000),
      isReady: session.isReady,
    });
    containers.set(task.host, container);
    return container;
  };
  const cluster = createCluster({
    turns,
    random,
    faults: ECS,
    onEvent: (event) => platform.onTaskEvent(event),
  });
  const warmCount = random.below(3);
  const warm = await createWarmContainers(
    { turns, random, faults: CLAIMS, cluster, pool: tables.warmPool, assign },
    warmCount,
  );
  /** The functions, in a process that takes turns as `own` says. */
  const platformIn = (own: Pick<Turns, 'clock' | 'take'>) => {
    const client = storeInTurns(tables.sessions.client, own, random, STORE);
    return createPlatform({
      turns: own,
      sessions: { ...tables.sessions, client },
      projects: { ...tables.projects, client },
      pool: { ...tables.warmPool, client },
      cluster,
      launchCold: (sessionId, token) => (task) => assign(task, { sessionId, token, isReady: false }),
      sendClaim: warm.send,
      receiveSignal: signals.receive,
      hasPool: warmCount > 0,
      newId: () => left.shift() ?? 'one too many',
    });
  };
  const platform = platformIn(turns);

  return {
    random,
    turns,
    projectId,
    watch,
    cluster,
    platform,
    platformIn,
    sweeps,
    deaths,
    containerAt: (host: string) => containers.get(host),
    /** Only what the store does changes what is promised. */
    lookAfter: async (name: string) => {
      if (name.startsWith(STORE_TURN) && !READS.has(name)) await watch.look(ids);
    },
    /** Tasks that run for nobody. One that waits in the pool is nobody's, and right so. */
    async strays(): Promise<readonly string[]> {
      const inPool = new Set((await listWarmSlots(tables.warmPool)).map(({ taskArn }) => taskArn));
      return cluster
        .running()
        .filter(({ taskArn }) => !(inPool.has(taskArn) && warm.isUnclaimed(taskArn)))
        .map(({ taskArn }) => taskArn);
    },
  };
}

interface Assigned {
  readonly sessionId: string;
  readonly token: string;
  readonly isReady: boolean;
}

async function emptyPool({ warmPool }: SessionTables): Promise<void> {
  for (const slot of await listWarmSlots(warmPool)) await freeSlot(warmPool, slot);
}

export interface Recovery {
  /** From the death of a session's container to the session's end. */
  readonly ms: number;
  /** How many sweeps failed in that time. What fails in one is done in the next. */
  readonly failedSweeps: number;
}

interface Death {
  readonly warmId: string | undefined;
  readonly atMs: number;
  readonly failedSweeps: number;
}

/** How long it takes until the session of a container that is dead has ended. */
function watchDeaths(nowMs: () => number, sweeps: { readonly failed: number }) {
  const deaths = new Map<string, Death>();
  const recoveries: Recovery[] = [];
  return {
    died({ sessionId, status, warmId }: Session): void {
      if (!isTerminal(status)) deaths.set(sessionId, { warmId, atMs: nowMs(), failedSweeps: sweeps.failed });
    },
    note({ sessionId, status, warmId }: Session): void {
      const death = deaths.get(sessionId);
      if (death === undefined) return;
      // Its claim was not taken: it goes on with another container.
      const goesOn = warmId !== death.warmId;
      if (goesOn || isTerminal(status)) deaths.delete(sessionId);
      if (goesOn || !isTerminal(status)) return;
      recoveries.push({ ms: nowMs() - death.atMs, failedSweeps: sweeps.failed - death.failedSweeps });
    },
    recoveries: recoveries as readonly Recovery[],
  };
}
