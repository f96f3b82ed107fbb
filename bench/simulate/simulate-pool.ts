/**
 * A model of creates on Fargate with a pool of warm containers: which creates find one, how long the others wait, and how
 * long containers wait for a create. Its assumptions are in docs/warm-pool-simulation.md.
 */
import { MOST_STARTS_A_RUN } from '../../core/domain/starts-allowed.ts';
import { WARM } from '../../core/domain/timing.ts';
import type { WarmSizes } from '../../core/domain/warm-sizes.ts';
import { type Arrival, DAY_MS } from './days.ts';
import { Demand } from './demand.ts';
import { drawMs, type Random, type Spread } from './random.ts';
import { Timeline } from './timeline.ts';
import type { WarmRule } from './warm-rule.ts';

export interface Platform {
  /** From RunTask to READY. */
  readonly start: Spread;
  /** Of a create that finds a warm container. */
  readonly claimMs: number;
  readonly runTasksASecond: number;
  /** How many containers the account's quota of vCPUs is enough for. */
  readonly maxContainers: number;
  /** An unused container is replaced after so long. */
  readonly maxAgeMs: number;
}

export interface Pool {
  /** As the platform takes them; the first day is the first of January 1970. */
  readonly sizes: WarmSizes;
  readonly rule: WarmRule;
}

export interface Outcome {
  readonly waitsMs: readonly number[];
  readonly warmCreates: number;
  /** For want of quota. */
  readonly refusedCreates: number;
  /** Ready and unused, with the starts of those that nobody ever used: what a pool costs more than none. */
  readonly idleContainerMs: number;
}

interface Warm {
  readonly startedAtMs: number;
  readonly readyAtMs: number;
}

/** What happens from the first midnight to the end of `days`; arrivals are in order of time. */
export function simulatePool(
  options: { readonly arrivals: readonly Arrival[]; readonly days: number; readonly random: Random },
  platform: Platform,
  pool: Pool,
): Outcome {
  const model = new PoolModel(platform, pool, options.random);
  return model.run(options.arrivals, options.days * DAY_MS);
}

class PoolModel {
  readonly #platform: Platform;
  readonly #pool: Pool;
  readonly #random: Random;
  readonly #timeline = new Timeline();
  /** Oldest first. */
  readonly #idle: Warm[] = [];
  readonly #demand = new Demand();
  readonly #waitsMs: number[] = [];
  #starting = 0;
  #containers = 0;
  #nextRunTaskMs = 0;
  #warmCreates = 0;
  #refusedCreates = 0;
  #idleContainerMs = 0;

  constructor(platform: Platform, pool: Pool, random: Random) {
    this.#platform = platform;
    this.#pool = pool;
    this.#random = random;
  }

  run(arrivals: readonly Arrival[], endMs: number): Outcome {
    const tick = (nowMs: number) => {
      this.#keep(nowMs);
      this.#timeline.at(nowMs + WARM.keepEveryMs, tick);
    };
    this.#timeline.at(0, tick);
    for (const arrival of arrivals) this.#timeline.at(arrival.atMs, (nowMs) => this.#create(nowMs, arrival));
    this.#timeline.runUntil(endMs);
    for (const warm of this.#idle) this.#idleContainerMs += endMs - warm.readyAtMs;
    return {
      waitsMs: this.#waitsMs,
      warmCreates: this.#warmCreates,
      refusedCreates: this.#refusedCreates,
      idleContainerMs: this.#idleContainerMs,
    };
  }

  #create(nowMs: number, { durationMs }: Arrival): void {
    this.#demand.note(nowMs);
    const warm = this.#idle.shift();
    if (warm !== undefined) {
      this.#warmCreates++;
      this.#idleContainerMs += nowMs - warm.readyAtMs;
      this.#serve(nowMs, this.#platform.claimMs, durationMs);
      // A slot has become free: the keeper is called at once, and by nothing else but the minute.
      this.#keep(nowMs);
    } else if (this.#containers >= this.#platform.maxContainers) {
      this.#refusedCreates++;
    } else {
      this.#serve(nowMs, this.#start(nowMs) - nowMs, durationMs);
    }
  }

  #serve(nowMs: number, waitMs: number, durationMs: number): void {
    this.#waitsMs.push(waitMs);
    this.#timeline.at(nowMs + waitMs + durationMs, () => this.#containers--);
  }

  /** Starts a container: when it is ready. RunTask has a rate, and who comes later waits. */
  #start(nowMs: number): number {
    this.#containers++;
    const calledAtMs = Math.max(nowMs, this.#nextRunTaskMs);
    this.#nextRunTaskMs = calledAtMs + 1_000 / this.#platform.runTasksASecond;
    return calledAtMs + drawMs(this.#random, this.#platform.start);
  }

  /** Ends what is too old or too many, and starts what is missing. */
  #keep(nowMs: number): void {
    const { rule } = this.#pool;
    const isOld = ({ readyAtMs }: Warm) => nowMs - readyAtMs >= this.#platform.maxAgeMs;
    while (this.#idle[0] !== undefined && isOld(this.#idle[0])) this.#discard(nowMs);
    const wish = this.#wishAt(nowMs);
    const wanted = rule.wanted(wish);
    const warm = () => this.#idle.length + this.#starting;
    // Never fewer are kept than are wanted: as a rule there is nothing to ask.
    const kept = warm() > wanted ? rule.kept(wish) : wanted;
    while (this.#idle.length > 0 && warm() > kept) this.#discard(nowMs);
    const missing = Math.min(wanted - warm(), this.#platform.maxContainers - this.#containers);
    for (let started = 0; started < Math.min(missing, MOST_STARTS_A_RUN); started++) this.#warmUp(nowMs);
  }

  #wishAt(nowMs: number) {
    const inUse = this.#containers - this.#idle.length - this.#starting;
    return {
      sizes: this.#pool.sizes,
      createsByMinute: this.#demand.read(nowMs),
      now: new Date(nowMs),
      room: this.#platform.maxContainers - inUse,
    };
  }

  #warmUp(nowMs: number): void {
    this.#starting++;
    const readyAtMs = this.#start(nowMs);
    this.#timeline.at(readyAtMs, () => {
      this.#starting--;
      this.#idle.push({ startedAtMs: nowMs, readyAtMs });
    });
  }

  #discard(nowMs: number): void {
    const warm = this.#idle.shift();
    if (warm === undefined) return;
    this.#containers--;
    this.#idleContainerMs += nowMs - warm.startedAtMs;
  }
}
