/**
 * The inside of an execution environment: a worker thread that loads one bundle once and then handles one invocation
 * at a time. Its process.env holds the function's environment and nothing else.
 */
import { createRequire, enableCompileCache, flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import type { EnvironmentSettings, FromEnvironment, FunctionFailure, ToEnvironment } from './protocol.ts';
import { awslambda, ResponseStream, STREAMING_HANDLER } from './response-stream.ts';

type Invocation = Extract<ToEnvironment, { type: 'invoke' }>;
type Handler = ((...parameters: unknown[]) => unknown) & { [STREAMING_HANDLER]?: string };

const settings = workerData as EnvironmentSettings;
const port = parentPort;
if (port === null) throw new Error('environment-worker.ts is the inside of a worker thread');
const send = (message: FromEnvironment) => port.postMessage(message);

const MAX_TRACE_LINES = 20;

function describeFailure(error: unknown): FunctionFailure {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error) };
  const trace = (error.stack ?? '').split('\n').slice(0, MAX_TRACE_LINES);
  return { errorType: error.name, errorMessage: error.message, trace };
}

function loadHandler(): Handler {
  Object.assign(globalThis, { awslambda });
  if (settings.compileCacheDir !== undefined) enableCompileCache(settings.compileCacheDir);
  const { handler } = createRequire(settings.bundlePath)(settings.bundlePath) as { handler?: Handler };
  if (settings.compileCacheDir !== undefined) setImmediate(flushCompileCache);
  if (typeof handler !== 'function') throw new Error(`${settings.bundlePath} exports no handler`);
  return handler;
}

const createContext = ({ requestId, deadlineMs }: Invocation) => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: settings.functionName,
  memoryLimitInMB: String(settings.memoryMegabytes),
  awsRequestId: requestId,
  getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
});

let onDrained: (() => void) | undefined;

/** Sends one chunk; the next one waits until the reader has taken it. */
function sendChunk(bytes: Uint8Array, done: () => void): void {
  onDrained = done;
  // A buffer may be a view of a larger one; only its own bytes travel.
  const own = new Uint8Array(bytes);
  port?.postMessage({ type: 'chunk', bytes: own } satisfies FromEnvironment, [own.buffer]);
}

async function runStreaming(handler: Handler, event: unknown, context: unknown): Promise<void> {
  const stream = new ResponseStream(sendChunk);
  const finished = new Promise<void>((resolve, reject) => {
    stream.once('finish', resolve);
    stream.once('error', reject);
  });
  // The handler is what failed, if both did.
  finished.catch(() => undefined);
  await handler(event, stream, context);
  if (!stream.writableEnded) stream.end();
  await finished;
}

async function invoke(handler: Handler, invocation: Invocation): Promise<void> {
  const context = createContext(invocation);
  try {
    const event: unknown = JSON.parse(invocation.event);
    if (handler[STREAMING_HANDLER] === 'response') {
      await runStreaming(handler, event, context);
      send({ type: 'succeeded', payload: 'null' });
    } else {
      const result = await handler(event, context);
      send({ type: 'succeeded', payload: JSON.stringify(result) ?? 'null' });
    }
  } catch (error) {
    send({ type: 'failed', failure: describeFailure(error) });
  }
}

function start(): void {
  let handler: Handler;
  try {
    handler = loadHandler();
  } catch (error) {
    send({ type: 'init-failed', failure: describeFailure(error) });
    return;
  }
  port?.on('message', (message: ToEnvironment) => {
    if (message.type === 'invoke') void invoke(handler, message);
    else onDrained?.();
  });
  send({ type: 'ready' });
}

start();
