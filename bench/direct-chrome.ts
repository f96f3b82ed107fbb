import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromeFlags } from '../controller/chrome/flags.ts';
import { readUserAgent } from '../controller/chrome/user-agent.ts';
import { DEFAULT_VIEWPORT } from '../core/domain/container-settings.ts';

// As root Chrome runs as another user here, as it does in a session, so that both have their sandbox.
const PLAIN_USER_ID = 69_999;

export interface DirectChrome {
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * The same Chrome with the same flags as a session's, without anything of ours around it: it is reached as people reach a
 * Chrome of their own, by its debugging port.
 */
export async function startDirectChrome(executable: string): Promise<DirectChrome> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-chrome-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) chownSync(folder, PLAIN_USER_ID, PLAIN_USER_ID);
  const flags = chromeFlags({
    profileFolder: join(folder, 'profile'),
    viewport: DEFAULT_VIEWPORT,
    userAgent: await readUserAgent({
      executable,
      env: { HOME: folder, PATH: process.env.PATH ?? '' },
      cwd: '/',
      signal: new AbortController().signal,
    }),
    ignoreCertificateErrors: false,
    hasSandbox: true,
    hasSharedMemory: true,
  });
  const reachable = flags.map((flag) =>
    flag === '--remote-debugging-pipe' ? '--remote-debugging-port=0' : flag,
  );
  const child = spawn(executable, reachable, {
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { HOME: folder, TMPDIR: folder, PATH: process.env.PATH ?? '' },
    ...(isRoot ? { uid: PLAIN_USER_ID, gid: PLAIN_USER_ID } : {}),
  });
  const url = await listeningUrl(child);
  return {
    url,
    stop: async () => {
      const exited = once(child, 'exit');
      process.kill(-(child.pid ?? 0), 'SIGKILL');
      await exited;
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
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
