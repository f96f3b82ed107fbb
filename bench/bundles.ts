import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { functionSpecs, readInfrastructure } from '../local/start/infrastructure.ts';
import type { Part } from './harness/part.ts';
import { median } from './harness/statistics.ts';

const LOADS = 3;
const KB = 1024;
const DIST = new URL('../dist/', import.meta.url).pathname;

// A fresh process for each load, as a cold start is. Handlers are loaded with the environment they read.
const LOAD = `
globalThis.awslambda = { streamifyResponse: (handler) => handler, HttpResponseStream: {} };
const startedAt = performance.now();
require(process.argv[1]);
process.stdout.write(String(performance.now() - startedAt));
process.exit(0);`;
// What no function's Terraform says, as one machine gives it.
const OF_THE_MACHINE = { AWS_REGION: 'us-west-2', CONTAINER_API_URL: 'http://127.0.0.1:1' };
// What each of them loads in one way or another: how busy the machine is.
const BARE = 'node:https';

function loadMs(path: string, environment: Readonly<Record<string, string>> = {}): number {
  const env = { PATH: process.env.PATH ?? '', ...OF_THE_MACHINE, ...environment };
  return Number(execFileSync(process.execPath, ['-e', LOAD, path], { env, encoding: 'utf8' }));
}

export const bundles: Part = {
  name: 'bundles',
  what: 'each function’s bundle: its size, and its cold load beside one of Node’s own modules; a sample is a bundle',
  async run(bench) {
    const specs = functionSpecs(readInfrastructure(), 'http://127.0.0.1:1');
    const names = readdirSync(DIST).filter((name) => name in specs);
    const pathOf = (name: string) => join(DIST, name, 'index.js');
    const bare: number[] = [];
    // Round by round, so that what else the machine does meanwhile falls on all of them.
    const rounds = Array.from({ length: Math.max(1, bench.turns(LOADS).rounds) }, () =>
      names.map((name) => {
        bare.push(loadMs(BARE));
        return loadMs(pathOf(name), specs[name]?.environment);
      }),
    );
    const measured = names.map((name, index) => ({
      name,
      sizeKb: statSync(pathOf(name)).size / KB,
      loadMs: median(rounds.map((times) => times[index] ?? 0)),
    }));
    const slowest = measured.toSorted((a, b) => b.loadMs - a.loadMs).slice(0, 3);
    bench.note(
      `bundles: the slowest are ${slowest.map(({ name, loadMs: ms }) => `${name} (${ms.toFixed(0)} ms)`).join(', ')}`,
    );
    return [
      { name: 'bundles.size', unit: 'KB', samples: measured.map(({ sizeKb }) => sizeKb) },
      {
        name: 'bundles.load',
        unit: 'ms',
        samples: measured.map((each) => each.loadMs),
        baseline: { name: BARE, samples: bare },
      },
    ];
  },
};
