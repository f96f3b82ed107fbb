import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * One process for ever: the pid, and when that process began. Pids are used again, also by strangers, so nothing is
 * ever ended by its pid alone.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly begun: string;
}

/** The identity of the process that has this pid now; undefined when none has, or only a zombie. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const begun = process.platform === 'linux' ? readProcStat(pid) : askPs(pid);
  return begun === undefined ? undefined : { pid, begun };
}

export const isRunning = (identity: ProcessIdentity): boolean =>
  identityOf(identity.pid)?.begun === identity.begun;

/** Sends a signal to the very process that was meant. False when it is gone. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  return isRunning(identity) && sendSignal(identity.pid, signal);
}

/** Like process.kill, but a process (or group: negative) that is gone is false instead of an error. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

const STATE = 0;
const START_TIME = 19;

function readProcStat(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command stands in parentheses and may hold anything, so the fields are counted from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[STATE] === 'Z' || fields[STATE] === 'X') return undefined;
    // Start times count from boot.
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[START_TIME]}`;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return undefined;
    throw error;
  }
}

function askPs(pid: number): string | undefined {
  const { stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' });
  const [state = '', ...begun] = (stdout ?? '').trim().split(/\s+/);
  return state === '' || state.startsWith('Z') ? undefined : begun.join(' ');
}
