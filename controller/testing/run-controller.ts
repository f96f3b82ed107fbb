import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { type ContainerSettings, DEFAULT_VIEWPORT } from '../../core/domain/container-settings.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { publicKeysOf } from '../../core/tokens/tokens.ts';
import { killIfThere, pidsMentioning } from '../chrome/orphaned-processes.ts';
import { createClaimSender, type Sign } from './claim-sender.ts';
import type { FakePlatform } from './fake-platform.ts';

/** Another user than root, so that Chrome's sandbox is on; undefined where the test is not root itself. */
export const TEST_CHROME_UID = process.getuid?.() === 0 ? 70_417 : undefined;

const CHROME_PATHS = ['/usr/lib/chromium/chromium', '/usr/bin/chromium', '/usr/bin/google-chrome'];
const CHROME_END_LIMIT_MS = 10_000;
const assertNever = (output: string): never => {
  throw new Error(`The controller exited: ${output}`);
};

const PLAIN_SETTINGS = {
  keepAlive: false,
  context: null,
  extensionId: null,
  certificateIds: [],
  hasProxies: false,
  viewport: DEFAULT_VIEWPORT,
  ignoreCertificateErrors: false,
  blockAds: false,
  allowedDomains: [],
  logSession: false,
  recordSession: false,
  idleTimeoutMs: null,
  connectDeadlineMs: null,
  origin: null,
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
  /** Without a session: it waits to be claimed. `settings` are those that a claim brings. */
  readonly isWarm?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the real controller as a process, and gives a test hold of it. */
export async function runController(platform: FakePlatform, options: RunOptions = {}) {
  const ids = { sessionId: randomUUID(), projectId: randomUUID() };
  const warmId = `w01-${randomUUID()}`;
  const keySet = rotateKeySet(undefined, new Date());
  const root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-test-'));
  const sessionRoot = path.join(root, 'sessions');
  await chmod(root, 0o711);
  const inTenMinutes = () => new Date(Date.now() + 600_000);
  const token: Sign = (audience, more = {}) =>
    signToken(keySet, keySet.current, audience, { ...ids, expiresAt: inTenMinutes(), ...more });
  const settings: ContainerSettings = {
    ...PLAIN_SETTINGS,
    expiresAt: inTenMinutes().toISOString(),
    ...options.settings,
  };
  const ofSession = {
    SESSION_ID: ids.sessionId,
    PROJECT_ID: ids.projectId,
    CONTROLLER_TOKEN: token('controller'),
    SESSION_SETTINGS: JSON.stringify(settings),
  };
  const ofWarm = {
    WARM_ID: warmId,
    WARM_TOKEN: token('warm', { sessionId: warmId }),
    WARM_UNTIL: inTenMinutes().toISOString(),
  };
  const child = spawn(process.execPath, [options.env?.CONTROLLER_ENTRY ?? SOURCE], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      ...(options.isWarm === true ? ofWarm : ofSession),
      CONTAINER_API_URL: platform.url,
      TOKEN_PUBLIC_KEYS: JSON.stringify(publicKeysOf(keySet)),
      PROXY_HOST: '127.0.0.1',
      PROXY_PORT: '0',
      CHROME_PATH: findChrome(),
      SESSION_ROOT: sessionRoot,
      // The pages of these tests are on loopback.
      EGRESS_GUARD: '0',
      ...(TEST_CHROME_UID === undefined ? {} : { CHROME_UID: String(TEST_CHROME_UID) }),
      ...options.env,
    },
  });
  const name = options.isWarm === true ? warmId : ids.sessionId;
  const held = holdController(child, platform, { root, sessionRoot, name, ...ids }, token);
  const claims = createClaimSender(platform, { ...ids, warmId, settings, origin: held.origin, token });
  return { ...held, ...claims, token, warmId };
}

function holdController(
  child: ChildProcessByStdio<null, Readable, Readable>,
  platform: FakePlatform,
  {
    root,
    sessionRoot,
    name,
    sessionId,
  }: { root: string; sessionRoot: string; name: string; sessionId: string },
  token: Sign,
) {
  const output = outputOf(child);
  const logs = () => logsIn(output());
  const folder = path.join(sessionRoot, name);
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
  });
  const chromePids = () => pidsMentioning(folder);
  /** Of Chrome's processes the first, which all others end with. Not the lowest number: those begin again at the top. */
  function browserPid(): number {
    const found = chromePids().find((pid) => parentOf(pid) === child.pid);
    if (found === undefined) throw new Error(`No Chrome of this controller runs: ${output()}`);
    return found;
  }
  /** Where its proxy listens, once it has said so. */
  async function listening() {
    const isSaid = ({ message }: Record<string, unknown>) =>
      message === 'browser ready' || message === 'warm';
    const said = platform.called('ready', (call) => [name, sessionId].includes(call.sessionId));
    await Promise.race([said, exited.then(() => assertNever(output()))]);
    return logs().find(isSaid)?.port as number;
  }

  return {
    child,
    sessionId,
    folder,
    exited,
    logs,
    output,
    chromePids,
    browserPid,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    origin: async () => `127.0.0.1:${await listening()}`,
    /** When the controller has reported ready (or that it can be claimed): where its proxy listens. */
    async ready() {
      const port = await listening();
      const origin = `127.0.0.1:${port}`;
      return { port, origin, connectUrl: `ws://${origin}/?signingKey=${token('cdp')}` };
    },
    /** Ends whatever a failed test left, and answers what the session left behind. */
    async leftovers(): Promise<readonly string[]> {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await exited;
        await chromeGone(chromePids);
      }
      const processes = chromePids().map((pid) => `process ${pid}`);
      const files = existsSync(sessionRoot) ? readdirSync(sessionRoot) : [];
      await rm(root, { recursive: true, force: true });
      return [...processes, ...files];
    },
  };
}

/** A Chrome whose controller is killed notices, and is on its way out. One that stands still is ended. */
async function chromeGone(chromePids: () => readonly number[]): Promise<void> {
  const deadlineMs = Date.now() + CHROME_END_LIMIT_MS;
  while (chromePids().length > 0) {
    if (Date.now() > deadlineMs) for (const pid of chromePids()) killIfThere(pid);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The process that started another one; undefined when that has gone. */
function parentOf(pid: number): number | undefined {
  const status = readStatus(pid);
  return status === undefined ? undefined : Number(/^PPid:\t(\d+)$/m.exec(status)?.[1]);
}

function readStatus(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return undefined;
  }
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
