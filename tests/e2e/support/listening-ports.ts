import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const LISTEN = '0A';

/** The TCP ports that a process listens on, from /proc; of a process that is gone, none. */
export function listeningPortsOf(pid: number): readonly number[] {
  try {
    const sockets = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode === undefined ? [] : [inode];
    });
    return ['tcp', 'tcp6'].flatMap((table) => portsOf(`/proc/${pid}/net/${table}`, new Set(sockets)));
  } catch (error) {
    // ENOENT: the process, or one of its files, went while it was looked at.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

const portsOf = (table: string, inodes: ReadonlySet<string>): readonly number[] =>
  readFileSync(table, 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTEN && inodes.has(fields[9] ?? ''))
    .map((fields) => Number.parseInt(fields[1]?.split(':')[1] ?? '', 16));
