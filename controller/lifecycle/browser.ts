import type { ContainerSettings } from '../../core/domain/container-settings.ts';
import type { Logger } from '../../core/log/logger.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import type { Host } from '../assignment/host.ts';
import { chromeEnvironment } from '../chrome/environment.ts';
import { chromeFlags, MIN_WINDOW_WIDTH } from '../chrome/flags.ts';
import { focusPages } from '../chrome/focus-pages.ts';
import { type Chrome, launchChrome } from '../chrome/launch.ts';
import { narrowPages } from '../chrome/narrow-pages.ts';
import { restoreViewports } from '../chrome/restore-viewports.ts';
import { hasSharedMemory, launchSandboxed, type SandboxState } from '../chrome/sandbox.ts';
import { readUserAgent } from '../chrome/user-agent.ts';
import { LIFECYCLE_LIMITS } from './limits.ts';
import type { SessionFolder } from './session-folder.ts';

export interface BrowserStart {
  readonly host: Pick<Host, 'chromePath' | 'chromeVersion' | 'chromeUser'>;
  /** Those that are flags, which Chrome takes at its launch only. */
  readonly settings: Pick<ContainerSettings, 'viewport' | 'ignoreCertificateErrors'>;
  readonly folder: SessionFolder;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

export interface Browser {
  readonly chrome: Chrome;
  readonly sandbox: SandboxState;
}

/** Launches Chrome, sandboxed where that is possible. */
export async function startBrowser({
  host,
  settings,
  folder,
  logger,
  signal,
}: BrowserStart): Promise<Browser> {
  const { chromePath: executable, chromeUser: user } = host;
  const running = { executable, env: chromeEnvironment(folder), cwd: folder.browser, user, signal };
  const userAgent = await readUserAgent(running, host.chromeVersion);
  const launch = (hasSandbox: boolean) =>
    launchChrome({
      ...running,
      flags: chromeFlags({
        profileFolder: folder.profile,
        viewport: settings.viewport,
        userAgent,
        ignoreCertificateErrors: settings.ignoreCertificateErrors,
        hasSandbox,
        hasSharedMemory: hasSharedMemory(),
      }),
      sessionFolder: folder.root,
    });
  return launchSandboxed(launch, { runsAsRoot: user === undefined && process.getuid?.() === 0, logger });
}

/** What a Chrome takes while it runs: that all pages work, and the viewport, where the window alone cannot give it. */
export async function applySettings(
  { connection }: Pick<Chrome, 'connection'>,
  { viewport }: Pick<ContainerSettings, 'viewport'>,
): Promise<void> {
  const isNarrow = viewport.width < MIN_WINDOW_WIDTH;
  if (!isNarrow) restoreViewports(connection, viewport);
  const settings = [focusPages(connection), ...(isNarrow ? [narrowPages(connection, viewport)] : [])];
  const taken = Promise.all(settings).then(() => true);
  if ((await withTimeout(taken, LIFECYCLE_LIMITS.settingsMs)) === undefined)
    throw new Error('Chrome did not take its settings');
}
