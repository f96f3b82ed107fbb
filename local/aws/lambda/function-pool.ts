/** The execution environments of one function: as many as there are invocations at once, and the idle ones for a while. */
import { availableParallelism } from 'node:os';
import type { Writable } from 'node:stream';
import { createEnvironment, type Environment, type EnvironmentOptions } from './environment.ts';
import { PoolClosed, TooManyRequestsException } from './errors.ts';

export interface PoolLimits {
  readonly maxEnvironments: number;
  readonly idleLimitMs: number;
  /** Idle environments that are kept however long nothing happens, and made at the start. */
  readonly provisioned: number;
}

export interface FunctionPool {
  invoke(event: string, sink?: Writable): Promise<string>;
  /** Makes the provisioned environments. */
  warm(): Promise<void>;
  size(): number;
  close(): Promise<void>;
}

// To start more at a time than there are processors makes each of them late.
const MAX_STARTS = availableParallelism();

export function createFunctionPool(
  options: Omit<EnvironmentOptions, 'onExit'> & { readonly timeoutMs: number; readonly limits: PoolLimits },
): FunctionPool {
  const { limits, timeoutMs } = options;
  const { functionName } = options.settings;
  const all = new Set<Environment>();
  // The most recently used one last: the others get old enough to be ended.
  const idle: { readonly environment: Environment; readonly sinceMs: number }[] = [];
  const waiting: PromiseWithResolvers<Environment>[] = [];
  const reaper = setInterval(endIdle, Math.max(1, limits.idleLimitMs / 2)).unref();
  let invocations = 0;
  let starts = 0;
  let isClosed = false;

  function create(): Environment {
    const environment = createEnvironment({ ...options, onExit: forget });
    all.add(environment);
    return environment;
  }

  function forget(environment: Environment): void {
    all.delete(environment);
    const index = idle.findIndex((entry) => entry.environment === environment);
    if (index >= 0) idle.splice(index, 1);
  }

  function endIdle(): void {
    const oldest = performance.now() - limits.idleLimitMs;
    while (idle.length > limits.provisioned && (idle[0]?.sinceMs ?? oldest) < oldest) {
      void idle.shift()?.environment.terminate();
    }
  }

  /** To the one that has waited longest, or to the idle ones. */
  function hand(environment: Environment): void {
    const waiter = environment.isAlive() ? waiting.shift() : undefined;
    if (waiter !== undefined) waiter.resolve(environment);
    else if (environment.isAlive()) idle.push({ environment, sinceMs: performance.now() });
  }

  async function start(): Promise<void> {
    starts++;
    const environment = create();
    try {
      await environment.ready;
      hand(environment);
    } catch (error) {
      waiting.shift()?.reject(error);
    } finally {
      starts--;
      grow();
    }
  }

  function grow(): void {
    if (!isClosed && starts < Math.min(waiting.length, MAX_STARTS)) void start();
  }

  /** An idle environment, or whichever is free first: a new one, or one that has finished meanwhile. */
  function acquire(): Promise<Environment> | Environment {
    for (let entry = idle.pop(); entry !== undefined; entry = idle.pop()) {
      if (entry.environment.isAlive()) return entry.environment;
    }
    const waiter = Promise.withResolvers<Environment>();
    waiting.push(waiter);
    grow();
    return waiter.promise;
  }

  async function invoke(event: string, sink?: Writable): Promise<string> {
    const environment = await acquire();
    try {
      return await environment.invoke(event, timeoutMs, sink);
    } finally {
      hand(environment);
      grow();
    }
  }

  return {
    async invoke(event, sink) {
      if (isClosed) throw new PoolClosed(functionName);
      if (invocations >= limits.maxEnvironments) throw new TooManyRequestsException(functionName);
      invocations++;
      try {
        return await invoke(event, sink);
      } finally {
        invocations--;
      }
    },
    async warm() {
      const created = Array.from({ length: limits.provisioned }, create);
      await Promise.all(created.map(({ ready }) => ready));
      for (const environment of created) hand(environment);
    },
    size: () => all.size,
    async close() {
      isClosed = true;
      clearInterval(reaper);
      for (const waiter of waiting.splice(0)) waiter.reject(new PoolClosed(functionName));
      await Promise.all([...all].map((environment) => environment.terminate()));
    },
  };
}
