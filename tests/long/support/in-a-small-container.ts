/**
 * The controller with so much memory as its cgroup has, whose files it sees where a container sees its own. `CGROUP` is the
 * folder of that; the controller takes this process's place.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CGROUP_ROOT } from './small-cgroup.ts';

const cgroup = process.env.CGROUP ?? '';
const controller = new URL('../../../controller/index.ts', import.meta.url).pathname;
const start = `mount --bind "$CGROUP" ${CGROUP_ROOT} && exec "$0" "$1"`;
writeFileSync(join(cgroup, 'cgroup.procs'), String(process.pid));
process.execve?.('/usr/bin/unshare', ['unshare', '--mount', 'sh', '-c', start, process.execPath, controller]);
