/** One restore, one persist, or a persist after a restore that nothing came after: in a process of its own, whose memory is theirs. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RememberedProfile } from '../controller/profile/remember-profile.ts';
import { systemClock } from '../core/clock/system-clock.ts';
import { ANY_ARCHIVE } from '../core/domain/profile-save.ts';

export interface ProfileWork {
  readonly tookMs: number;
  readonly cpuMs: number;
  readonly peakMb: number;
  /** Of this process before the work. */
  readonly restMb: number;
}

/** The high-water mark of what this process has in memory. */
const peakMb = (): number =>
  Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) / 1024;

const [work, url = '', root = ''] = process.argv.slice(2);
const folder = { profile: join(root, 'profile'), controller: join(root, 'controller') };
const api = { signProfileDownload: async () => url, signProfileSave: async () => ({ url, headers: {} }) };
const deps = {
  api,
  sessionId: '',
  replaces: ANY_ARCHIVE,
  onReplaced: () => {},
  folder,
  clock: systemClock,
};
const { restoreProfile } = await import('../controller/profile/restore-profile.ts');
const { rememberProfile } = await import('../controller/profile/remember-profile.ts');
const { persistProfile } = await import('../controller/profile/persist-profile.ts');
if (work !== 'persist') mkdirSync(folder.profile, { recursive: true });

async function restore(): Promise<RememberedProfile> {
  await restoreProfile(deps, {});
  return rememberProfile(folder.profile);
}
const restored = work === 'unchanged' ? await restore() : undefined;
const jobs: Readonly<Record<string, () => Promise<unknown>>> = {
  restore,
  persist: () => persistProfile(deps),
  unchanged: () => persistProfile({ ...deps, restored }),
};
const restMb = process.memoryUsage().rss / 1024 / 1024;
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
await jobs[work ?? '']?.();
const tookMs = performance.now() - startedAt;
const { user, system } = process.cpuUsage(cpuBefore);
const result: ProfileWork = { tookMs, cpuMs: (user + system) / 1000, peakMb: peakMb(), restMb };
console.log(JSON.stringify(result));
// Not when its idle connections are closed.
process.exit();
