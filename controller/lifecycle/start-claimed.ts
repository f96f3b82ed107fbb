import { NO_SPAN, within } from '../../core/tracing/tracing.ts';
import type { Claims } from '../assignment/claims.ts';
import { killGroup } from '../chrome/launch.ts';
import type { ContainerApi, PlatformView } from '../container-api/container-api.ts';
import { assign } from './assign.ts';
import type { BootedContainer } from './boot.ts';
import { type Browser, DEFAULT_LAUNCH } from './browser.ts';
import { fetchProxies } from './fetch-proxies.ts';
import { needsEgress, openEgress } from './session-egress.ts';
import {
  launchForSession,
  prepareFolder,
  READY_STEP,
  type StartOptions,
  type StartSession,
  type StepLog,
  stepLog,
  withExtension,
} from './start.ts';
import { watchChrome } from './watch-chrome.ts';

export interface ClaimedContainer {
  readonly container: BootedContainer;
  readonly claims: Pick<Claims, 'answer' | 'fail'>;
  /** Where its profile is; null: its session has none yet. */
  readonly profileUrl: string | null;
  /** Where its extension is; null: its session has none. */
  readonly extensionUrl: string | null;
}

/** Of a container that ran already: its session takes the Chrome that is there, or needs one on a profile of its own. */
export const startClaimed =
  (claimed: ClaimedContainer): StartSession =>
  async (options) => {
    const { claims } = claimed;
    const log = stepLog(options);
    const fail = () => claims.fail();
    options.end.signal.addEventListener('abort', fail);
    if (options.end.signal.aborted) fail();
    try {
      if (isReadyAtOnce(claimed, options)) return await takeOver(claimed, options, log);
      return await fetchFirst(claimed, options, log);
    } catch (error) {
      fail();
      throw error;
    }
  };

const isReadyAtOnce = (claimed: ClaimedContainer, options: StartOptions): boolean =>
  options.assignment.settings.extensionId === null &&
  !options.assignment.settings.hasProxies &&
  !needsLaunch(claimed, options);

/** Profiles, certificates and its way out are taken by Chrome at its launch only. */
const needsLaunch = ({ profileUrl }: ClaimedContainer, { assignment, resources }: StartOptions): boolean =>
  profileUrl !== null ||
  assignment.settings.certificateIds.length > 0 ||
  (resources.egress === undefined && needsEgress(assignment.settings));

/** Who claimed it writes that the session is ready: with the answer it is. */
const READY: PlatformView = { isOver: false, endReason: null, expiresAtMs: Number.NaN };

async function takeOver(
  { container, claims }: ClaimedContainer,
  options: StartOptions,
  log: StepLog,
): Promise<PlatformView> {
  const { browser, proxy } = container;
  proxy.detach();
  watchChrome(browser.chrome, options.end, options.emit);
  // Chrome answers when it has its settings, and its proxy was proved before it could be claimed.
  await assign(container, browser, { ...options, log, proxies: [] }, DEFAULT_LAUNCH);
  options.end.signal.throwIfAborted();
  claims.answer({ status: 'ready', sandbox: browser.sandbox });
  log(READY_STEP, { sandbox: browser.sandbox, port: container.port });
  return READY;
}

/** A session for which something has to be fetched: its claim is answered before, and its start reported when it is done. */
async function fetchFirst(
  claimed: ClaimedContainer,
  options: StartOptions,
  log: StepLog,
): Promise<PlatformView> {
  const { container, claims, profileUrl, extensionUrl } = claimed;
  const { resources, api, end } = options;
  claims.answer({ status: 'restoring' });
  container.proxy.detach();
  const isReplaced = needsLaunch(claimed, options);
  const proxies = fetchProxies(options);
  const open = isReplaced ? launchAgain : keepChrome;
  const opening = withExtension(
    container.folder,
    options,
    log,
    () => open(container, options, log, profileUrl),
    extensionUrl,
  );
  const replaced = isReplaced ? container.browser.chrome.exited : undefined;
  resources.browserSettled = Promise.allSettled([opening, replaced]);
  const browser = await opening;
  const taken = { ...options, log, proxies: await proxies };
  await assign(container, browser, taken, isReplaced ? undefined : DEFAULT_LAUNCH);
  const { span = NO_SPAN } = options;
  const product = await within(span, 'browser.prove', () => container.prove());
  log('browser ready', { product, sandbox: browser.sandbox, port: container.port });
  const view = await within(span, 'report.ready', () =>
    api.reportReady(browser.sandbox, { signal: end.signal }),
  );
  log(READY_STEP);
  return view;
}

async function keepChrome({ browser }: BootedContainer, { end, emit }: StartOptions): Promise<Browser> {
  watchChrome(browser.chrome, end, emit);
  return browser;
}

/** What the Chrome before it has written is thrown away with it. */
async function launchAgain(
  container: BootedContainer,
  options: StartOptions,
  log: StepLog,
  profileUrl: string | null,
): Promise<Browser> {
  const { resources, api } = options;
  const before = container.browser.chrome;
  killGroup(before.pid);
  resources.chrome = undefined;
  resources.egress ??= openEgress({ ...options, settings: options.assignment.settings });
  const folder = { ...container.folder, profile: container.folder.restored };
  resources.folder = folder;
  await Promise.all([
    prepareFolder(folder, { ...options, api: knowing(profileUrl, api) }, log),
    before.exited,
  ]);
  return launchForSession(folder, options, log);
}

/** The first attempt has its URL already; the next ones ask for another. */
function knowing(profileUrl: string | null, api: ContainerApi): ContainerApi {
  let known = profileUrl;
  return {
    ...api,
    async signProfileDownload(options) {
      const url = known ?? (await api.signProfileDownload(options));
      known = null;
      return url;
    },
  };
}
