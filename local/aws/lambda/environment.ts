/** The outside of one execution environment: a worker thread that handles one invocation at a time. */
import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { WORKER_SOURCE } from './environment-source.ts';
import { FunctionError } from './errors.ts';
import { type LogLine, readLines } from './function-log.ts';
import type { EnvironmentSettings, FromEnvironment, FunctionFailure, ToEnvironment } from './protocol.ts';

// As long as Lambda's init phase may take.
const INIT_TIMEOUT_MS = 10_000;
const YOUNG_GENERATION_MEGABYTES = 8;
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

export interface EnvironmentOptions {
  readonly settings: EnvironmentSettings;
  readonly env: Readonly<Record<string, string>>;
  readonly log: LogLine;
  readonly onExit: (environment: Environment) => void;
}

interface Invocation {
  readonly requestId: string;
  readonly sink: Writable | undefined;
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
  readonly #options: EnvironmentOptions;
  readonly #worker: Worker;
  readonly #init = Promise.withResolvers<void>();
  readonly #initTimer: NodeJS.Timeout;
  #isAlive = true;
  #crash: FunctionFailure | undefined;
  #invocation: Invocation | undefined;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    this.#worker = createWorker(options);
    readLines(this.#worker.stdout, options.log);
    readLines(this.#worker.stderr, options.log);
    // Nobody may be waiting yet; whoever awaits `ready` sees the failure all the same.
    this.#init.promise.catch(() => undefined);
    const onInitTimeout = () => this.#fail(timeoutFailure('init', INIT_TIMEOUT_MS));
    this.#initTimer = setTimeout(onInitTimeout, INIT_TIMEOUT_MS);
    this.#worker.on('message', (message: FromEnvironment) => this.#onMessage(message));
    this.#worker.on('error', (error) => this.#onCrash(error));
    this.#worker.on('exit', (code) => {
      this.#fail(this.#crash ?? exitFailure(this.#invocation?.requestId ?? 'none', code));
      options.onExit(this);
    });
  }

  /** Settles when the bundle has been loaded, or could not be. */
  get ready(): Promise<void> {
    return this.#init.promise;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** The answer as JSON. A streaming handler writes to `sink`, when there is one, and answers null. */
  invoke(event: string, timeoutMs: number, sink?: Writable): Promise<string> {
    const requestId = randomUUID();
    const answer = Promise.withResolvers<string>();
    const timer = setTimeout(() => this.#fail(timeoutFailure(requestId, timeoutMs)), timeoutMs);
    this.#invocation = { requestId, sink, answer, timer };
    this.#send({ type: 'invoke', requestId, event, deadlineMs: Date.now() + timeoutMs });
    return answer.promise;
  }

  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(message: ToEnvironment): void {
    this.#worker.postMessage(message);
  }

  #onMessage(message: FromEnvironment): void {
    if (message.type === 'chunk') this.#passChunk(message.bytes);
    else if (message.type === 'succeeded') this.#succeed(message.payload);
    else if (message.type === 'failed') this.#takeInvocation()?.answer.reject(this.#toError(message.failure));
    else if (message.type === 'init-failed') this.#fail(message.failure);
    else {
      clearTimeout(this.#initTimer);
      this.#init.resolve();
    }
  }

  #onCrash(error: Error): void {
    this.#crash = { errorType: error.name, errorMessage: error.message };
    const line = { level: 'error', message: 'The execution environment crashed', stack: error.stack };
    this.#options.log(JSON.stringify(line));
  }

  /** The environment is of no more use. */
  #fail(failure: FunctionFailure): void {
    this.#isAlive = false;
    clearTimeout(this.#initTimer);
    this.#init.reject(this.#toError(failure));
    this.#takeInvocation()?.answer.reject(this.#toError(failure));
    void this.terminate();
  }

  #succeed(payload: string): void {
    const answer = this.#takeInvocation()?.answer;
    if (payload.length <= MAX_RESPONSE_BYTES) answer?.resolve(payload);
    else answer?.reject(this.#toError(TOO_LARGE));
  }

  #passChunk(bytes: Uint8Array): void {
    const sink = this.#invocation?.sink;
    const resume = () => {
      sink?.off('drain', resume).off('close', resume);
      this.#send({ type: 'drained' });
    };
    // A reader that has gone away does not stop the function: it writes into the void, as in Lambda.
    if (sink === undefined || sink.destroyed || sink.write(bytes)) resume();
    else sink.on('drain', resume).on('close', resume);
  }

  #takeInvocation(): Invocation | undefined {
    const taken = this.#invocation;
    this.#invocation = undefined;
    clearTimeout(taken?.timer);
    return taken;
  }

  #toError(failure: FunctionFailure): FunctionError {
    return new FunctionError(this.#options.settings.functionName, failure);
  }
}
