/**
 * The inside of an execution environment: a worker thread that loads one bundle once and then handles one invocation
 * at a time. Its process.env holds the function's environment and nothing else. Events and answers travel as JSON, as in
 * Lambda.
 */
import { once } from 'node:events';
import { createRequire, enableCompileCache, flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { awslambda, ResponseStream, STREAMING_HANDLER } from './response-stream.ts';

export interface EnvironmentSettings {
  readonly bundlePath: string;
  readonly functionName: string;
  readonly memoryMegabytes: number;
  /** Where V8 keeps compiled code between starts; none when undefined. */
  readonly compileCacheDir: string | undefined;
}

export interface InvokeMessage {
  readonly type: 'invoke';
  readonly requestId: string;
  readonly event: string;
  readonly deadlineMs: number;
}

/** `drained`: the reader has room again; `left`: there is none any more. */
export type ToEnvironment = InvokeMessage | { readonly type: 'drained' | 'left' };

/** A failure as Lambda reports it. */
export interface FunctionFailure {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** The first that comes says whether the bundle could be loaded, each later one is about the invocation. */
export type FromEnvironment =
  | { readonly type: 'chunk'; readonly prelude: unknown; readonly bytes: Uint8Array }
  | { readonly type: 'succeeded'; readonly payload: string }
  | { readonly type: 'failed'; readonly failure: FunctionFailure };

type Handler = ((...parameters: unknown[]) => unknown) & { [STREAMING_HANDLER]?: string };

const settings = workerData as EnvironmentSettings;
const port = parentPort;
if (port === null) throw new Error('environment-worker.ts is the inside of a worker thread');

/** Does `work`, and tells how it went. */
async function report(work: () => unknown): Promise<void> {
  let message: FromEnvironment;
  try {
    message = { type: 'succeeded', payload: JSON.stringify(await work()) ?? 'null' };
  } catch (error) {
    const [errorType, errorMessage] =
      error instanceof Error ? [error.name, error.message] : [typeof error, String(error)];
    message = { type: 'failed', failure: { errorType, errorMessage } };
  }
  port?.postMessage(message);
}

function loadHandler(): Handler {
  Object.assign(globalThis, { awslambda });
  if (settings.compileCacheDir !== undefined) enableCompileCache(settings.compileCacheDir);
  const { handler } = createRequire(settings.bundlePath)(settings.bundlePath) as { handler?: Handler };
  if (settings.compileCacheDir !== undefined) setImmediate(flushCompileCache);
  if (typeof handler !== 'function') throw new Error(`${settings.bundlePath} exports no handler`);
  return handler;
}

const createContext = ({ requestId, deadlineMs }: InvokeMessage) => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: settings.functionName,
  memoryLimitInMB: String(settings.memoryMegabytes),
  awsRequestId: requestId,
  getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
});

let onDrained: (() => void) | undefined;
let stream: ResponseStream | undefined;

/** Sends one chunk; the next one waits until the reader has taken it. */
function sendChunk(prelude: unknown, chunk: Uint8Array, done: () => void): void {
  onDrained = done;
  // A buffer may be a view of a larger one; only its own bytes travel.
  const bytes = new Uint8Array(chunk);
  port?.postMessage({ type: 'chunk', prelude, bytes } satisfies FromEnvironment, [bytes.buffer]);
}

async function runStreaming(handler: Handler, event: unknown, context: unknown): Promise<void> {
  const answer = new ResponseStream(sendChunk);
  stream = answer;
  const finished = Promise.race([once(answer, 'finish'), once(answer, 'close')]);
  // The handler is what failed, if both did.
  finished.catch(() => undefined);
  await handler(event, answer, context);
  if (!answer.writableEnded) answer.end();
  await finished;
}

function invoke(handler: Handler, message: InvokeMessage): unknown {
  const run = handler[STREAMING_HANDLER] === 'response' ? runStreaming.bind(undefined, handler) : handler;
  return run(JSON.parse(message.event), createContext(message));
}

void report(() => {
  const handler = loadHandler();
  port.on('message', (message: ToEnvironment) => {
    if (message.type === 'invoke') void report(() => invoke(handler, message));
    else if (message.type === 'left') stream?.destroy();
    else onDrained?.();
  });
});
