/** Runs a bundle as a module of its own, once for each environment. Runs inside a thread. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script } from 'node:vm';
import type { EnvironmentSettings } from './environment-worker.ts';
import type { STREAMING_HANDLER } from './response-stream.ts';

export type Handler = ((...parameters: unknown[]) => unknown) & { [STREAMING_HANDLER]?: string };

type Run = (...parameters: unknown[]) => unknown;

const DIGEST_BYTES = 32;

/** Compiled once a thread: environments of one function share its code, and nothing that it makes of it. */
const compiled = new Map<string, Run>();

/** What an environment takes for the process: the environment variables are its own, and so is the end. */
export const createProcess = (env: Readonly<Record<string, string>>, exit: (code?: number) => never) =>
  Object.create(process, {
    env: { value: { ...env }, enumerable: true, writable: true },
    exit: { value: exit },
  }) as NodeJS.Process;

export function loadHandler(settings: EnvironmentSettings, ownProcess: NodeJS.Process): Handler {
  const path = settings.bundlePath;
  const requireBuiltin = createRequire(path);
  const require = (id: string): unknown => (/^(node:)?process$/.test(id) ? ownProcess : requireBuiltin(id));
  const module: { exports: { handler?: Handler } } = { exports: {} };
  const run = compiled.get(path) ?? compile(settings);
  run.call(module.exports, module.exports, require, module, path, dirname(path), ownProcess);
  const { handler } = module.exports;
  if (typeof handler !== 'function') throw new Error(`${path} exports no handler`);
  return handler;
}

function compile({ bundlePath, functionName, compileCacheDir }: EnvironmentSettings): Run {
  // On the bundle's first line, so that the lines of a stack are the bundle's.
  const head = '(function (exports, require, module, __filename, __dirname, process) {';
  const source = `${head}${readFileSync(bundlePath, 'utf8')}\n})`;
  const cacheFile = compileCacheDir === undefined ? undefined : join(compileCacheDir, functionName);
  const digest = createHash('sha256').update(source).digest();
  const cachedData = cacheFile === undefined ? undefined : readCache(cacheFile, digest);
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER;
  const script = new Script(source, { filename: bundlePath, cachedData, importModuleDynamically });
  const run = script.runInThisContext() as Run;
  compiled.set(bundlePath, run);
  const isCached = cachedData !== undefined && script.cachedDataRejected !== true;
  // When it has run: then what it compiled on the way is kept as well.
  if (cacheFile !== undefined && !isCached) setImmediate(() => writeCache(cacheFile, digest, script));
  return run;
}

/** V8 itself tells sources apart by their length only. */
function readCache(file: string, digest: Buffer): Buffer | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  return digest.equals(bytes.subarray(0, DIGEST_BYTES)) ? bytes.subarray(DIGEST_BYTES) : undefined;
}

function writeCache(file: string, digest: Buffer, script: Script): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, Buffer.concat([digest, script.createCachedData()]));
  renameSync(`${file}.new`, file);
}
