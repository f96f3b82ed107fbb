/** The two ways to get a Chrome: the distribution's package, or Google's archive. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { withTimeout } from '../../core/server/with-timeout.ts';
import { type ChromeFetcher, isExecutable } from './find-chrome.ts';

const FETCH_TIMEOUT_MS = 5 * 60_000;
const APT_INSTALL = ['install', '-y', '--no-install-recommends', 'chromium'];
const APT_ENVIRONMENT = {
  PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
  DEBIAN_FRONTEND: 'noninteractive',
  LANG: 'C',
};

/** Whether this process may install packages here: root on Debian or Ubuntu. */
export const canUseApt = (): boolean =>
  process.platform === 'linux' &&
  process.getuid?.() === 0 &&
  existsSync('/etc/debian_version') &&
  isExecutable('/usr/bin/apt-get');

async function runApt(args: readonly string[]): Promise<void> {
  const child = spawn('/usr/bin/apt-get', args, {
    env: APT_ENVIRONMENT,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: FETCH_TIMEOUT_MS,
  });
  let lastError = '';
  child.stderr.on('data', (chunk: Buffer) => {
    lastError = chunk.toString('utf8').trim().split('\n').at(-1) ?? '';
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`apt-get ${args[0]} failed with ${code ?? 'a time-out'}: ${lastError}`);
}

/**
 * Installs the distribution's package, from lists of today: those of an image may be months old, and so would be the
 * browser. `paths`: where the package puts the binary. On Ubuntu there may be none: its package only points at a snap.
 */
export const aptFetcher = (paths: readonly string[], run = runApt): ChromeFetcher => ({
  announcement: `installing Chromium: apt-get update, apt-get ${APT_INSTALL.join(' ')}`,
  async fetch() {
    // One source of many that cannot be reached fails it all, and the others may do: how old the browser is, is told.
    const notUpdated = await run(['update']).then(
      () => undefined,
      (error: Error) => error.message,
    );
    try {
      await run(APT_INSTALL);
    } catch (cause) {
      const { message } = cause as Error;
      throw new Error(notUpdated === undefined ? message : `${message}; before it, ${notUpdated}`, { cause });
    }
    const path = paths.find(isExecutable);
    if (path === undefined) throw new Error('the package chromium holds no browser here');
    return path;
  },
});

async function within<T>(work: Promise<T>, what: string): Promise<T> {
  const done = await withTimeout(work, FETCH_TIMEOUT_MS);
  if (done === undefined) throw new Error(`${what} took too long`);
  return done;
}

/** Chrome for Testing, unpacked into `cacheDir`; one that is there already is used again. */
export const archiveFetcher = (cacheDir: string): ChromeFetcher => ({
  announcement: `fetching Chrome for Testing into ${cacheDir}`,
  async fetch() {
    const browsers = await import('@puppeteer/browsers');
    const { CHROME } = browsers.Browser;
    const installed = (await browsers.getInstalledBrowsers({ cacheDir })).find(
      ({ browser, executablePath }) => browser === CHROME && isExecutable(executablePath),
    );
    if (installed !== undefined) return installed.executablePath;
    const platform = browsers.detectBrowserPlatform();
    if (platform === undefined) throw new Error('there is no Chrome for Testing for this platform');
    const buildId = await within(browsers.resolveBuildId(CHROME, platform, 'stable'), 'finding the version');
    const { executablePath } = await within(
      browsers.install({ browser: CHROME, buildId, cacheDir, platform }),
      'the download',
    );
    return executablePath;
  },
});
