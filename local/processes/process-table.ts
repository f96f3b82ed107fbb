import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * One process for ever: the pid, and when that process began. Pids are used again, also by strangers, so nothing is
 * ever ended by its pid alone.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly begun: string;
}

export interface ProcessInfo extends ProcessIdentity {
  readonly processGroup: number;
  readonly uid: number;
  readonly commandLine: string;
}

const POLL_MS = 20;
const IS_LINUX = process.platform === 'linux';
// Start times count from boot.
const BOOT_ID = IS_LINUX ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() : '';
// Gone meanwhile, or one that we may not look into.
const UNREADABLE = ['ENOENT', 'ESRCH', 'EACCES'];
const PS_LINE = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)\s+(.*)$/;

const pids = (): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** Every process that runs now, zombies left out. */
export const listProcesses = (): ProcessInfo[] =>
  IS_LINUX ? pids().flatMap((pid) => readProcess(pid) ?? []) : askPs('-ax');

/** The identity of the process that has this pid now; undefined when none has, or only a zombie. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const found = IS_LINUX ? readProcess(pid) : askPs('-p', String(pid))[0];
  return found && { pid, begun: found.begun };
}

/** Whether a process of this user runs. Cheaper than a list: the owner of /proc/<pid> is right for a Chrome as such. */
export const isUserActive = (uid: number): boolean =>
  pids().some((pid) => statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid === uid);

export const isRunning = (identity: ProcessIdentity): boolean =>
  identityOf(identity.pid)?.begun === identity.begun;

/** Waits until processes that are not our children are gone; the system has no event for that. False: not in time. */
export async function awaitExit(processes: readonly ProcessIdentity[], timeoutMs: number): Promise<boolean> {
  for (let waitedMs = 0; processes.some(isRunning); waitedMs += POLL_MS) {
    if (waitedMs >= timeoutMs) return false;
    await delay(POLL_MS);
  }
  return true;
}

/** Sends a signal to the very process that was meant. False when it is gone. */
export const signalProcess = (identity: ProcessIdentity, signal: NodeJS.Signals): boolean =>
  isRunning(identity) && sendSignal(identity.pid, signal);

/** Like process.kill, but a process (or group: negative) that is gone is false instead of an error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

function readProcess(pid: number): ProcessInfo | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command stands in parentheses and may hold anything, so the fields are counted from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = '', , processGroup] = fields;
    if ('ZX'.includes(state)) return undefined;
    const begun = `${BOOT_ID}:${fields[19]}`;
    // Not the owner of /proc/<pid>: that is root for a process which may not be dumped, as sandboxed ones are.
    const uid = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return { pid, begun, processGroup: Number(processGroup), uid: Number(uid), commandLine };
  } catch (error) {
    if (UNREADABLE.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function askPs(...which: readonly string[]): ProcessInfo[] {
  const args = [...which, '-o', 'pid=,pgid=,uid=,stat=,lstart=,command='];
  const { stdout } = spawnSync('ps', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return (stdout ?? '').split('\n').flatMap((line) => {
    const [, pid, processGroup, uid, state = '', begun = '', commandLine = ''] = PS_LINE.exec(line) ?? [];
    if (pid === undefined || state.startsWith('Z')) return [];
    return { pid: Number(pid), begun, processGroup: Number(processGroup), uid: Number(uid), commandLine };
  });
}
