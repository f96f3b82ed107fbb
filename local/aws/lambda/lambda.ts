/** Lambda on one machine: runs the built bundles, in execution environments that share a thread as far as they can. */
import { join } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import * as z from 'zod';
import type { Logger } from '../../../core/log/logger.ts';
import { type LineLog, type LogLine, openLineLog } from '../../processes/line-log.ts';
import type { AwsCredentials } from '../wire/verify-signature.ts';
import type { Sink } from './environment.ts';
import { FunctionError, LambdaException } from './errors.ts';
import { FunctionPool } from './function-pool.ts';
import { createThreads, type Threads } from './thread.ts';

export interface LambdaFunction {
  readonly timeoutSeconds: number;
  readonly environment: Readonly<Record<string, string>>;
  /** The key of its role. */
  readonly credentials: AwsCredentials;
}

export interface LambdaOptions {
  /** Holds <function>/index.js. */
  readonly bundlesDir: string;
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  /** What every function sees: endpoint and region. */
  readonly baseEnvironment: Readonly<Record<string, string>>;
  /** What functions print goes to <logsDir>/<function>.log. */
  readonly logsDir: string;
  readonly logger: Logger;
  /** Gets each of these lines as well. */
  readonly onLine?: (line: string) => void;
  /** Idle environments by function that are made at the start and kept. */
  readonly provisioned?: Readonly<Record<string, number>>;
  readonly compileCacheDir?: string;
  readonly maxEnvironments?: number;
  readonly busyWaitMs?: number;
  readonly idleLimitMs?: number;
}

export interface Lambda {
  /** Invokes and waits: what the handler answered, or a FunctionError, or one of Lambda's own exceptions. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Invokes a function that streams an HTTP answer; settles when status and headers are known. `left`: for nobody. */
  invokeStreaming(functionName: string, event: unknown, left?: AbortSignal): Promise<StreamedResponse>;
  /** Makes the provisioned environments; settles when their bundles are loaded. */
  warm(): Promise<void>;
  environmentCount(functionName: string): number;
  threadCount(): number;
  close(): Promise<void>;
}

const MAX_EVENT_BYTES = 6 * 1024 * 1024;
const MEMORY_MEGABYTES = 256;
const MAX_ENVIRONMENTS = 64;
// Lambda has a thousand environments; here a burst of short invocations is over in less.
const BUSY_WAIT_MS = 15_000;
const IDLE_LIMIT_MS = 5 * 60_000;

/** Of all that a prelude may hold, what ours do; whatever else is refused instead of being dropped. */
const PRELUDE = z.strictObject({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()).default({}),
});

/** Status and headers, and a body that is still on its way. */
export type StreamedResponse = z.infer<typeof PRELUDE> & { readonly body: Readable };

const functionEnvironment = (functionName: string, spec: LambdaFunction, options: LambdaOptions) => ({
  ...options.baseEnvironment,
  ...spec.environment,
  AWS_ACCESS_KEY_ID: spec.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: spec.credentials.secretAccessKey,
  AWS_LAMBDA_FUNCTION_NAME: functionName,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
});

export function startLambda(options: LambdaOptions): Lambda {
  const logs: LineLog[] = [];
  const pools = new Map<string, FunctionPool>();
  const threads = createThreads((line) => options.logger.warn('A thread of functions says', { line }));
  for (const [functionName, spec] of Object.entries(options.functions)) {
    const log = openLineLog(join(options.logsDir, `${functionName}.log`));
    logs.push(log);
    const write = (line: string) => {
      log.write(line);
      options.onLine?.(line);
    };
    pools.set(functionName, createPool(functionName, spec, options, { log: write, threads }));
  }

  async function run(functionName: string, event: unknown, sink?: Sink): Promise<string> {
    const pool = pools.get(functionName);
    if (pool === undefined) throw new LambdaException('ResourceNotFoundException', functionName);
    const payload = JSON.stringify(event) ?? 'null';
    if (payload.length > MAX_EVENT_BYTES) throw new LambdaException('RequestTooLargeException', functionName);
    try {
      return await pool.invoke(payload, sink);
    } catch (error) {
      if (error instanceof FunctionError) {
        const { errorType, errorMessage } = error;
        options.logger.warn('An invocation failed', { functionName, errorType, errorMessage });
      }
      throw error;
    }
  }

  function runStreaming(functionName: string, event: unknown, left?: AbortSignal): Promise<StreamedResponse> {
    const { promise, resolve, reject } = Promise.withResolvers<StreamedResponse>();
    const body = new PassThrough();
    if (left?.aborted) body.destroy();
    left?.addEventListener('abort', () => body.destroy());
    // Before the prelude nobody reads it: then the failure is that of the invocation.
    body.on('error', reject);
    const begin = (prelude: unknown) => {
      const { data, error: cause } = PRELUDE.safeParse(prelude);
      if (data === undefined) body.destroy(new LambdaException('MalformedPrelude', functionName, { cause }));
      else resolve({ ...data, body });
    };
    run(functionName, event, { body, begin }).then(
      () => {
        reject(new LambdaException('MalformedPrelude', functionName));
        body.end();
      },
      (error: Error) => body.destroy(error),
    );
    return promise;
  }

  return {
    invoke: async (functionName, event) => JSON.parse(await run(functionName, event)) as unknown,
    invokeStreaming: runStreaming,
    async warm() {
      await Promise.all([...pools.values()].map((pool) => pool.warm()));
    },
    environmentCount: (functionName) => pools.get(functionName)?.size ?? 0,
    threadCount: () => threads.count,
    async close() {
      for (const pool of pools.values()) pool.close();
      await threads.close();
      await Promise.all(logs.map((log) => log.close()));
    },
  };
}

const createPool = (
  functionName: string,
  spec: LambdaFunction,
  options: LambdaOptions,
  shared: { readonly log: LogLine; readonly threads: Threads },
) =>
  new FunctionPool({
    ...shared,
    settings: {
      bundlePath: join(options.bundlesDir, functionName, 'index.js'),
      functionName,
      memoryMegabytes: MEMORY_MEGABYTES,
      compileCacheDir: options.compileCacheDir,
    },
    env: functionEnvironment(functionName, spec, options),
    timeoutMs: spec.timeoutSeconds * 1000,
    maxEnvironments: options.maxEnvironments ?? MAX_ENVIRONMENTS,
    busyWaitMs: options.busyWaitMs ?? BUSY_WAIT_MS,
    idleLimitMs: options.idleLimitMs ?? IDLE_LIMIT_MS,
    provisioned: options.provisioned?.[functionName] ?? 0,
  });
