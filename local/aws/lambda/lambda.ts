/** Lambda on one machine: runs the built bundles, each execution environment in a thread of its own. */
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { Logger } from '../../../core/log/logger.ts';
import type { AwsCredentials } from '../wire/verify-signature.ts';
import { FunctionError, RequestTooLargeException, ResourceNotFoundException } from './errors.ts';
import { type FunctionLog, openFunctionLog } from './function-log.ts';
import { FunctionPool } from './function-pool.ts';
import { readPrelude, type StreamedResponse } from './http-prelude.ts';

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
  /** Idle environments by function that are made at the start and kept. */
  readonly provisioned?: Readonly<Record<string, number>>;
  readonly compileCacheDir?: string;
  readonly memoryMegabytes?: number;
  readonly maxEnvironments?: number;
  readonly idleLimitMs?: number;
}

export interface Lambda {
  /** Invokes and waits: what the handler answered, or a FunctionError, or one of Lambda's own exceptions. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  /** Invokes a function that streams an HTTP answer; settles when status and headers are known. */
  invokeStreaming(functionName: string, event: unknown): Promise<StreamedResponse>;
  /** Makes the provisioned environments; settles when their bundles are loaded. */
  warm(): Promise<void>;
  environmentCount(functionName: string): number;
  close(): Promise<void>;
}

const MAX_EVENT_BYTES = 6 * 1024 * 1024;
const MEMORY_MEGABYTES = 256;
const MAX_ENVIRONMENTS = 64;
const IDLE_LIMIT_MS = 5 * 60_000;

const functionEnvironment = (functionName: string, spec: LambdaFunction, options: LambdaOptions) => ({
  ...options.baseEnvironment,
  ...spec.environment,
  AWS_ACCESS_KEY_ID: spec.credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: spec.credentials.secretAccessKey,
  AWS_LAMBDA_FUNCTION_NAME: functionName,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
});

export function startLambda(options: LambdaOptions): Lambda {
  const logs: FunctionLog[] = [];
  const pools = new Map<string, FunctionPool>();
  for (const [functionName, spec] of Object.entries(options.functions)) {
    const log = openFunctionLog(join(options.logsDir, `${functionName}.log`));
    logs.push(log);
    pools.set(functionName, createPool(functionName, spec, options, log));
  }

  async function run(functionName: string, event: unknown, sink?: PassThrough): Promise<string> {
    const pool = pools.get(functionName);
    if (pool === undefined) throw new ResourceNotFoundException(functionName);
    const payload = JSON.stringify(event) ?? 'null';
    if (payload.length > MAX_EVENT_BYTES) throw new RequestTooLargeException(payload.length, MAX_EVENT_BYTES);
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

  return {
    invoke: async (functionName, event) => JSON.parse(await run(functionName, event)) as unknown,
    async invokeStreaming(functionName, event) {
      const sink = new PassThrough();
      run(functionName, event, sink).then(
        () => sink.end(),
        (error: Error) => sink.destroy(error),
      );
      return readPrelude(sink);
    },
    async warm() {
      await Promise.all([...pools.values()].map((pool) => pool.warm()));
    },
    environmentCount: (functionName) => pools.get(functionName)?.size ?? 0,
    async close() {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      await Promise.all(logs.map((log) => log.close()));
    },
  };
}

function createPool(functionName: string, spec: LambdaFunction, options: LambdaOptions, log: FunctionLog) {
  return new FunctionPool({
    settings: {
      bundlePath: join(options.bundlesDir, functionName, 'index.js'),
      functionName,
      memoryMegabytes: options.memoryMegabytes ?? MEMORY_MEGABYTES,
      compileCacheDir: options.compileCacheDir,
    },
    env: functionEnvironment(functionName, spec, options),
    log: log.write,
    timeoutMs: spec.timeoutSeconds * 1000,
    maxEnvironments: options.maxEnvironments ?? MAX_ENVIRONMENTS,
    idleLimitMs: options.idleLimitMs ?? IDLE_LIMIT_MS,
    provisioned: options.provisioned?.[functionName] ?? 0,
  });
}
