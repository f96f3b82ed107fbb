import type { PlatformView } from '../container-api/container-api.ts';
import type { ProxyEvents, SessionProxy } from '../proxy/server.ts';
import { applySettings, type Browser, startBrowser } from './browser.ts';
import type { SessionEnd } from './end-decision.ts';
import { proveReady } from './prove-ready.ts';
import type { SessionResources } from './resources.ts';
import type { SessionDeps } from './session-deps.ts';
import { createSessionFolder, type SessionFolder } from './session-folder.ts';
import { watchChrome } from './watch-chrome.ts';

export interface StartOptions extends SessionDeps {
  readonly resources: SessionResources;
  readonly end: SessionEnd;
  readonly proxyEvents: ProxyEvents;
}

/**
 * From nothing to a session that its platform knows as ready, whose view of it is the answer. Chrome first, so that it
 * starts while this process loads and binds the rest.
 */
export async function startSession(options: StartOptions): Promise<PlatformView> {
  const { host, assignment, resources, end, api, clock } = options;
  const startedAtMs = clock.now();
  const log = (message: string, fields: object = {}) =>
    options.logger.info(message, { ...fields, sinceStartMs: Math.round(clock.now() - startedAtMs) });

  const folder = createSessionFolder(host.sessionRoot, assignment.sessionId, host.chromeUser);
  resources.folder = folder;
  const opening = openBrowser(folder, options, log);
  resources.browserSettled = opening.catch(() => undefined);
  const proxy = await openProxy(folder, options);
  const { address, port } = await proxy.listen(host.proxyHost, host.proxyPort);
  log('proxy listening');
  const { chrome, sandbox } = await opening;
  await applySettings(chrome, assignment.settings);
  log('settings taken');
  proxy.attach(chrome.connection);
  const product = await proveReady(address, port, proxy.issueProbeKey());
  log('browser ready', { product, sandbox, port });
  const view = await api.reportReady(sandbox, { signal: end.signal });
  log('session ready');
  return view;
}

type Log = (message: string, fields?: object) => void;

async function openBrowser(folder: SessionFolder, options: StartOptions, log: Log): Promise<Browser> {
  const { host, assignment, resources, end, logger } = options;
  const { settings } = assignment;
  if (settings.context !== null) await restoreProfile(folder, options, log);
  log('browser launching');
  const browser = await startBrowser({ host, settings, folder, logger, signal: end.signal });
  log('browser answered');
  resources.chrome = browser.chrome;
  watchChrome(browser.chrome, end);
  return browser;
}

async function restoreProfile(folder: SessionFolder, options: StartOptions, log: Log): Promise<void> {
  const { api, end, host } = options;
  // Loaded only here: most sessions have no context.
  const store = await import('../profile/restore-profile.ts');
  const wasThere = await store.restoreProfile({ api, folder, signal: end.signal }, { user: host.chromeUser });
  log('profile restored', { wasThere });
}

async function openProxy(folder: SessionFolder, options: StartOptions): Promise<SessionProxy> {
  const { identity, assignment, resources, clock, logger, proxyEvents } = options;
  const { createProxy } = await import('../proxy/server.ts');
  const proxy = createProxy({
    publicKeys: identity.publicKeys,
    downloadsFolder: folder.downloads,
    keepAlive: assignment.settings.keepAlive,
    logger,
    clock,
    events: proxyEvents,
  });
  proxy.assign(assignment.sessionId);
  resources.proxy = proxy;
  return proxy;
}
