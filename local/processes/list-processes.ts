import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';

export interface ProcessInfo {
  readonly pid: number;
  readonly processGroup: number;
  readonly uid: number;
  readonly commandLine: string;
}

/** Every process that runs now, zombies left out. */
export const listProcesses = (): ProcessInfo[] => (process.platform === 'linux' ? readProc() : askPs());

function readProc(): ProcessInfo[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

function readProcess(pid: number): ProcessInfo | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, , processGroup] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (state === 'Z' || state === 'X') return undefined;
    // Not the owner of /proc/<pid>: that is root for a process which may not be dumped, as sandboxed ones are.
    const uid = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid, processGroup: Number(processGroup), uid: Number(uid), commandLine };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH' || code === 'EACCES') return undefined;
    throw error;
  }
}

function askPs(): ProcessInfo[] {
  const { stdout } = spawnSync('ps', ['-axo', 'pid=,pgid=,uid=,stat=,command='], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return (stdout ?? '').split('\n').flatMap((line) => {
    const [, pid, processGroup, uid, state = '', commandLine = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (pid === undefined || state.startsWith('Z')) return [];
    return { pid: Number(pid), processGroup: Number(processGroup), uid: Number(uid), commandLine };
  });
}

/** Whether a process of this user runs. Cheaper than a list: the owner of /proc/<pid> is right for a Chrome as such. */
export const isUserActive = (uid: number): boolean =>
  readdirSync('/proc').some((name) => {
    if (!/^\d+$/.test(name)) return false;
    return statSync(`/proc/${name}`, { throwIfNoEntry: false })?.uid === uid;
  });
