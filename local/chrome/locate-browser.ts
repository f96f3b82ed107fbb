import { HAS_OWN_USERS, TASK_UIDS } from '../aws/ecs/host-resources.ts';
import { requireImage, type TaskImage } from '../aws/ecs/task-container.ts';
import type { MachineConfig } from '../start/config.ts';
import { readChromeVersion } from './check-chrome.ts';
import { describeOldChrome, readBuildDate } from './chrome-age.ts';
import { locateChrome } from './locate-chrome.ts';

/** What sessions run: a Chrome of this machine, or an image that has its own. */
export interface BrowserSource {
  readonly chromePath?: string;
  readonly image?: TaskImage;
}

/** Finds what sessions run, or rejects with what is missing. Without an image, Chrome is fetched if need be. */
export async function locateBrowser(
  config: MachineConfig,
  tell: (line: string) => void,
  now: () => Date = () => new Date(),
): Promise<BrowserSource> {
  const { browserImage, containerEngine: engine, engineEnvironment } = config;
  if (browserImage === undefined) {
    const chromePath = await locateChrome(config, tell);
    const uid = HAS_OWN_USERS ? TASK_UIDS.last : undefined;
    const builtAt = readBuildDate(chromePath);
    const date = builtAt === undefined ? '' : ` of ${builtAt.toISOString().slice(0, 10)}`;
    tell(`Chrome     ${chromePath} (${await readChromeVersion(chromePath, { uid })}${date})`);
    const warning = describeOldChrome(builtAt, now());
    if (warning !== undefined) tell(`Warning    ${warning}`);
    return { chromePath };
  }
  const image = { name: browserImage, engine, engineEnvironment };
  await requireImage(image);
  tell(`Image      ${browserImage}, a container for each session`);
  return { image };
}
