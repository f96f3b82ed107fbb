import type { Session } from '../../../core/domain/session.ts';
import { SWEEP } from '../../../core/domain/timing.ts';
import type { SessionTables } from '../../contract/support/session-tables.ts';
import { type Outcome, runClient } from './client.ts';
import { createRandom } from './random.ts';
import { BrokenPromiseError } from './watch-sessions.ts';
import { createWorld, type Recovery, type World } from './world.ts';

export interface Told {
  readonly seed: number;
  readonly outcomes: readonly Outcome[];
  readonly sessions: readonly Session[];
  readonly kills: number;
  readonly turns: number;
  readonly recoveries: readonly Recovery[];
}

const MAX_CLIENTS = 3;
const MAX_KILLS = 2;
const KILLS_WITHIN_MS = 90_000;
/** So that what it draws is not what the story draws. */
const CHANCE_OF_THE_CODE = 1_000_000_007;
/** Two minutes of life, and what sweeper and events may take after it. */
const QUIET_WITHIN_MS = 15 * 60_000;

/**
 * One story of a project: creates, clients, releases and kills, in the order that chance gives. It throws a BrokenPromiseError
 * at the first look at which something is not as promised, and ends when all is quiet. One at a time: the seed gives the
 * code's own chance, too, and the same seed is the same story.
 */
export async function tellStory(tables: SessionTables, seed: number): Promise<Told> {
  const { random } = Math;
  Math.random = createRandom(seed + CHANCE_OF_THE_CODE).next;
  try {
    return await tell(tables, seed);
  } finally {
    Math.random = random;
  }
}

async function tell(tables: SessionTables, seed: number): Promise<Told> {
  const world = await createWorld(tables, seed);
  const { random, turns } = world;
  const key = random.isTrue(0.3) ? 'one' : undefined;
  const number = 1 + random.below(MAX_CLIENTS);
  const outcomes: Outcome[] = [];
  let fault: unknown;
  for (let index = 0; index < number; index++)
    void runClient(world, index, key).then(
      (outcome) => outcomes.push(outcome),
      (error: unknown) => {
        fault ??= error;
      },
    );
  const kills = random.below(MAX_KILLS + 1);
  for (let kill = 0; kill < kills; kill++)
    turns.clock.setTimer(random.below(KILLS_WITHIN_MS), () => killSomething(world));
  sweepEveryMinute(world);
  try {
    await turns.giveUntil(
      async () => {
        if (fault !== undefined) throw fault;
        return outcomes.length === number && world.watch.isQuiet() && (await world.strays()).length === 0;
      },
      { afterEach: world.lookAfter, limitMs: QUIET_WITHIN_MS },
    );
    requireUsage(world);
  } catch (error) {
    const trace = turns.trace.slice(-80).join('\n');
    const items = JSON.stringify(world.watch.sessions(), null, 1);
    throw new BrokenPromiseError(`Story ${seed}: ${error}\n${items}\n${trace}`, { cause: error });
  }
  return {
    seed,
    outcomes,
    sessions: world.watch.sessions(),
    kills,
    turns: turns.trace.length,
    recoveries: world.deaths.recoveries,
  };
}

function killSomething({ cluster, random, watch, deaths }: World): void {
  const running = cluster.running();
  if (running.length === 0) return;
  const { taskArn, startedBy, container } = random.oneOf(running);
  const session = watch
    .sessions()
    .find((each) => each.taskArn === taskArn || each.warmId === startedBy || each.sessionId === startedBy);
  if (session !== undefined) deaths.died(session);
  container.kill();
}

/** What fails in one is done in the next. */
function sweepEveryMinute(world: World): void {
  world.turns.clock.setTimer(SWEEP.everyMs, () => {
    sweepEveryMinute(world);
    world.platform.sweep().catch(() => {
      world.sweeps.failed++;
    });
  });
}

function requireUsage({ watch }: World): void {
  const used = watch.sessions().reduce((sum, { browserMinutes = 0 }) => sum + browserMinutes, 0);
  if (watch.usedMinutes() !== used)
    throw new BrokenPromiseError(`${used} minutes were used, and the project counts ${watch.usedMinutes()}`);
}
