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

export interface Environment {
  /** Settles when the bundle has been loaded, or could not be. */
  readonly ready: Promise<void>;
  readonly isAlive: () => boolean;
  /** The answer as JSON. A streaming handler writes to `sink`, when there is one, and answers null. */
  invoke(event: string, timeoutMs: number, sink?: Writable): Promise<string>;
  terminate(): Promise<void>;
}

export interface EnvironmentOptions {
  readonly settings: EnvironmentSettings;
  readonly env: Readonly<Record<string, string>>;
  readonly log: LogLine;
  readonly onExit: (environment: Environment) => void;
}

interface Pending<T> {
  readonly requestId: string;
  readonly sink: Writable | undefined;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
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

export function createEnvironment({ settings, env, log, onExit }: EnvironmentOptions): Environment {
  const worker = new Worker(WORKER_SOURCE, {
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
  readLines(worker.stdout, log);
  readLines(worker.stderr, log);

  let alive = true;
  let crash: FunctionFailure | undefined;
  let pending: Pending<string> | undefined;
  const init = Promise.withResolvers<void>();
  // Nobody may be waiting yet; whoever awaits `ready` sees the failure all the same.
  init.promise.catch(() => undefined);
  const initTimer = setTimeout(() => fail(timeoutFailure('init', INIT_TIMEOUT_MS)), INIT_TIMEOUT_MS);

  const toError = (failure: FunctionFailure) => new FunctionError(settings.functionName, failure);
  const takePending = () => {
    const taken = pending;
    pending = undefined;
    clearTimeout(taken?.timer);
    return taken;
  };

  /** The environment is of no more use. */
  function fail(failure: FunctionFailure): void {
    alive = false;
    clearTimeout(initTimer);
    init.reject(toError(failure));
    takePending()?.reject(toError(failure));
    void worker.terminate();
  }

  function succeed(payload: string): void {
    const invocation = takePending();
    if (payload.length <= MAX_RESPONSE_BYTES) invocation?.resolve(payload);
    else invocation?.reject(toError(TOO_LARGE));
  }

  function passChunk(bytes: Uint8Array): void {
    const sink = pending?.sink;
    const resume = () => {
      sink?.off('drain', resume).off('close', resume);
      worker.postMessage({ type: 'drained' } satisfies ToEnvironment);
    };
    // A reader that has gone away does not stop the function: it writes into the void, as in Lambda.
    if (sink === undefined || sink.destroyed || sink.write(bytes)) resume();
    else sink.on('drain', resume).on('close', resume);
  }

  worker.on('message', (message: FromEnvironment) => {
    if (message.type === 'chunk') passChunk(message.bytes);
    else if (message.type === 'succeeded') succeed(message.payload);
    else if (message.type === 'failed') takePending()?.reject(toError(message.failure));
    else if (message.type === 'init-failed') fail(message.failure);
    else {
      clearTimeout(initTimer);
      init.resolve();
    }
  });
  worker.on('error', (error) => {
    crash = { errorType: error.name, errorMessage: error.message };
    log(JSON.stringify({ level: 'error', message: 'The execution environment crashed', stack: error.stack }));
  });
  worker.on('exit', (code) => {
    fail(crash ?? exitFailure(pending?.requestId ?? 'none', code));
    onExit(environment);
  });

  const environment: Environment = {
    ready: init.promise,
    isAlive: () => alive,
    invoke(event, timeoutMs, sink) {
      const requestId = randomUUID();
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const timer = setTimeout(() => fail(timeoutFailure(requestId, timeoutMs)), timeoutMs);
      pending = { requestId, sink, resolve, reject, timer };
      const deadlineMs = Date.now() + timeoutMs;
      worker.postMessage({ type: 'invoke', requestId, event, deadlineMs } satisfies ToEnvironment);
      return promise;
    },
    async terminate() {
      await worker.terminate();
    },
  };
  return environment;
}
