/** The processes of this machine, as /proc tells them; where there is no /proc, none. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

const PARENT = 1;
const START_TIME = 19;
// Gone meanwhile, or of a user whose processes this one may not look into.
const UNREADABLE = ['ENOENT', 'ESRCH', 'EACCES', 'EPERM'];

function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch (error) {
    if (UNREADABLE.includes(error.code)) return '';
    throw error;
  }
}

function readProcess(pid) {
  const stat = read(`/proc/${pid}/stat`);
  // The command stands in parentheses and may hold anything, so the fields are counted from the last one.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const isGone = stat === '' || fields[0] === 'Z' || fields[0] === 'X';
  return isGone ? undefined : { pid, parentPid: Number(fields[PARENT]), begun: fields[START_TIME] };
}

/** Every process by its pid; `begun` tells it from a later one of the same pid. */
export function readProcessTable() {
  if (!existsSync('/proc/self/stat')) return new Map();
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.map((pid) => readProcess(Number(pid))).filter((process) => process !== undefined);
  return new Map(found.map((process) => [process.pid, process]));
}

/** What a process was started with: its command line, which everybody may read, and its environment. */
export const readCommandLine = ({ pid }) => read(`/proc/${pid}/cmdline`);
export const readEnvironment = ({ pid }) => read(`/proc/${pid}/environ`);

/** This process and those above it. */
export function ancestorsOf(pid, table) {
  const found = new Set();
  for (let each = pid; each > 0 && !found.has(each); each = table.get(each)?.parentPid ?? 0) found.add(each);
  return found;
}
