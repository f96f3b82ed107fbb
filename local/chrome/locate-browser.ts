import { join } from 'node:path';
import { HAS_OWN_USERS, TASK_UIDS } from '../aws/ecs/host-resources.ts';
import { requireImage, type TaskImage } from '../aws/ecs/task-container.ts';
import type { MachineConfig } from '../start/config.ts';
import { describeOldChrome, readBuildDate, readChromeVersion } from './check-chrome.ts';
import { aptFetcher, archiveFetcher, canUseApt } from './fetch-chrome.ts';
import { findChrome, usualPaths } from './find-chrome.ts';

/** What sessions run: a Chrome of this machine, or an image that has its own. */
export interface BrowserSource {
  readonly chromePath?: string;
  readonly chromeVersion?: string;
  readonly image?: TaskImage;
}

type Tell = (line: string) => void;

// Chrome then runs as another user, who cannot enter root's home.
const CACHE_OF_ROOT = '/var/cache/wallcrawler';

/** Finds what sessions run, or rejects with what is missing. Without an image, Chrome is fetched if need be. */
export async function locateBrowser(config: MachineConfig, tell: Tell): Promise<BrowserSource> {
  const { browserImage, containerEngine: engine, engineEnvironment } = config;
  if (browserImage === undefined) return locateChrome(config, tell);
  const image = { name: browserImage, engine, engineEnvironment };
  await requireImage(image);
  tell(`Image      ${browserImage}, a container for each session`);
  return { image };
}

async function locateChrome(
  { chromePath, searchPath, home }: MachineConfig,
  tell: Tell,
): Promise<BrowserSource> {
  const paths = usualPaths(process.platform);
  const cacheDir = process.getuid?.() === 0 ? CACHE_OF_ROOT : join(home, '.cache', 'wallcrawler');
  const path = await findChrome({
    chromePath,
    searchPath,
    paths,
    fetchers: [...(canUseApt() ? [aptFetcher(paths)] : []), archiveFetcher(cacheDir)],
    onStep: (text) => tell(`Chrome     ${text}`),
  });
  const version = await readChromeVersion(path, { uid: HAS_OWN_USERS ? TASK_UIDS.last : undefined });
  const builtAt = readBuildDate(path);
  tell(`Chrome     ${path} (${version}${builtAt ? ` of ${builtAt.toISOString().slice(0, 10)}` : ''})`);
  const warning = describeOldChrome(builtAt, new Date());
  if (warning !== undefined) tell(`Warning    ${warning}`);
  return { chromePath: path, chromeVersion: version };
}
