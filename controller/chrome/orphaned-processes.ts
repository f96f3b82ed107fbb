import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';

/** The processes of this machine with all of `texts` in their command line, where the system lists them in /proc. */
export function pidsMentioning(...texts: readonly string[]): readonly number[] {
  if (!existsSync('/proc/self/cmdline')) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const commandLine = commandLineOf(pid);
      return texts.every((text) => commandLine.includes(text));
    });
}

/**
 * Kills what is left of one session's Chrome: the processes that run a program from Chrome's own folder and have the
 * session's folder in their command line. Another program that only names that folder is not touched.
 */
export function killOrphanedProcesses(executable: string, sessionFolder: string): void {
  const chromeFolder = dirname(realpathSync(executable));
  for (const pid of pidsMentioning(sessionFolder)) {
    if (programFolderOf(pid) === chromeFolder) killIfThere(pid);
  }
}

/** Nothing where it has gone already. */
export function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Undefined when the process is gone, or is not ours to look at. */
function programFolderOf(pid: number): string | undefined {
  try {
    return dirname(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return undefined;
  }
}

/** '' of a process that is not there. */
export function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}
