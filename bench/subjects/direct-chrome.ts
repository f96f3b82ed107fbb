import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromeFlags, type ProxyAddress } from '../../controller/chrome/flags.ts';
import { readUserAgent } from '../../controller/chrome/user-agent.ts';
import { DEFAULT_VIEWPORT } from '../../core/domain/container-settings.ts';

// As root Chrome runs as another user here, as it does in a session, so that both have their sandbox.
const PLAIN_USER_ID = 69_999;
const isRoot = process.getuid?.() === 0;
export const PLAIN_USER: { readonly uid?: number; readonly gid?: number } = isRoot
  ? { uid: PLAIN_USER_ID, gid: PLAIN_USER_ID }
  : {};

const running = new Set<ChildProcess>();
const kill = ({ pid }: ChildProcess) => {
  if (pid !== undefined) process.kill(-pid, 'SIGKILL');
};
// However this process ends, none of them stays.
process.once('exit', () => running.forEach(kill));

export interface DirectChrome {
  readonly pid: number;
  readonly url: string;
  /** Kills it; resolves when it is gone and its folder too. */
  stop(): Promise<void>;
}

export interface DirectStart {
  /** A compressed tar archive, unpacked as its profile by `tar` before it starts. */
  readonly profileArchive?: string;
  /** Other flags than a session's. */
  readonly change?: (flags: readonly string[]) => readonly string[];
  /** The guard by which alone it goes out. */
  readonly egress?: ProxyAddress;
  readonly ignoreCertificateErrors?: boolean;
}

// Asked once: a session's Chrome is told it too.
const userAgents = new Map<string, Promise<string>>();

function userAgentOf(executable: string): Promise<string> {
  const known =
    userAgents.get(executable) ??
    readUserAgent({
      executable,
      env: { HOME: tmpdir(), PATH: process.env.PATH ?? '' },
      cwd: '/',
      signal: new AbortController().signal,
      ...(isRoot ? { user: { uid: PLAIN_USER_ID, gid: PLAIN_USER_ID } } : {}),
    });
  userAgents.set(executable, known);
  return known;
}

/** Stands for the folder of a Chrome that is started elsewhere. */
export const CHROME_FOLDER = '{folder}';

/** A session's flags, but that Chrome is reached by its port. */
export async function directFlags(
  executable: string,
  profileFolder: string,
  {
    egress,
    ignoreCertificateErrors = false,
  }: { readonly egress?: ProxyAddress | undefined; readonly ignoreCertificateErrors?: boolean } = {},
): Promise<readonly string[]> {
  const flags = chromeFlags({
    profileFolder,
    viewport: DEFAULT_VIEWPORT,
    userAgent: await userAgentOf(executable),
    ignoreCertificateErrors,
    hasSandbox: true,
    hasSharedMemory: true,
    egress,
  });
  return flags.map((flag) => (flag === '--remote-debugging-pipe' ? '--remote-debugging-port=0' : flag));
}

/**
 * The same Chrome with the same flags as a session's, without anything of ours around it: it is reached as people reach a
 * Chrome of their own, by its debugging port.
 */
export async function startDirectChrome(
  executable: string,
  { profileArchive, change = (flags) => flags, egress, ignoreCertificateErrors = false }: DirectStart = {},
): Promise<DirectChrome> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-chrome-'));
  const profileFolder = join(folder, 'profile');
  mkdirSync(profileFolder);
  if (isRoot) for (const each of [folder, profileFolder]) chownSync(each, PLAIN_USER_ID, PLAIN_USER_ID);
  if (profileArchive !== undefined)
    execFileSync('tar', ['-xf', profileArchive, '-C', profileFolder], PLAIN_USER);
  const reachable = change(await directFlags(executable, profileFolder, { egress, ignoreCertificateErrors }));
  const child = spawn(executable, reachable, {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { HOME: folder, TMPDIR: folder, PATH: process.env.PATH ?? '' },
    ...PLAIN_USER,
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const url = await listeningUrl(child);
  return { pid: child.pid ?? 0, url, stop: () => stop(child, folder) };
}

async function stop(child: ChildProcess, folder: string): Promise<void> {
  const exited = once(child, 'exit');
  kill(child);
  await exited;
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
}

function listeningUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const url = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child.once('exit', () => reject(new Error(`Chrome ended: ${said}`)));
  });
}
