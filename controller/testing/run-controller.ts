import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { type ContainerSettings, DEFAULT_VIEWPORT } from '../../core/domain/container-settings.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { publicKeysOf, type TokenAudience } from '../../core/tokens/tokens.ts';
import { pidsMentioning } from '../chrome/orphaned-processes.ts';
import type { FakePlatform } from './fake-platform.ts';

/** Another user than root, so that Chrome's sandbox is on; undefined where the test is not root itself. */
export const TEST_CHROME_UID = process.getuid?.() === 0 ? 70_417 : undefined;

const CHROME_PATHS = ['/usr/lib/chromium/chromium', '/usr/bin/chromium', '/usr/bin/google-chrome'];
const assertNever = (output: string): never => {
  throw new Error(`The controller exited: ${output}`);
};

const PLAIN_SETTINGS = {
  keepAlive: false,
  context: null,
  viewport: DEFAULT_VIEWPORT,
  ignoreCertificateErrors: false,
  idleTimeoutMs: null,
  connectDeadlineMs: null,
};

const SOURCE = new URL('../index.ts', import.meta.url).pathname;

export function findChrome(): string {
  const found = [process.env.CHROME_PATH, ...CHROME_PATHS].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (found === undefined) throw new Error('No Chrome was found: set CHROME_PATH');
  return found;
}

export interface RunOptions {
  readonly settings?: Partial<ContainerSettings>;
  readonly env?: Readonly<Record<string, string>>;
}

type Sign = (
  audience: TokenAudience,
  more?: { sessionId?: string; pageId?: string; expiresAt?: Date },
) => string;

/** Starts the real controller as a process, and gives a test hold of it. */
export async function runController(platform: FakePlatform, options: RunOptions = {}) {
  const ids = { sessionId: randomUUID(), projectId: randomUUID() };
  const keySet = rotateKeySet(undefined, new Date());
  const root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-test-'));
  const sessionRoot = path.join(root, 'sessions');
  await chmod(root, 0o711);
  const inTenMinutes = () => new Date(Date.now() + 600_000);
  const token: Sign = (audience, more = {}) =>
    signToken(keySet, keySet.current, audience, { ...ids, expiresAt: inTenMinutes(), ...more });
  const child = spawn(process.execPath, [options.env?.CONTROLLER_ENTRY ?? SOURCE], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      SESSION_ID: ids.sessionId,
      PROJECT_ID: ids.projectId,
      CONTROLLER_TOKEN: token('controller'),
      CONTAINER_API_URL: platform.url,
      TOKEN_PUBLIC_KEYS: JSON.stringify(publicKeysOf(keySet)),
      SESSION_SETTINGS: JSON.stringify({
        ...PLAIN_SETTINGS,
        expiresAt: inTenMinutes().toISOString(),
        ...options.settings,
      }),
      PROXY_HOST: '127.0.0.1',
      PROXY_PORT: '0',
      CHROME_PATH: findChrome(),
      SESSION_ROOT: sessionRoot,
      ...(TEST_CHROME_UID === undefined ? {} : { CHROME_UID: String(TEST_CHROME_UID) }),
      ...options.env,
    },
  });
  return { ...holdController(child, platform, { root, sessionRoot, ...ids }, token), token };
}

function holdController(
  child: ChildProcessByStdio<null, Readable, Readable>,
  platform: FakePlatform,
  { root, sessionRoot, sessionId }: { root: string; sessionRoot: string; sessionId: string },
  token: Sign,
) {
  const output = outputOf(child);
  const logs = () => logsIn(output());
  const folder = path.join(sessionRoot, sessionId);
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const chromePids = () => pidsMentioning(folder);

  return {
    child,
    sessionId,
    folder,
    exited,
    logs,
    output,
    chromePids,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** When the controller has reported ready: where its proxy listens. */
    async ready() {
      await Promise.race([
        platform.called('ready', (call) => call.sessionId === sessionId),
        exited.then(() => assertNever(output())),
      ]);
      const port = logs().find(({ message }) => message === 'browser ready')?.port as number;
      const origin = `127.0.0.1:${port}`;
      return { port, origin, connectUrl: `ws://${origin}/?signingKey=${token('cdp')}` };
    },
    /** Ends whatever a failed test left, and answers what the session left behind. */
    async leftovers(): Promise<readonly string[]> {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await exited;
        // Its Chrome notices, and is on its way out.
        while (chromePids().length > 0) await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const processes = chromePids().map((pid) => `process ${pid}`);
      const files = existsSync(sessionRoot) ? readdirSync(sessionRoot) : [];
      await rm(root, { recursive: true, force: true });
      return [...processes, ...files];
    },
  };
}

/** Everything that the process has written so far. */
function outputOf({ stdout, stderr }: { stdout: Readable; stderr: Readable }): () => string {
  let output = '';
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return () => output;
}

const logsIn = (output: string): Record<string, unknown>[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));

export type RunningController = Awaited<ReturnType<typeof runController>>;
