/** Finds the Chrome that sessions run: the one that is named, one on this machine, or one that is fetched. */
import { accessSync, closeSync, constants, openSync, readSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

export class ChromeNotFound extends Error {
  override readonly name = 'ChromeNotFound';
}

/** A way to get a Chrome on to this machine; resolves with its path, or rejects with the reason why not. */
export interface ChromeFetcher {
  /** What is about to happen, for a person who waits for it. */
  readonly announcement: string;
  fetch(): Promise<string>;
}

export interface FindChromeOptions {
  /** CHROME_PATH. */
  readonly chromePath: string | undefined;
  /** PATH. */
  readonly searchPath: string;
  /** Files, the preferred one first. */
  readonly paths: readonly string[];
  /** In the order in which they are tried. */
  readonly fetchers: readonly ChromeFetcher[];
  readonly onStep: (text: string) => void;
}

const LINUX_PATHS = [
  '/usr/lib/chromium/chromium',
  '/usr/lib/chromium-browser/chromium-browser',
  '/usr/lib64/chromium-browser/chromium-browser',
  '/opt/google/chrome/chrome',
  '/opt/chromium.org/chromium/chrome',
];
const MAC_PATHS = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

export const usualPaths = (platform: NodeJS.Platform): readonly string[] =>
  platform === 'darwin' ? MAC_PATHS : LINUX_PATHS;

export function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

function isScript(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(2);
    readSync(file, start);
    return start.toString('latin1') === '#!';
  } finally {
    closeSync(file);
  }
}

/**
 * The binary behind the shell script that distributions put on the PATH. The script adds flags of its own, and a signal
 * that is meant for Chrome would reach it first.
 */
function behindWrapper(path: string, paths: readonly string[]): string {
  if (!isScript(path)) return path;
  const besides = join(dirname(realpathSync(path)), 'chrome');
  return [besides, ...paths].find((candidate) => isExecutable(candidate) && !isScript(candidate)) ?? path;
}

const findInstalled = ({ searchPath, paths }: FindChromeOptions): string | undefined => {
  const onPath = searchPath.split(':').flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...paths, ...onPath].find(isExecutable);
};

async function fetchChrome({ fetchers, onStep }: FindChromeOptions): Promise<string> {
  const reasons: string[] = [];
  for (const { announcement, fetch } of fetchers) {
    onStep(announcement);
    try {
      return await fetch();
    } catch (error) {
      reasons.push((error as Error).message);
    }
  }
  const tried = reasons.length === 0 ? '' : ` (tried: ${reasons.join('; ')})`;
  throw new ChromeNotFound(
    `There is no Chrome on this machine and none could be fetched${tried}: install Chromium or Google Chrome, or set CHROME_PATH to its executable.`,
  );
}

export async function findChrome(options: FindChromeOptions): Promise<string> {
  const { chromePath, paths } = options;
  if (chromePath !== undefined && !isExecutable(chromePath)) {
    throw new ChromeNotFound(`CHROME_PATH is ${chromePath}, which is not an executable file.`);
  }
  const path = chromePath ?? findInstalled(options) ?? (await fetchChrome(options));
  return behindWrapper(path, paths);
}
