/** Whether Chrome's sandbox works here: tried once at the start, so that nobody learns it from the first session's log. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sendSignal } from '../processes/process-table.ts';

const LIMIT_MS = 20_000;
const TAIL_CHARACTERS = 4_000;
// What Chrome says when a host or a container runtime denies it the user namespaces that it needs.
const NOT_ALLOWED = /No usable sandbox|setuid sandbox|Operation not permitted|credentials\.cc/i;

/** One line for a person: `on (why)` or `off (why)`. `uid` is who runs Chrome in a session. */
export async function probeSandbox(
  chromePath: string,
  { uid, isRoot, limitMs = LIMIT_MS }: { uid: number | undefined; isRoot: boolean; limitMs?: number },
): Promise<string> {
  if (isRoot && uid === undefined) return 'off (Chrome runs as root here)';
  const folder = mkdtempSync(join(tmpdir(), 'wallcrawler-sandbox-'));
  try {
    if (uid !== undefined) chownSync(folder, uid, uid);
    const { code, said } = await runOnce(chromePath, { folder, uid, limitMs });
    if (code === 0)
      return uid === undefined ? 'on (Chrome runs as you)' : 'on (each session is a user of its own)';
    return NOT_ALLOWED.test(said)
      ? 'off (this host does not allow it: user namespaces are denied)'
      : `unknown (Chrome ended with ${code ?? 'a signal'} when it was tried)`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runOnce(
  path: string,
  { folder, uid, limitMs }: { folder: string; uid: number | undefined; limitMs: number },
): Promise<{ code: number | null; said: string }> {
  const flags = ['--headless', '--disable-gpu', '--no-first-run', `--user-data-dir=${folder}`];
  const child = spawn(path, [...flags, '--dump-dom', 'about:blank'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    // A group of its own: its end is the end of what it started as well.
    detached: true,
    cwd: '/',
    // Where it would leave what it does not get to remove.
    env: { HOME: folder, TMPDIR: folder, PATH: '/usr/bin:/bin' },
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-TAIL_CHARACTERS);
  });
  const end = () => child.pid !== undefined && sendSignal(-child.pid, 'SIGKILL');
  const timer = setTimeout(end, limitMs);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, said };
  } finally {
    clearTimeout(timer);
    end();
  }
}
