import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Browserbase } from '@browserbasehq/sdk';
import { checkedFetch } from './checked-fetch.ts';
import { accessDenials } from './machine-log.ts';
import { secretsInLogs } from './secrets-in-logs.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;
const START_LIMIT_MS = 60_000;

/** The whole product as a user starts it, on a port and in a data folder of its own. */
export interface Wallcrawler {
  readonly url: string;
  readonly apiKey: string;
  readonly dataDir: string;
  readonly pid: number;
  /** Everything it printed so far. */
  output(): string;
  /** Browserbase's own client; each answer it gets is checked against the contract. */
  client(apiKey?: string, headers?: Record<string, string>): Browserbase;
  /** A plain call; the answer is checked against the contract as well. */
  call(path: string, init?: RequestInit & { apiKey?: string | null }): Promise<Response>;
  /** SIGINT, as Ctrl-C sends it; resolves with the exit code and how long it took. */
  interrupt(): Promise<{ code: number | null; tookMs: number }>;
  /** SIGKILL to the one process, as `kill -9` does. */
  killHard(): Promise<void>;
  /** Ends it if it still runs, and removes its data. The test file fails when a role was refused something meanwhile, or a log has a secret. */
  dispose(): Promise<void>;
}

export interface StartOptions {
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** `scripts/start.mjs` is all of `npm start`, its build included. */
  readonly entry?: string;
}

export async function startWallcrawler({
  dataDir: given,
  env = {},
  entry = 'local/index.ts',
}: StartOptions = {}): Promise<Wallcrawler> {
  const dataDir = given ?? mkdtempSync(join(tmpdir(), 'wallcrawler-e2e-'));
  const apiKey = 'wc_e2e-key-of-the-test-run';
  const child = spawn(process.execPath, [entry], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Where a test does not say otherwise, no browser waits: each starts as the test asks for it.
    env: {
      ...process.env,
      PORT: '0',
      // Nor has it the tests' own cache of compiled code.
      NODE_COMPILE_CACHE: undefined,
      WALLCRAWLER_WARM: '0',
      WALLCRAWLER_DATA_DIR: dataDir,
      WALLCRAWLER_API_KEY: apiKey,
      ...env,
    },
  });
  // A test process that falls takes its platform with it.
  const endWithUs = () => child.kill('SIGINT');
  process.once('exit', endWithUs);
  child.once('exit', () => process.off('exit', endWithUs));
  const output: string[] = [];
  const url = await readyUrl(child, output).catch((error: unknown) => {
    if (given === undefined) rmSync(dataDir, { recursive: true, force: true });
    throw error;
  });
  return build({ child, url, apiKey, dataDir, output });
}

function readyUrl(child: ChildProcess, output: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`npm start ${why}:\n${output.join('\n')}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      fail('was not ready in time');
    }, START_LIMIT_MS);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with ${code}`);
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on('line', (line) => {
        output.push(line);
        const url = /^ready (https?:\/\/\S+)$/.exec(line)?.[1];
        if (url === undefined) return;
        clearTimeout(timer);
        resolve(url);
      });
    }
  });
}

/** Not thrown: uvu would leave out what it knows of the tests before. It sets its exit code last but one. */
function failAtExit(why: string): void {
  console.error(why);
  process.once('exit', () => {
    process.exitCode = 1;
  });
}

interface Parts {
  readonly child: ChildProcess;
  readonly url: string;
  readonly apiKey: string;
  readonly dataDir: string;
  readonly output: string[];
}

function build({ child, url, apiKey, dataDir, output }: Parts): Wallcrawler {
  const fetchChecked = checkedFetch(url);
  const isRunning = () => child.exitCode === null && child.signalCode === null;
  const end = async (signal: NodeJS.Signals) => {
    if (!isRunning()) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return {
    url,
    apiKey,
    dataDir,
    pid: child.pid ?? 0,
    output: () => output.join('\n'),
    client: (key = apiKey, headers = {}) =>
      new Browserbase({
        apiKey: key,
        baseURL: url,
        fetch: fetchChecked as never,
        defaultHeaders: headers,
        maxRetries: 0,
      }),
    call: (path, { apiKey: key = apiKey, ...init } = {}) => {
      const headers = new Headers(init.headers);
      if (key !== null && !headers.has('x-bb-api-key')) headers.set('x-bb-api-key', key);
      if (init.body !== undefined && !headers.has('content-type'))
        headers.set('content-type', 'application/json');
      return fetchChecked(`${url}${path}`, { ...init, headers });
    },
    interrupt: async () => {
      const startedAt = Date.now();
      await end('SIGINT');
      return { code: child.exitCode, tookMs: Date.now() - startedAt };
    },
    killHard: () => end('SIGKILL'),
    dispose: async () => {
      await end('SIGINT');
      const denials = accessDenials(dataDir);
      const secrets = secretsInLogs({ dataDir, printed: output.join('\n'), keys: [apiKey] });
      rmSync(dataDir, { recursive: true, force: true });
      if (denials.length > 0) failAtExit(`AWS would have refused:\n${denials.join('\n')}`);
      if (secrets.length > 0) failAtExit(`Secrets are in the logs:\n${secrets.join('\n')}`);
    },
  };
}
