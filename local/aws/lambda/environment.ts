/** The outside of one execution environment: it loads its bundle, then does one invocation at a time. */
import { randomUUID } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { LogLine } from '../../processes/line-log.ts';
import type {
  EnvironmentSettings,
  FromEnvironment,
  FunctionFailure,
  ToEnvironment,
} from './environment-worker.ts';
import { FunctionError } from './errors.ts';
import type { EnvironmentThread, Tenant, Threads } from './thread.ts';

// Lambda's init phase may take 10 s, on processors of its own; one that took longer is begun again in the invocation's time.
const INIT_TIMEOUT_MS = 60_000;
const MAX_RESPONSE_BYTES = 6 * 1024 * 1024;

export interface EnvironmentOptions {
  readonly settings: EnvironmentSettings;
  readonly env: Readonly<Record<string, string>>;
  readonly log: LogLine;
  readonly threads: Threads;
}

/** `isBlameless`: it has left because of a fault of another one in its thread. */
type OnEnd = (environment: Environment, isBlameless: boolean) => void;

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

export class Environment implements Tenant {
  /** Settles when the bundle has been loaded, or could not be. */
  readonly ready: Promise<string>;
  readonly #options: EnvironmentOptions;
  readonly #thread: EnvironmentThread;
  readonly #id: number;
  readonly #onEnd: OnEnd;
  #isOver = false;
  #work: Work | undefined;

  constructor(options: EnvironmentOptions, onEnd: OnEnd) {
    this.#options = options;
    this.#onEnd = onEnd;
    this.#thread = options.threads.withRoom();
    this.#id = this.#thread.add(this);
    this.#send({ type: 'load', settings: options.settings, env: options.env });
    this.ready = this.#begin('init', INIT_TIMEOUT_MS);
    // Nobody may be waiting yet; whoever awaits it sees the failure all the same.
    this.ready.catch(() => undefined);
  }

  get isAlive(): boolean {
    return !this.#isOver && !this.#thread.isRetired;
  }

  /** The answer as JSON. A streaming handler writes to `sink`, when there is one, and answers null. */
  invoke(event: string, timeoutMs: number, sink?: Sink): Promise<string> {
    const requestId = randomUUID();
    if (this.#isOver) return Promise.reject(this.#errorOf(exitFailure(requestId, 1)));
    this.#send({ type: 'invoke', requestId, event, deadlineMs: Date.now() + timeoutMs });
    return this.#begin(requestId, timeoutMs, sink);
  }

  terminate(): void {
    this.#end(exitFailure(this.#requestId, 1));
  }

  onMessage(message: FromEnvironment): void {
    if (message.type === 'chunk') this.#passChunk(message);
    else if (message.type === 'printed') this.#options.log(message.line);
    else if (message.type === 'exited') this.#fail(exitFailure(this.#requestId, message.code));
    else if (message.type === 'crashed') this.#crash(message.failure, message.stack);
    else if (message.type === 'failed') this.#settle(message.failure);
    else this.#settle(message.payload.length > MAX_RESPONSE_BYTES ? TOO_LARGE : message.payload);
  }

  onRetired(): void {
    if (this.#work === undefined) this.#leave();
  }

  onThreadEnd(code: number, crash: Error | undefined): void {
    if (crash === undefined) this.#fail(exitFailure(this.#requestId, code));
    else this.#crash({ errorType: crash.name, errorMessage: crash.message }, crash.stack);
  }

  get #requestId(): string {
    return this.#work?.requestId ?? 'none';
  }

  #errorOf(failure: FunctionFailure): FunctionError {
    return new FunctionError(this.#options.settings.functionName, failure);
  }

  #send(message: ToEnvironment): void {
    this.#thread.send(this.#id, message);
  }

  #begin(requestId: string, timeoutMs: number, sink?: Sink): Promise<string> {
    const answer = Promise.withResolvers<string>();
    const timer = setTimeout(() => this.#fail(timeoutFailure(requestId, timeoutMs)), timeoutMs);
    const work = { requestId, sink, answer, timer };
    this.#work = work;
    const tell = () => this.#work === work && this.#send({ type: 'left' });
    if (sink?.body.destroyed) tell();
    else sink?.body.once('close', tell);
    return answer.promise;
  }

  #crash(failure: FunctionFailure, stack: string | undefined): void {
    this.#options.log(
      JSON.stringify({ level: 'error', message: 'The execution environment crashed', stack }),
    );
    this.#fail(failure);
  }

  /** By its own fault, after which its code may still be running. */
  #fail(failure: FunctionFailure): void {
    this.#end(failure);
    this.#thread.retire();
  }

  /** The fault was another's. */
  #leave(): void {
    this.#end(exitFailure('none', 0), true);
  }

  /** The environment is of no more use. */
  #end(failure: FunctionFailure, isBlameless = false): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#settle(failure);
    this.#thread.remove(this.#id);
    this.#onEnd(this, isBlameless);
  }

  #settle(result: string | FunctionFailure): void {
    const work = this.#work;
    this.#work = undefined;
    clearTimeout(work?.timer);
    if (typeof result === 'string') work?.answer.resolve(result);
    else work?.answer.reject(this.#errorOf(result));
    if (this.#thread.isRetired) this.#leave();
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
