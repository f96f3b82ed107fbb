import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { functionSpecs, readInfrastructure } from '../local/start/infrastructure.ts';
import { bundleLines } from './lines.ts';
import { median } from './median.ts';

const ROUNDS = 9;
const KB = 1024;
const DIST = new URL('../dist/', import.meta.url).pathname;

// A fresh process for each load, as a cold start is. Handlers are loaded with the environment they read.
const LOAD = `
globalThis.awslambda = { streamifyResponse: (handler) => handler, HttpResponseStream: {} };
const startedAt = performance.now();
require(process.argv[1]);
process.stdout.write(String(performance.now() - startedAt));
process.exit(0);`;

function loadMs(path: string, environment: Readonly<Record<string, string>>): number {
  const env = { PATH: process.env.PATH ?? '', AWS_REGION: 'us-west-2', ...environment };
  return Number(execFileSync(process.execPath, ['-e', LOAD, path], { env, encoding: 'utf8' }));
}

/** Size and cold load time of every bundle, beside a process that loads nothing. */
export function benchBundles(): readonly string[] {
  const specs = functionSpecs(readInfrastructure(), 'http://127.0.0.1:1');
  const names = readdirSync(DIST).filter((name) => name in specs);
  const pathOf = (name: string) => join(DIST, name, 'index.js');
  // Round by round, so that what else the machine does meanwhile falls on all of them.
  const rounds = Array.from({ length: ROUNDS }, () =>
    names.map((name) => loadMs(pathOf(name), specs[name]?.environment ?? {})),
  );
  return bundleLines(
    names.map((name, index) => ({
      name,
      sizeKb: statSync(pathOf(name)).size / KB,
      loadMs: median(rounds.map((times) => times[index] ?? 0)),
    })),
  );
}
