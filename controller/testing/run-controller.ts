import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ContainerSettings, DEFAULT_VIEWPORT } from '../../core/domain/container-settings.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { publicKeysOf, signToken, type TokenAudience } from '../../core/tokens/tokens.ts';
import { pidsMentioning } from '../chrome/orphaned-processes.ts';
import type { FakePlatform } from './fake-platform.ts';

/** Another user than root, so that Chrome's sandbox is on; undefined where the test is not root itself. */
export const TEST_CHROME_UID = process.getuid?.() === 0 ? 70_417 : undefined;

const CHROME_PLACES = ['/usr/lib/chromium/chromium', '/usr/bin/chromium', '/usr/bin/google-chrome'];
const assertNever = (output: string): never => {
  throw new Error(`The controller exited: ${output}`);
};

const SOURCE = new URL('../index.ts', import.meta.url).pathname;

export function findChrome(): string {
  const found = [process.env.CHROME_PATH, ...CHROME_PLACES].find(
    (place) => place !== undefined && existsSync(place),
  );
  if (found === undefined) throw new Error('No Chrome was found: set CHROME_PATH');
  return found;
}

export interface RunOptions {
  readonly settings?: Partial<ContainerSettings>;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the real controller as a process, and gives a test hold of it. */
export async function runController(platform: FakePlatform, { settings, env }: RunOptions = {}) {
  const sessionId = randomUUID();
  const projectId = randomUUID();
  const keySet = rotateKeySet(undefined, new Date());
  const root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-test-'));
  const sessionRoot = path.join(root, 'sessions');
  await chmod(root, 0o711);
  const token = (
    audience: TokenAudience,
    more: { sessionId?: string; pageId?: string; expiresAt?: Date } = {},
  ) =>
    signToken(keySet, keySet.current, audience, {
      sessionId,
      projectId,
      expiresAt: new Date(Date.now() + 600_000),
      ...more,
    });
  const child = spawn(process.execPath, [env?.CONTROLLER_ENTRY ?? SOURCE], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      SESSION_ID: sessionId,
      PROJECT_ID: projectId,
      CONTROLLER_TOKEN: token('controller'),
      CONTAINER_API_URL: platform.url,
      TOKEN_PUBLIC_KEYS: JSON.stringify(publicKeysOf(keySet)),
      SESSION_SETTINGS: JSON.stringify({
        expiresAt: new Date(Date.now() + 600_000).toISOString(),
        keepAlive: false,
        context: null,
        viewport: DEFAULT_VIEWPORT,
        ignoreCertificateErrors: false,
        ...settings,
      }),
      PROXY_HOST: '127.0.0.1',
      PROXY_PORT: '0',
      CHROME_PATH: findChrome(),
      SESSION_ROOT: sessionRoot,
      ...(TEST_CHROME_UID === undefined ? {} : { CHROME_UID: String(TEST_CHROME_UID) }),
      ...env,
    },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const logs = (): Record<string, unknown>[] =>
    output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
  const chromePids = () => pidsMentioning(path.join(sessionRoot, sessionId));

  return {
    child,
    sessionId,
    folder: path.join(sessionRoot, sessionId),
    exited,
    logs,
    output: () => output,
    token,
    chromePids,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    /** When the controller has reported ready: where its proxy listens. */
    async ready() {
      await Promise.race([
        platform.called('ready', (call) => call.sessionId === sessionId),
        exited.then(() => assertNever(output)),
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

export type RunningController = Awaited<ReturnType<typeof runController>>;
