import { join } from 'node:path';
import type { MachineConfig } from '../start/config.ts';
import { aptFetcher, archiveFetcher, canUseApt } from './fetch-chrome.ts';
import { findChrome, usualPaths } from './find-chrome.ts';

// Chrome then runs as another user, who cannot enter root's home.
const CACHE_OF_ROOT = '/var/cache/wallcrawler';

/** Finds or fetches Chrome, with this machine's paths and ways. */
export function locateChrome(
  { chromePath, searchPath, home }: MachineConfig,
  tell: (line: string) => void,
): Promise<string> {
  const paths = usualPaths(process.platform);
  const cacheDir = process.getuid?.() === 0 ? CACHE_OF_ROOT : join(home, '.cache', 'wallcrawler');
  return findChrome({
    chromePath,
    searchPath,
    paths,
    fetchers: [...(canUseApt() ? [aptFetcher(paths)] : []), archiveFetcher(cacheDir)],
    onStep: (text) => tell(`Chrome     ${text}`),
  });
}
