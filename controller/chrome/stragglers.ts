import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The processes of this machine with `text` in their command line, where the system lists them in /proc. */
export function pidsMentioning(text: string): readonly number[] {
  if (!existsSync('/proc/self/cmdline')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => readCommandLine(pid).includes(text))
    .map(Number);
}

/** Kills every process that mentions `text`; a session's folder is mentioned by its own Chrome only. */
export function killMentioning(text: string): void {
  for (const pid of pidsMentioning(text)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

function readCommandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    // It exited between the listing and the reading.
    return '';
  }
}
