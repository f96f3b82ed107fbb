/**
 * The inside of a thread: execution environments of any function, each with a bundle that is loaded for it alone, a
 * process.env of its own and one invocation at a time. The thread's own process.env is empty. Events and answers travel as
 * JSON, as in Lambda.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { parentPort } from 'node:worker_threads';
import { createProcess, type Handler, loadHandler } from './load-bundle.ts';
import { awslambda, ResponseStream, STREAMING_HANDLER } from './response-stream.ts';

export interface EnvironmentSettings {
  readonly bundlePath: string;
  readonly functionName: string;
  readonly memoryMegabytes: number;
  /** Where V8 keeps compiled code between starts; none when undefined. */
  readonly compileCacheDir: string | undefined;
}

export interface LoadMessage {
  readonly type: 'load';
  readonly settings: EnvironmentSettings;
  readonly env: Readonly<Record<string, string>>;
}

export interface InvokeMessage {
  readonly type: 'invoke';
  readonly requestId: string;
  readonly event: string;
  readonly deadlineMs: number;
}

/** `drained`: the reader has room again; `left`: there is none any more. `end`: nothing of the environment is needed. */
export type ToEnvironment = LoadMessage | InvokeMessage | { readonly type: 'drained' | 'left' | 'end' };

/** A failure as Lambda reports it. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** The first success or failure says whether the bundle could be loaded, each later one is about the invocation. */
export type FromEnvironment =
  | { readonly type: 'chunk'; readonly prelude: unknown; readonly bytes: Uint8Array }
  | { readonly type: 'printed'; readonly line: string }
  | { readonly type: 'succeeded'; readonly payload: string }
  | { readonly type: 'failed'; readonly failure: FunctionFailure }
  | { readonly type: 'exited'; readonly code: number }
  | { readonly type: 'crashed'; readonly failure: FunctionFailure; readonly stack: string | undefined };

/** To or from the environment with this number. */
export type Addressed<Message> = Message & { readonly id: number };

const port = parentPort;
if (port === null) throw new Error('environment-worker.ts is the inside of a worker thread');

const failureOf = (error: unknown): FunctionFailure => {
  const isError = error instanceof Error;
  return {
    errorType: isError ? error.name : typeof error,
    errorMessage: isError ? error.message : String(error),
  };
};

class Environment {
  readonly #id: number;
  readonly #settings: EnvironmentSettings;
  readonly #process: NodeJS.Process;
  #handler: Handler | undefined;
  #onDrained: (() => void) | undefined;
  #unfinishedLine = '';
  #answer: ResponseStream | undefined;

  constructor(id: number, { settings, env }: LoadMessage) {
    this.#id = id;
    this.#settings = settings;
    this.#process = createProcess(env, (code) => {
      this.#post({ type: 'exited', code: Number(code ?? 0) });
      throw new Error('The function has called process.exit');
    });
  }

  load(): Promise<void> {
    return this.#report(() => {
      this.#handler = loadHandler(this.#settings, this.#process);
    });
  }

  invoke({ requestId, event, deadlineMs }: InvokeMessage): Promise<void> {
    const context = {
      callbackWaitsForEmptyEventLoop: true,
      functionName: this.#settings.functionName,
      memoryLimitInMB: String(this.#settings.memoryMegabytes),
      awsRequestId: requestId,
      getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    };
    return this.#report(() => {
      const handler = this.#handler;
      const isStreaming = handler?.[STREAMING_HANDLER] === 'response';
      return isStreaming
        ? this.#stream(handler, JSON.parse(event), context)
        : handler?.(JSON.parse(event), context);
    });
  }

  drained(): void {
    this.#onDrained?.();
  }

  left(): void {
    this.#answer?.destroy();
  }

  /** Whole lines go out at once, an unfinished one at the end of the invocation. */
  print(text: string): void {
    const lines = `${this.#unfinishedLine}${text}`.split(/\r?\n/);
    this.#unfinishedLine = lines.pop() ?? '';
    for (const line of lines) this.#send({ type: 'printed', line });
  }

  crash(error: unknown): void {
    const stack = error instanceof Error ? error.stack : undefined;
    this.#post({ type: 'crashed', failure: failureOf(error), stack });
  }

  async #stream(handler: Handler, event: unknown, context: unknown): Promise<void> {
    const stream = new ResponseStream((prelude, chunk, done) => {
      // The next one waits until the reader has taken this one.
      this.#onDrained = done;
      // A buffer may be a view of a larger one; only its own bytes travel.
      const bytes = new Uint8Array(chunk);
      this.#send({ type: 'chunk', prelude, bytes }, [bytes.buffer]);
    });
    this.#answer = stream;
    const finished = Promise.race([once(stream, 'finish'), once(stream, 'close')]);
    // The handler is what failed, if both did.
    finished.catch(() => undefined);
    await handler(event, stream, context);
    if (!stream.writableEnded) stream.end();
    await finished;
  }

  /** Does `work`, and tells how it went. */
  async #report(work: () => unknown): Promise<void> {
    try {
      this.#post({ type: 'succeeded', payload: JSON.stringify(await work()) ?? 'null' });
    } catch (error) {
      this.#post({ type: 'failed', failure: failureOf(error) });
    }
  }

  /** What it ends with, after all that it has printed. */
  #post(message: FromEnvironment): void {
    if (this.#unfinishedLine !== '') this.print('\n');
    this.#send(message);
  }

  #send(message: FromEnvironment, transfer: ArrayBuffer[] = []): void {
    port?.postMessage({ ...message, id: this.#id } satisfies Addressed<FromEnvironment>, transfer);
  }
}

/** Whose code runs: it is known in every callback that the code has asked for. */
const running = new AsyncLocalStorage<Environment>();
const environments = new Map<number, Environment>();

/** What is written while an environment's code runs is that environment's. */
function attributeWrites(stream: Writable): void {
  const write = stream.write.bind(stream) as (...parameters: unknown[]) => boolean;
  stream.write = (chunk: string | Uint8Array, ...more: unknown[]) => {
    const environment = running.getStore();
    if (environment === undefined) return write(chunk, ...more);
    environment.print(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const done = more.at(-1);
    if (typeof done === 'function') queueMicrotask(() => done());
    return true;
  };
}

function load(message: Addressed<LoadMessage>): void {
  const created = new Environment(message.id, message);
  environments.set(message.id, created);
  void running.run(created, () => created.load());
}

function pass(environment: Environment, message: Addressed<ToEnvironment>): void {
  if (message.type === 'invoke') void environment.invoke(message);
  else if (message.type === 'drained') environment.drained();
  else if (message.type === 'left') environment.left();
  else environments.delete(message.id);
}

Object.assign(globalThis, { awslambda });
for (const stream of [process.stdout, process.stderr]) attributeWrites(stream);
// Node warns of what this stand-in uses itself: nothing that a function has printed, whose line it would be.
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ExperimentalWarning') process.stderr.write(`${warning.stack}\n`);
});
process.on('uncaughtException', (error) => {
  const environment = running.getStore();
  // Nobody's, so that none of them can be relied on: it ends the thread.
  if (environment === undefined) throw error;
  environment.crash(error);
});
port.on('message', (message: Addressed<ToEnvironment>) => {
  const environment = environments.get(message.id);
  if (message.type === 'load') load(message);
  else if (environment !== undefined) running.run(environment, () => pass(environment, message));
});
