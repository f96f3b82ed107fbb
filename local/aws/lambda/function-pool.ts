/** The execution environments of one function: as many as there are invocations at once, and the idle ones for a while. */
import { availableParallelism } from 'node:os';
import type { Writable } from 'node:stream';
import { Environment, type EnvironmentOptions } from './environment.ts';
import { PoolClosed, TooManyRequestsException } from './errors.ts';

export interface PoolOptions extends Omit<EnvironmentOptions, 'onExit'> {
  readonly timeoutMs: number;
  readonly maxEnvironments: number;
  readonly idleLimitMs: number;
  /** Idle environments that are kept however long nothing happens, and made at the start. */
  readonly provisioned: number;
}

// To start more at a time than there are processors makes each of them late.
const MAX_STARTS = availableParallelism();

export class FunctionPool {
  readonly #options: PoolOptions;
  readonly #all = new Set<Environment>();
  /** The most recently used one last: the others get old enough to be ended. */
  #idle: { readonly environment: Environment; readonly sinceMs: number }[] = [];
  readonly #waiting: PromiseWithResolvers<Environment>[] = [];
  readonly #reaper: NodeJS.Timeout;
  #invocations = 0;
  #starts = 0;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#reaper = setInterval(() => this.#endIdle(), Math.max(1, options.idleLimitMs / 2)).unref();
  }

  get size(): number {
    return this.#all.size;
  }

  async invoke(event: string, sink?: Writable): Promise<string> {
    const { maxEnvironments, timeoutMs, settings } = this.#options;
    if (this.#isClosed) throw new PoolClosed(settings.functionName);
    if (this.#invocations >= maxEnvironments) throw new TooManyRequestsException(settings.functionName);
    this.#invocations++;
    try {
      const environment = await this.#acquire();
      try {
        return await environment.invoke(event, timeoutMs, sink);
      } finally {
        this.#hand(environment);
        this.#grow();
      }
    } finally {
      this.#invocations--;
    }
  }

  /** Makes the provisioned environments. */
  async warm(): Promise<void> {
    const created = Array.from({ length: this.#options.provisioned }, () => this.#create());
    await Promise.all(created.map(({ ready }) => ready));
    for (const environment of created) this.#hand(environment);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#reaper);
    const { functionName } = this.#options.settings;
    for (const waiter of this.#waiting.splice(0)) waiter.reject(new PoolClosed(functionName));
    await Promise.all([...this.#all].map((environment) => environment.terminate()));
  }

  /** An idle environment, or whichever is free first: a new one, or one that has finished meanwhile. */
  #acquire(): Promise<Environment> | Environment {
    const idle = this.#idle.pop()?.environment;
    if (idle !== undefined) return idle;
    const waiter = Promise.withResolvers<Environment>();
    this.#waiting.push(waiter);
    this.#grow();
    return waiter.promise;
  }

  /** To the one that has waited longest, or to the idle ones. */
  #hand(environment: Environment): void {
    if (!environment.isAlive) return;
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) waiter.resolve(environment);
    else this.#idle.push({ environment, sinceMs: performance.now() });
  }

  #grow(): void {
    if (!this.#isClosed && this.#starts < Math.min(this.#waiting.length, MAX_STARTS)) void this.#start();
  }

  async #start(): Promise<void> {
    this.#starts++;
    const environment = this.#create();
    try {
      await environment.ready;
      this.#hand(environment);
    } catch (error) {
      this.#waiting.shift()?.reject(error);
    } finally {
      this.#starts--;
      this.#grow();
    }
  }

  #create(): Environment {
    const environment = new Environment({ ...this.#options, onExit: (gone) => this.#forget(gone) });
    this.#all.add(environment);
    return environment;
  }

  #forget(gone: Environment): void {
    this.#all.delete(gone);
    this.#idle = this.#idle.filter(({ environment }) => environment !== gone);
  }

  #endIdle(): void {
    const oldest = performance.now() - this.#options.idleLimitMs;
    while (this.#idle.length > this.#options.provisioned && (this.#idle[0]?.sinceMs ?? oldest) < oldest) {
      void this.#idle.shift()?.environment.terminate();
    }
  }
}
