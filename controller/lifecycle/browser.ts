import {
  type ContainerSettings,
  DEFAULT_VIEWPORT,
  type Viewport,
} from '../../core/domain/container-settings.ts';
import type { Logger } from '../../core/log/logger.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import type { Host } from '../assignment/host.ts';
import type { ChromeConnection } from '../chrome/connection.ts';
import { chromeEnvironment } from '../chrome/environment.ts';
import { chromeFlags, MIN_WINDOW_WIDTH } from '../chrome/flags.ts';
import { focusPages } from '../chrome/focus-pages.ts';
import { type Chrome, launchChrome } from '../chrome/launch.ts';
import { narrowPages } from '../chrome/narrow-pages.ts';
import { quietPreferences } from '../chrome/quiet-preferences.ts';
import { resizeWindows } from '../chrome/resize-windows.ts';
import { restoreViewports } from '../chrome/restore-viewports.ts';
import { hasSharedMemory, launchSandboxed, type SandboxState } from '../chrome/sandbox.ts';
import { readUserAgent } from '../chrome/user-agent.ts';
import { DownloadWatch } from '../downloads/watch-downloads.ts';
import { LIFECYCLE_LIMITS } from './limits.ts';
import type { SessionEgress } from './session-egress.ts';
import type { SessionFolder } from './session-folder.ts';

/** Those that are flags at a launch. Some of them a Chrome takes later as well: applySettings. */
export type LaunchSettings = Pick<ContainerSettings, 'viewport' | 'ignoreCertificateErrors'>;

/** Of a Chrome that is launched before anybody knows for whom. */
export const DEFAULT_LAUNCH: LaunchSettings = { viewport: DEFAULT_VIEWPORT, ignoreCertificateErrors: false };

export interface BrowserStart {
  readonly host: Pick<Host, 'chromePath' | 'chromeVersion' | 'chromeUser'>;
  readonly settings: LaunchSettings;
  readonly folder: SessionFolder;
  /** Its one way out, where it has no other. */
  readonly egress?: Pick<SessionEgress, 'listen'> | undefined;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export interface Browser {
  readonly chrome: Chrome;
  readonly sandbox: SandboxState;
  readonly downloads: DownloadWatch;
}

/** Launches Chrome, sandboxed where that is possible. */
export async function startBrowser({
  host,
  settings,
  folder,
  egress,
  logger,
  signal,
}: BrowserStart): Promise<Browser> {
  const { chromePath: executable, chromeUser: user } = host;
  const running = { executable, env: chromeEnvironment(folder), cwd: folder.browser, user, signal };
  const [userAgent, proxy] = await Promise.all([
    readUserAgent(running, host.chromeVersion),
    egress?.listen(),
  ]);
  if (proxy !== undefined) quietPreferences(folder.profile, user);
  const downloads = new DownloadWatch(folder.downloads);
  const launch = (hasSandbox: boolean) =>
    launchChrome({
      ...running,
      // What is the same for every session.
      prepare: async (connection) => {
        await Promise.all([focusPages(connection), downloads.watch(connection)]);
      },
      flags: chromeFlags({
        profileFolder: folder.profile,
        viewport: settings.viewport,
        userAgent,
        ignoreCertificateErrors: settings.ignoreCertificateErrors,
        hasSandbox,
        hasSharedMemory: hasSharedMemory(),
        egress: proxy,
      }),
      sessionFolder: folder.root,
    });
  const runsAsRoot = user === undefined && process.getuid?.() === 0;
  const browser = await launchSandboxed(launch, { runsAsRoot, logger });
  await inTime(browser.chrome.prepared);
  return { ...browser, downloads };
}

/**
 * What a Chrome takes while it runs: the viewport, where the window alone cannot give it, and those of
 * its flags that are other than it was `launched` with.
 */
export async function applySettings(
  { connection }: Pick<Chrome, 'connection'>,
  settings: LaunchSettings,
  launched: LaunchSettings = settings,
): Promise<void> {
  const { viewport } = settings;
  if (!isNarrow(viewport)) restoreViewports(connection, viewport);
  const applying = [
    // Whatever it takes, it answers.
    connection.call('Browser.getVersion'),
    ...changeViewport(connection, viewport, launched.viewport),
    ...changeFlags(connection, settings, launched),
  ];
  await inTime(Promise.all(applying));
}

export async function inTime(applying: Promise<unknown>): Promise<void> {
  const taken = applying.then(() => true);
  if ((await withTimeout(taken, LIFECYCLE_LIMITS.settingsMs)) === undefined)
    throw new Error('Chrome did not take its settings');
}

const isNarrow = ({ width }: Viewport): boolean => width < MIN_WINDOW_WIDTH;

function changeViewport(
  connection: ChromeConnection,
  wanted: Viewport,
  launched: Viewport,
): readonly Promise<unknown>[] {
  const isResized = wanted.width !== launched.width || wanted.height !== launched.height;
  const sizes = isResized ? { launched, wanted } : undefined;
  if (isNarrow(wanted)) return [narrowPages(connection, wanted, sizes)];
  return sizes === undefined ? [] : [resizeWindows(connection, sizes)];
}

function changeFlags(
  connection: ChromeConnection,
  { ignoreCertificateErrors: ignore }: LaunchSettings,
  launched: LaunchSettings,
): readonly Promise<unknown>[] {
  // Of the browser, in a session of CDP that nobody ends: it holds for every page, context and worker.
  return ignore === launched.ignoreCertificateErrors
    ? []
    : [connection.call('Security.setIgnoreCertificateErrors', { ignore })];
}
