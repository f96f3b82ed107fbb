import { NO_ARCHIVE } from '../../core/domain/profile-save.ts';
import { logEvent } from '../../core/log/log-event.ts';
import { NO_SPAN, within } from '../../core/tracing/tracing.ts';
import { chromeEnvironment } from '../chrome/environment.ts';
import type { PlatformView } from '../container-api/container-api.ts';
import type { Emit } from '../events/event-reporter.ts';
import type { ProxyEvents } from '../proxy/server.ts';
import { assign, proxySessionOf } from './assign.ts';
import { boot } from './boot.ts';
import { type Browser, startBrowser } from './browser.ts';
import type { SessionEnd } from './end-decision.ts';
import { fetchProxies } from './fetch-proxies.ts';
import type { SessionResources } from './resources.ts';
import type { SessionDeps } from './session-deps.ts';
import type { SessionFolder } from './session-folder.ts';
import { watchChrome } from './watch-chrome.ts';

export interface StartOptions extends SessionDeps {
  readonly resources: SessionResources;
  readonly end: SessionEnd;
  readonly proxyEvents: ProxyEvents;
  readonly emit: Emit;
}

/** From a container's first or second moment to a session that its platform knows as ready, whose view of it is the answer. */
export type StartSession = (options: StartOptions) => Promise<PlatformView>;

/** Of a container that is started for its session: the two steps, one after the other. */
export const startSession: StartSession = async (options) => {
  const { assignment, end, api, span = NO_SPAN } = options;
  const log = stepLog(options);
  const proxies = fetchProxies(options);
  let proving: Promise<string | undefined> | undefined;
  const container = await boot({
    ...options,
    name: assignment.sessionId,
    session: proxySessionOf(options),
    settings: assignment.settings,
    openBrowser: (folder) => openBrowser(folder, options, log),
    onListening(prove) {
      log('proxy listening');
      // Its upgrade waits for Chrome, as a client's does, and costs no time then. A long restore is too long for it.
      proving = prove().catch(() => undefined);
    },
  });
  const { browser, port } = container;
  await assign(container, browser, { ...options, log, proxies: await proxies });
  const product = await within(span, 'browser.prove', async () => (await proving) ?? container.prove());
  log('browser ready', { product, sandbox: browser.sandbox, port });
  const view = await within(span, 'report.ready', () =>
    api.reportReady(browser.sandbox, { signal: end.signal }),
  );
  log(READY_STEP);
  return view;
};

export type StepLog = (message: string, fields?: object) => void;

/** The last one, which is an event of its own. */
export const READY_STEP = 'session ready';

/** Says of each step how long after the first one it came. */
export function stepLog({ clock, logger }: Pick<StartOptions, 'clock' | 'logger'>): StepLog {
  const startedAtMs = clock.now();
  return (message, fields = {}) => {
    const sinceStartMs = Math.round(clock.now() - startedAtMs);
    if (message !== READY_STEP) return logger.info(message, { ...fields, sinceStartMs });
    logEvent(logger, 'container.ready', {
      ...fields,
      outcome: 'ready',
      durationMs: sinceStartMs,
      sinceStartMs,
    });
  };
}

const openBrowser = (folder: SessionFolder, options: StartOptions, log: StepLog): Promise<Browser> =>
  withExtension(folder, options, log, async () => {
    await prepareFolder(folder, options, log);
    return launchForSession(folder, options, log);
  });

/** What Chrome reads at its launch only. Settles when all of it is settled. */
export async function prepareFolder(
  folder: SessionFolder,
  options: StartOptions,
  log: StepLog,
): Promise<void> {
  const { context, certificateIds } = options.assignment.settings;
  const { span = NO_SPAN } = options;
  const steps = await Promise.allSettled([
    ...(context === null
      ? []
      : [within(span, 'profile.restore', () => restoreProfile(folder, options, log))]),
    ...(certificateIds.length === 0 ? [] : [trustCertificates(folder, options, log)]),
  ]);
  for (const step of steps) if (step.status === 'rejected') throw step.reason;
}

async function trustCertificates(
  folder: SessionFolder,
  { api, assignment, end, host }: StartOptions,
  log: StepLog,
): Promise<void> {
  const [{ fetchCertificates }, { trustCertificates: trust }] = await Promise.all([
    import('../certificates/fetch-certificates.ts'),
    import('../certificates/trust-certificates.ts'),
  ]);
  const { length: count } = assignment.settings.certificateIds;
  const { signal } = end;
  const pems = await fetchCertificates({ api, count, signal });
  await trust(pems, { home: folder.home, env: chromeEnvironment(folder), user: host.chromeUser, signal });
  log('certificates trusted', { count });
}

/** What opens a browser, while its session's extension is fetched. Settles when both are settled. */
export async function withExtension(
  folder: SessionFolder,
  { api, assignment, end, host }: StartOptions,
  log: StepLog,
  open: () => Promise<Browser>,
  url: string | null = null,
): Promise<Browser> {
  const { extensionId } = assignment.settings;
  if (extensionId === null) return open();
  const fetching = import('../extension/fetch-extension.ts').then(({ fetchExtension }) =>
    fetchExtension({
      api,
      extensionId,
      folder: folder.extension,
      user: host.chromeUser,
      url,
      signal: end.signal,
    }),
  );
  const [opened, fetched] = await Promise.allSettled([open(), fetching]);
  if (opened.status === 'rejected') throw opened.reason;
  if (fetched.status === 'rejected') throw fetched.reason;
  log('extension fetched');
  return opened.value;
}

/** A Chrome as its session wants it, whose end is the session's. */
export async function launchForSession(
  folder: SessionFolder,
  options: StartOptions,
  log: StepLog,
): Promise<Browser> {
  const { host, assignment, resources, end, logger, emit, span = NO_SPAN } = options;
  const { settings } = assignment;
  log('browser launching');
  const browser = await within(span, 'browser.launch', () =>
    startBrowser({ host, settings, folder, egress: resources.egress, logger, signal: end.signal }),
  );
  log('browser answered');
  resources.chrome = browser.chrome;
  watchChrome(browser.chrome, end, emit);
  return browser;
}

async function restoreProfile(
  folder: SessionFolder,
  { api, assignment, end, host, resources }: StartOptions,
  log: StepLog,
): Promise<void> {
  // Loaded only here: most sessions have no context.
  const store = await import('../profile/restore-profile.ts');
  const archive = await store.restoreProfile({ api, folder, signal: end.signal }, { user: host.chromeUser });
  resources.archive = archive;
  const wasThere = archive !== NO_ARCHIVE;
  if (wasThere && assignment.settings.context?.persist === true) {
    const { rememberProfile } = await import('../profile/remember-profile.ts');
    resources.restored = rememberProfile(folder.profile);
  }
  log('profile restored', { wasThere });
}
