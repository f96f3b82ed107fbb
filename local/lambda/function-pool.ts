/** The execution environments of one function: as many as there are invocations at once, and the idle ones for a while. */
import type { Writable } from 'node:stream';
import { createEnvironment, type Environment, type EnvironmentOptions } from './environment.ts';
import { TooManyRequestsException } from './errors.ts';

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

export function createFunctionPool(
  options: Omit<EnvironmentOptions, 'onExit'> & { readonly timeoutMs: number; readonly limits: PoolLimits },
): FunctionPool {
  const { limits, timeoutMs } = options;
  const all = new Set<Environment>();
  // The most recently used one last: the others get old enough to be ended.
  const idle: { readonly environment: Environment; readonly sinceMs: number }[] = [];
  const reaper = setInterval(endIdle, Math.max(1, limits.idleLimitMs / 2)).unref();

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

  const release = (environment: Environment) => {
    if (environment.isAlive()) idle.push({ environment, sinceMs: performance.now() });
  };

  function acquire(): Environment {
    for (let entry = idle.pop(); entry !== undefined; entry = idle.pop()) {
      if (entry.environment.isAlive()) return entry.environment;
    }
    if (all.size >= limits.maxEnvironments) throw new TooManyRequestsException(options.settings.functionName);
    return create();
  }

  return {
    async invoke(event, sink) {
      const environment = acquire();
      try {
        await environment.ready;
        return await environment.invoke(event, timeoutMs, sink);
      } finally {
        release(environment);
      }
    },
    async warm() {
      const created = Array.from({ length: limits.provisioned }, create);
      await Promise.all(created.map(({ ready }) => ready));
      for (const environment of created) release(environment);
    },
    size: () => all.size,
    async close() {
      clearInterval(reaper);
      await Promise.all([...all].map((environment) => environment.terminate()));
    },
  };
}
