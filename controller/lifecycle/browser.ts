import type { Logger } from '../../core/log/logger.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import { chromeEnvironment } from '../chrome/environment.ts';
import { chromeFlags, MIN_WINDOW_WIDTH } from '../chrome/flags.ts';
import { type Chrome, launchChrome } from '../chrome/launch.ts';
import { narrowPages } from '../chrome/narrow-pages.ts';
import { hasSharedMemory, launchSandboxed, type SandboxState } from '../chrome/sandbox.ts';
import type { ControllerConfig } from '../config.ts';
import type { ChromeUser, SessionFolder } from '../session-folder.ts';

const FIT_TIMEOUT_MS = 10_000;

export interface BrowserStart {
  readonly config: ControllerConfig;
  readonly folder: SessionFolder;
  readonly user: ChromeUser | undefined;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Launches this session's Chrome, sandboxed where that is possible. */
export function startBrowser(start: BrowserStart): Promise<{ chrome: Chrome; sandbox: SandboxState }> {
  const { config, folder, user, logger, signal } = start;
  const launch = (hasSandbox: boolean) =>
    launchChrome({
      executable: config.chromePath,
      flags: chromeFlags({
        profileFolder: folder.profile,
        viewport: config.settings.viewport,
        ignoreCertificateErrors: config.settings.ignoreCertificateErrors,
        hasSandbox,
        hasSharedMemory: hasSharedMemory(),
      }),
      env: chromeEnvironment(folder),
      cwd: folder.browser,
      sessionFolder: folder.root,
      user,
      signal,
    });
  return launchSandboxed(launch, { runsAsRoot: user === undefined && process.getuid?.() === 0, logger });
}

/** The viewport that was asked for, where the window alone cannot give it. */
export async function fitViewport({ connection }: Chrome, { settings }: ControllerConfig): Promise<void> {
  const { viewport } = settings;
  if (viewport.width >= MIN_WINDOW_WIDTH) return;
  const fitted = narrowPages(connection, viewport).then(() => true);
  if ((await withTimeout(fitted, FIT_TIMEOUT_MS)) === undefined)
    throw new Error('Chrome did not take the viewport');
}

/** The user that Chrome runs as, when it is another than the controller's. */
export const chromeUserOf = ({ chromeUid, chromeGid }: ControllerConfig): ChromeUser | undefined =>
  chromeUid === undefined ? undefined : { uid: chromeUid, gid: chromeGid ?? chromeUid };
