/** The execution environments of one function: as many as there are invocations at once, and the idle ones for a while. */
import { Environment, type EnvironmentOptions, type Sink } from './environment.ts';
import { LambdaException } from './errors.ts';

export interface PoolOptions extends EnvironmentOptions {
  readonly timeoutMs: number;
  readonly maxEnvironments: number;
  /** How long an invocation waits for one of them when all are busy. Lambda refuses it at once, at a thousand and more. */
  readonly busyWaitMs: number;
  readonly idleLimitMs: number;
  /** Idle environments that are kept however long nothing happens, and made at the start. */
  readonly provisioned: number;
}

/** At once, of one function: those that wait included. */
const MAX_INVOCATIONS = 2_000;

export class FunctionPool {
  readonly #options: PoolOptions;
  readonly #all = new Set<Environment>();
  /** The most recently used one last, each with the timer of its end: so it is the others that get old. */
  readonly #idle = new Map<Environment, NodeJS.Timeout>();
  readonly #waiting: PromiseWithResolvers<Environment>[] = [];
  #invocations = 0;
  #starts = 0;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#all.size;
  }

  async invoke(event: string, sink?: Sink): Promise<string> {
    const { timeoutMs } = this.#options;
    if (this.#isClosed) throw this.#refusal('PoolClosed');
    if (this.#invocations >= MAX_INVOCATIONS) throw this.#refusal('TooManyRequestsException');
    this.#invocations++;
    let environment: Environment | undefined;
    try {
      environment = await this.#acquire();
      return await environment.invoke(event, timeoutMs, sink);
    } finally {
      this.#invocations--;
      if (environment !== undefined) this.#hand(environment);
      this.#grow();
    }
  }

  /** Makes the provisioned environments. */
  async warm(): Promise<void> {
    const created = Array.from({ length: this.#options.provisioned }, () => this.#create());
    await Promise.all(created.map(({ ready }) => ready));
    for (const environment of created) this.#hand(environment);
  }

  /** What is under way fails. Its code runs on until its thread ends. */
  close(): void {
    this.#isClosed = true;
    for (const waiter of this.#waiting.splice(0)) waiter.reject(this.#refusal('PoolClosed'));
    for (const environment of this.#all) environment.terminate();
  }

  #refusal(name: LambdaException['name']): LambdaException {
    return new LambdaException(name, this.#options.settings.functionName);
  }

  /** An idle environment, or whichever is free first: a new one, or one that has finished meanwhile. */
  #acquire(): Promise<Environment> | Environment {
    const idle = [...this.#idle.keys()].at(-1);
    if (idle !== undefined) {
      this.#wake(idle);
      return idle;
    }
    const waiter = Promise.withResolvers<Environment>();
    this.#waiting.push(waiter);
    this.#grow();
    // One that may have an environment made for it waits for that as long as it takes.
    return this.#invocations <= this.#options.maxEnvironments ? waiter.promise : this.#awaitBusy(waiter);
  }

  async #awaitBusy(waiter: PromiseWithResolvers<Environment>): Promise<Environment> {
    const giveUp = setTimeout(() => {
      const index = this.#waiting.indexOf(waiter);
      if (index === -1) return;
      this.#waiting.splice(index, 1);
      waiter.reject(this.#refusal('TooManyRequestsException'));
    }, this.#options.busyWaitMs);
    try {
      return await waiter.promise;
    } finally {
      clearTimeout(giveUp);
    }
  }

  /** To the one that has waited longest, or to the idle ones. */
  #hand(environment: Environment): void {
    if (!environment.isAlive) return;
    const waiter = this.#waiting.shift();
    if (waiter !== undefined) waiter.resolve(environment);
    else this.#rest(environment);
  }

  #rest(environment: Environment): void {
    const { idleLimitMs, provisioned } = this.#options;
    const end = () => {
      if (this.#idle.size <= provisioned) return;
      this.#wake(environment);
      environment.terminate();
    };
    this.#idle.set(environment, setTimeout(end, idleLimitMs).unref());
  }

  #wake(environment: Environment): void {
    clearTimeout(this.#idle.get(environment));
    this.#idle.delete(environment);
  }

  #grow(): void {
    if (this.#isClosed || this.#waiting.length === 0 || this.#all.size >= this.#options.maxEnvironments)
      return;
    // One after the other: they load in one thread, where what runs may be done before.
    if (this.#starts === 0) void this.#start();
  }

  async #start(): Promise<void> {
    this.#starts++;
    const environment = this.#create();
    try {
      await environment.ready;
      this.#hand(environment);
    } catch (error) {
      environment.terminate();
      this.#waiting.shift()?.reject(error);
    } finally {
      this.#starts--;
      this.#grow();
    }
  }

  #create(): Environment {
    const environment = new Environment(this.#options, (gone, isBlameless) => {
      this.#all.delete(gone);
      this.#wake(gone);
      const isMissed = isBlameless && this.#all.size < this.#options.provisioned;
      if (isMissed && !this.#isClosed) void this.#start();
      // There is room for one more now.
      else this.#grow();
    });
    this.#all.add(environment);
    return environment;
  }
}
