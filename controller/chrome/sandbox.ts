import { statfsSync } from 'node:fs';
import type { Logger } from '../../core/log/logger.ts';
import { type Chrome, ChromeLaunchError } from './launch.ts';

export type SandboxState = 'on' | 'off';

const NO_USABLE_SANDBOX =
  /No usable sandbox|setuid sandbox|Running as root without --no-sandbox|credentials\.cc/i;
const ENOUGH_SHARED_MEMORY_BYTES = 512 * 1024 * 1024;

/**
 * Launches with Chrome's own sandbox wherever the host allows it: Chrome refuses to run it as root, and some kernels
 * and container runtimes deny the user namespaces it needs.
 */
export async function launchSandboxed(
  launch: (hasSandbox: boolean) => Promise<Chrome>,
  { runsAsRoot, logger }: { runsAsRoot: boolean; logger: Logger },
): Promise<{ chrome: Chrome; sandbox: SandboxState }> {
  if (runsAsRoot) {
    logger.warn('the sandbox of Chrome is off: it runs as root, set CHROME_UID to another user');
    return { chrome: await launch(false), sandbox: 'off' };
  }
  try {
    return { chrome: await launch(true), sandbox: 'on' };
  } catch (error) {
    if (!(error instanceof ChromeLaunchError) || !NO_USABLE_SANDBOX.test(error.stderrTail)) throw error;
    logger.warn('the sandbox of Chrome is off: this host does not allow it', {
      stderrTail: error.stderrTail,
    });
    return { chrome: await launch(false), sandbox: 'off' };
  }
}

/** Whether /dev/shm can carry the pages' shared memory; a container's often cannot. */
export function hasSharedMemory(path = '/dev/shm'): boolean {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize >= ENOUGH_SHARED_MEMORY_BYTES;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
