/** The outside of one execution environment: a worker thread that loads its bundle, then does one invocation at a time. */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { type LogLine, readLines } from '../../processes/line-log.ts';
import type {
  EnvironmentSettings,
  FromEnvironment,
  FunctionFailure,
  ToEnvironment,
} from './environment-worker.ts';
import { FunctionError } from './errors.ts';

/**
 * The inside of an environment, environment-worker.ts, as the build has bundled it. Plain JavaScript: a thread that has to
 * load Node's type stripper starts 28 ms later.
 */
const WORKER_FILE = join(import.meta.dirname, '../../../dist/lambda-environment/index.js');
if (!existsSync(WORKER_FILE)) throw new Error('dist/ lacks lambda-environment: run "npm run build"');
const WORKER_SOURCE = readFileSync(WORKER_FILE, 'utf8');

// As long as Lambda's init phase may take.
const INIT_TIMEOUT_MS = 10_000;
const YOUNG_GENERATION_MEGABYTES = 8;
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

export interface EnvironmentOptions {
  readonly settings: EnvironmentSettings;
  readonly env: Readonly<Record<string, string>>;
  readonly log: LogLine;
}

/** Where a streamed answer goes. */
export interface Sink {
  readonly body: Writable;
  begin(prelude: unknown): void;
}

/** Loading the bundle, or an invocation. */
interface Work {
  readonly requestId: string;
  readonly sink: Sink | undefined;
  readonly answer: PromiseWithResolvers<string>;
  readonly timer: NodeJS.Timeout;
}

const TOO_LARGE: FunctionFailure = {
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
};

const exitFailure = (requestId: string, code: number): FunctionFailure => ({
  errorType: 'Runtime.ExitError',
  errorMessage: `RequestId: ${requestId} Error: Runtime exited ${code === 0 ? 'without providing a reason' : `with error: exit status ${code}`}`,
});

const timeoutFailure = (requestId: string, timeoutMs: number): FunctionFailure => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`,
});

const createWorker = ({ settings, env }: EnvironmentOptions): Worker =>
  new Worker(WORKER_SOURCE, {
    eval: true,
    workerData: settings,
    env: { ...env },
    stdout: true,
    stderr: true,
    execArgv: ['--no-experimental-strip-types'],
    resourceLimits: {
      maxOldGenerationSizeMb: settings.memoryMegabytes,
      maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES,
    },
  });

export class Environment {
  /** Settles when the bundle has been loaded, or could not be. */
  readonly ready: Promise<string>;
  readonly #options: EnvironmentOptions;
  readonly #worker: Worker;
  #isAlive = true;
  #crash: FunctionFailure | undefined;
  #work: Work | undefined;

  constructor(options: EnvironmentOptions, onExit: (environment: Environment) => void) {
    this.#options = options;
    this.#worker = createWorker(options);
    for (const stream of [this.#worker.stdout, this.#worker.stderr]) readLines(stream, options.log);
    this.#worker.on('message', (message: FromEnvironment) => this.#onMessage(message));
    this.#worker.on('error', (error) => this.#onCrash(error));
    this.#worker.on('exit', (code) => {
      this.#end(this.#crash ?? exitFailure(this.#work?.requestId ?? 'none', code));
      onExit(this);
    });
    this.ready = this.#begin('init', INIT_TIMEOUT_MS);
    // Nobody may be waiting yet; whoever awaits it sees the failure all the same.
    this.ready.catch(() => undefined);
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** The answer as JSON. A streaming handler writes to `sink`, when there is one, and answers null. */
  invoke(event: string, timeoutMs: number, sink?: Sink): Promise<string> {
    const requestId = randomUUID();
    this.#send({ type: 'invoke', requestId, event, deadlineMs: Date.now() + timeoutMs });
    return this.#begin(requestId, timeoutMs, sink);
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(message: ToEnvironment): void {
    this.#worker.postMessage(message);
  }

  #begin(requestId: string, timeoutMs: number, sink?: Sink): Promise<string> {
    const answer = Promise.withResolvers<string>();
    const timer = setTimeout(() => this.#end(timeoutFailure(requestId, timeoutMs)), timeoutMs);
    const work = { requestId, sink, answer, timer };
    this.#work = work;
    const tell = () => this.#work === work && this.#send({ type: 'left' });
    if (sink?.body.destroyed) tell();
    else sink?.body.once('close', tell);
    return answer.promise;
  }

  #onMessage(message: FromEnvironment): void {
    if (message.type === 'chunk') this.#passChunk(message);
    else if (message.type === 'failed') this.#settle(message.failure);
    else if (message.payload.length > MAX_RESPONSE_BYTES) this.#settle(TOO_LARGE);
    else this.#settle(message.payload);
  }

  #onCrash(error: Error): void {
    this.#crash = { errorType: error.name, errorMessage: error.message };
    const line = { level: 'error', message: 'The execution environment crashed', stack: error.stack };
    this.#options.log(JSON.stringify(line));
  }

  /** The environment is of no more use. */
  #end(failure: FunctionFailure): void {
    this.#isAlive = false;
    this.#settle(failure);
    void this.terminate();
  }

  #settle(result: string | FunctionFailure): void {
    const work = this.#work;
    this.#work = undefined;
    clearTimeout(work?.timer);
    if (typeof result === 'string') work?.answer.resolve(result);
    else work?.answer.reject(new FunctionError(this.#options.settings.functionName, result));
  }

  #passChunk({ prelude, bytes }: Extract<FromEnvironment, { type: 'chunk' }>): void {
    const sink = this.#work?.sink;
    if (prelude !== undefined) sink?.begin(prelude);
    const body = sink?.body;
    const resume = () => {
      body?.off('drain', resume).off('close', resume);
      this.#send({ type: 'drained' });
    };
    // A reader that has gone away does not stop the function: it writes into the void, as in Lambda, and may see that.
    if (body === undefined || body.destroyed || body.write(bytes)) resume();
    else body.on('drain', resume).on('close', resume);
  }
}
