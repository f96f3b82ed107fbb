import { pause } from '../../../core/domain/clock.ts';
import { newRequest } from '../../../core/testing/new-request.ts';
import { mortal } from './turns.ts';
import { BrokenPromiseError } from './watch-sessions.ts';
import { TIMEOUT_SECONDS, type World } from './world.ts';

export type Outcome = 'answered' | 'refused' | 'cut off';

/** How often the function of a create is killed in the middle of it. */
const KILLED = 0.12;
const CREATE_LASTS_MS = 6_000;

/** One client: it asks for a session, perhaps leaves before the answer, and uses what it gets. */
export async function runClient(world: World, number: number, key: string | undefined): Promise<Outcome> {
  const { random, turns } = world;
  await pause(turns.clock, random.below(3) * 500);
  const caller = createCaller();
  if (random.isTrue(0.15)) turns.clock.setTimer(random.below(20_000), caller.leave);
  const answer = await create(world, { number, key, caller });
  if (typeof answer === 'string') return answer;
  if (!caller.hasLeft()) await use(world, answer.id, new URL(answer.connectUrl).hostname);
  return 'answered';
}

function createCaller() {
  const left = Promise.withResolvers<void>();
  let hasLeft = false;
  return {
    hasLeft: () => hasLeft,
    onLeave: (work: () => Promise<void>) => void left.promise.then(work),
    leave() {
      hasLeft = true;
      left.resolve();
    },
  };
}

interface Wish {
  readonly number: number;
  readonly key: string | undefined;
  readonly caller: ReturnType<typeof createCaller>;
}

async function create(world: World, { number, key, caller }: Wish) {
  const { random, turns, projectId } = world;
  const process = mortal(turns);
  const cutOff = Promise.withResolvers<'cut off'>();
  if (random.isTrue(KILLED))
    turns.clock.setTimer(random.below(CREATE_LASTS_MS), () => {
      process.kill();
      cutOff.resolve('cut off');
    });
  const body = { timeout: TIMEOUT_SECONDS };
  const request = newRequest({
    requestId: `request-${number}`,
    access: { projectId, projectIds: [projectId] },
    headers: key === undefined ? {} : { 'idempotency-key': key },
    body,
    bodyText: JSON.stringify(body),
    caller,
  });
  const answer = world.platformIn(process.turns).create(request);
  return Promise.race([cutOff.promise, answer.then(({ body }) => body as Answer, refused)]);
}

// A client hears why, and goes away; what is left of the try is what the story is about.
const refused = () => 'refused' as const;

interface Answer {
  readonly id: string;
  readonly connectUrl: string;
}

/** Sometimes nothing, as when it dies. */
async function use(world: World, sessionId: string, host: string): Promise<void> {
  const { random, turns, platform } = world;
  await pause(turns.clock, 1 + random.below(10_000));
  const session = world.watch.sessions().find((each) => each.sessionId === sessionId);
  if (session?.startedAt === undefined)
    throw new BrokenPromiseError(`${sessionId} was answered and has never been ready`);
  if (random.isTrue(0.2)) return;
  const container = world.containerAt(host);
  const isConnected = container?.connect() === true;
  await pause(turns.clock, random.below(40_000));
  if (random.isTrue(0.5)) {
    const releases = random.isTrue(0.2) ? 2 : 1;
    await Promise.allSettled(Array.from({ length: releases }, () => platform.release(sessionId)));
  } else if (isConnected) container?.disconnect();
}
