import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../../core/domain/clock.ts';
import type { Random } from './random.ts';

/**
 * The order of a world in which one thing happens at a time. Whatever leaves a process, a command to the store, an event,
 * an answer, waits for its turn, and chance says whose turn is next. Time passes when a turn is given to it.
 */
export interface Turns {
  readonly clock: Clock;
  /** Does `run` when it has its turn. */
  take<Result>(name: string, run: () => Promise<Result>): Promise<Result>;
  /** What has happened, in order. */
  readonly trace: readonly string[];
  /** Gives turns until nothing waits for one and `isOver` says so. Throws when that is not so after `limitMs` of its time. */
  giveUntil(isOver: () => Promise<boolean>, options: GiveOptions): Promise<void>;
}

export interface GiveOptions {
  readonly afterEach: (name: string) => Promise<void>;
  readonly limitMs: number;
}

interface Waiting {
  readonly name: string;
  readonly run: () => Promise<void>;
}

interface Timer {
  readonly atMs: number;
  readonly run: () => void;
}

// What is ready to go on does so in these; a turn that is given a little early is only another order.
const SETTLE_ROUNDS = 6;
/** How often a turn is given to time although something else waits for its own, and how far it goes then at most. */
const TIME_PASSES = 0.1;
const SLOW_MS = 5_000;

async function settle(): Promise<void> {
  for (let round = 0; round < SETTLE_ROUNDS; round++) await setImmediate();
}

/** A process that can be killed: what it has sent is done if its turn has come, and it never hears of it. */
export function mortal({ clock, take }: Pick<Turns, 'clock' | 'take'>) {
  let isAlive = true;
  const never = new Promise<never>(() => undefined);
  return {
    kill(): void {
      isAlive = false;
    },
    turns: {
      clock: { now: clock.now, setTimer: (delayMs, run) => clock.setTimer(delayMs, () => isAlive && run()) },
      async take(name, run) {
        // Its turn comes and goes, whether it lives or not.
        const answer = await take(name, async () => (isAlive ? { of: await run() } : undefined));
        return isAlive && answer !== undefined ? answer.of : never;
      },
    } satisfies Pick<Turns, 'clock' | 'take'>,
  };
}

export function createTurns(random: Random, startMs: number): Turns {
  const waiting: Waiting[] = [];
  const timers = new Set<Timer>();
  const trace: string[] = [];
  let nowMs = startMs;

  const clock: Clock = {
    now: () => nowMs,
    setTimer(delayMs, run) {
      const timer = { atMs: nowMs + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };

  const nextTimer = () => [...timers].sort((one, other) => one.atMs - other.atMs)[0];

  function passTime(): void {
    const next = nextTimer();
    if (next === undefined) throw new Error(`Nothing can happen any more, after:\n${trace.join('\n')}`);
    timers.delete(next);
    nowMs = Math.max(nowMs, next.atMs);
    next.run();
  }

  const mayPass = () => (nextTimer()?.atMs ?? Number.POSITIVE_INFINITY) - nowMs <= SLOW_MS;

  async function giveTurn(afterEach: GiveOptions['afterEach']): Promise<void> {
    const [next] = waiting.splice(random.below(waiting.length), 1);
    if (next === undefined) return;
    trace.push(`${((nowMs - startMs) / 1000).toFixed(1)} s ${next.name}`);
    await next.run();
    await afterEach(next.name);
  }

  return {
    clock,
    trace,
    take: (name, run) =>
      new Promise((resolve, reject) => {
        waiting.push({ name, run: () => run().then(resolve, reject) });
      }),
    async giveUntil(isOver, { afterEach, limitMs }) {
      for (;;) {
        await settle();
        if (waiting.length === 0 && (await isOver())) return;
        if (nowMs - startMs > limitMs) throw new Error(`It is not over after ${limitMs / 1000} s`);
        if (waiting.length === 0 || (random.isTrue(TIME_PASSES) && mayPass())) passTime();
        else await giveTurn(afterEach);
      }
    },
  };
}
