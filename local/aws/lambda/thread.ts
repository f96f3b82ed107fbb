/** The outside of a thread in which execution environments live, of whichever function: a thread each would take 20 MB each. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type LogLine, readLines } from '../../processes/line-log.ts';
import type { Addressed, FromEnvironment, ToEnvironment } from './environment-worker.ts';

/**
 * The inside of a thread, environment-worker.ts, as the build has bundled it. Plain JavaScript: a thread that has to load
 * Node's type stripper starts 28 ms later.
 */
const WORKER_FILE = join(import.meta.dirname, '../../../dist/lambda-environment/index.js');
if (!existsSync(WORKER_FILE)) throw new Error('dist/ lacks lambda-environment: run "npm run build"');
const WORKER_SOURCE = readFileSync(WORKER_FILE, 'utf8');

const MAX_ENVIRONMENTS = 48;
const OLD_GENERATION_MEGABYTES = 512;
const YOUNG_GENERATION_MEGABYTES = 8;

/** An environment, as its thread sees it. */
export interface Tenant {
  onMessage(message: FromEnvironment): void;
  /** The thread takes nothing new: whoever is idle leaves, whoever is not leaves when it is done. */
  onRetired(): void;
  /** Exited with this code, or failed with this error. */
  onThreadEnd(code: number, crash: Error | undefined): void;
}

export class EnvironmentThread {
  readonly #tenants = new Map<number, Tenant>();
  readonly #worker: Worker;
  #lastId = 0;
  #isRetired = false;

  constructor(log: LogLine, onExit: (thread: EnvironmentThread) => void) {
    this.#worker = new Worker(WORKER_SOURCE, {
      eval: true,
      env: {},
      stdout: true,
      stderr: true,
      execArgv: ['--no-experimental-strip-types'],
      resourceLimits: {
        maxOldGenerationSizeMb: OLD_GENERATION_MEGABYTES,
        maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES,
      },
    });
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) readLines(stream, log);
    this.#worker.on('message', ({ id, ...message }: Addressed<FromEnvironment>) =>
      this.#tenants.get(id)?.onMessage(message),
    );
    let crash: Error | undefined;
    this.#worker.on('error', (error: Error) => {
      crash = error;
    });
    this.#worker.on('exit', (code) => {
      this.#isRetired = true;
      for (const tenant of [...this.#tenants.values()]) tenant.onThreadEnd(code, crash);
      onExit(this);
    });
  }

  get isRetired(): boolean {
    return this.#isRetired;
  }

  get hasRoom(): boolean {
    return !this.#isRetired && this.#tenants.size < MAX_ENVIRONMENTS;
  }

  /** Returns the number that its messages carry. */
  add(tenant: Tenant): number {
    this.#tenants.set(++this.#lastId, tenant);
    return this.#lastId;
  }

  send(id: number, message: ToEnvironment): void {
    this.#worker.postMessage({ ...message, id } satisfies Addressed<ToEnvironment>);
  }

  /** The last one that leaves ends the thread. */
  remove(id: number): void {
    this.#tenants.delete(id);
    this.send(id, { type: 'end' });
    if (this.#tenants.size === 0) void this.terminate();
  }

  /**
   * What one environment has left running cannot be stopped alone. So nothing new is begun beside it, and the thread ends
   * when what the others have begun is done.
   */
  retire(): void {
    if (this.#isRetired) return;
    this.#isRetired = true;
    for (const tenant of [...this.#tenants.values()]) tenant.onRetired();
  }

  async terminate(): Promise<void> {
    this.#isRetired = true;
    await this.#worker.terminate();
  }
}

export type Threads = ReturnType<typeof createThreads>;

/** As few threads as hold all environments. `log` gets what none of them has printed. */
export function createThreads(log: LogLine) {
  const threads = new Set<EnvironmentThread>();
  return {
    withRoom(): EnvironmentThread {
      for (const thread of threads) if (thread.hasRoom) return thread;
      const thread = new EnvironmentThread(log, (gone) => threads.delete(gone));
      threads.add(thread);
      return thread;
    },
    get count(): number {
      return threads.size;
    },
    close: async () => void (await Promise.all([...threads].map((thread) => thread.terminate()))),
  };
}
