import type { Claims } from '../assignment/claims.ts';
import { killGroup } from '../chrome/launch.ts';
import type { ContainerApi, PlatformView } from '../container-api/container-api.ts';
import { assign } from './assign.ts';
import type { BootedContainer } from './boot.ts';
import { DEFAULT_LAUNCH } from './browser.ts';
import {
  launchForSession,
  restoreProfile,
  type StartOptions,
  type StartSession,
  type StepLog,
  stepLog,
} from './start.ts';
import { watchChrome } from './watch-chrome.ts';

export interface ClaimedContainer {
  readonly container: BootedContainer;
  readonly claims: Pick<Claims, 'answer' | 'fail'>;
  /** Where its profile is; null: its session has none yet. */
  readonly profileUrl: string | null;
}

/** Of a container that ran already: its session takes the Chrome that is there, or needs one on a profile of its own. */
export const startClaimed =
  (claimed: ClaimedContainer): StartSession =>
  async (options) => {
    const { claims, profileUrl } = claimed;
    const log = stepLog(options);
    const fail = () => claims.fail();
    options.end.signal.addEventListener('abort', fail);
    if (options.end.signal.aborted) fail();
    try {
      if (profileUrl === null) return await takeOver(claimed, options, log);
      return await startAgain({ ...claimed, profileUrl }, options, log);
    } catch (error) {
      fail();
      throw error;
    }
  };

/** Who claimed it writes that the session is ready: with the answer it is. */
const READY: PlatformView = { isOver: false, endReason: null, expiresAtMs: Number.NaN };

async function takeOver(
  { container, claims }: ClaimedContainer,
  options: StartOptions,
  log: StepLog,
): Promise<PlatformView> {
  const { browser, proxy } = container;
  proxy.detach();
  watchChrome(browser.chrome, options.end);
  // Chrome answers when it has its settings, and its proxy was proved before it could be claimed.
  await assign(container, browser, { ...options, log }, DEFAULT_LAUNCH);
  options.end.signal.throwIfAborted();
  claims.answer({ status: 'ready', sandbox: browser.sandbox });
  log('session ready', { sandbox: browser.sandbox, port: container.port });
  return READY;
}

/** Chrome opens a profile at its launch only. What the one before it has written is thrown away with it. */
async function startAgain(
  { container, claims, profileUrl }: ClaimedContainer & { readonly profileUrl: string },
  options: StartOptions,
  log: StepLog,
): Promise<PlatformView> {
  const { resources, api, end } = options;
  const { proxy, browser: before } = container;
  claims.answer({ status: 'restoring' });
  proxy.detach();
  killGroup(before.chrome.pid);
  resources.chrome = undefined;
  const folder = { ...container.folder, profile: container.folder.restored };
  resources.folder = folder;
  const restoring = restoreProfile(folder, { ...options, api: knowing(profileUrl, api) }, log);
  const opening = Promise.all([restoring, before.chrome.exited]).then(() =>
    launchForSession(folder, options, log),
  );
  resources.browserSettled = Promise.allSettled([opening, before.chrome.exited]);
  const browser = await opening;
  proxy.attach(browser.chrome.connection);
  await assign(container, browser, { ...options, log });
  const product = await container.prove();
  log('browser ready', { product, sandbox: browser.sandbox, port: container.port });
  const view = await api.reportReady(browser.sandbox, { signal: end.signal });
  log('session ready');
  return view;
}

/** The first attempt has its URL already; the next ones ask for another. */
function knowing(profileUrl: string, api: ContainerApi): ContainerApi {
  let known: string | null = profileUrl;
  return {
    ...api,
    async signProfileUrl(operation, options) {
      const url = known ?? (await api.signProfileUrl(operation, options));
      known = null;
      return url;
    },
  };
}
