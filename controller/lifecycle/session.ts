import { SERVICE_RESTART, sessionEnded } from '../../core/domain/close-codes.ts';
import type { EndReason } from '../../core/domain/end-reason.ts';
import { CONTAINER_STOP } from '../../core/domain/timing.ts';
import type { Logger } from '../../core/log/logger.ts';
import { type Chrome, killGroup } from '../chrome/launch.ts';
import { describeExit } from '../chrome/terminate.ts';
import type { ControllerConfig } from '../config.ts';
import type { ContainerApi, PlatformView } from '../container-api/container-api.ts';
import type { SessionProxy } from '../proxy/server.ts';
import { createSessionFolder, type SessionFolder } from '../session-folder.ts';
import { chromeUserOf, fitViewport, startBrowser } from './browser.ts';
import type { Clock } from './clock.ts';
import { createDeadlines } from './deadlines.ts';
import { type Ending, joinDetails } from './ending.ts';
import { createHeartbeat } from './heartbeat.ts';
import { proveReady } from './prove-ready.ts';
import { shutDown } from './shutdown.ts';

export interface SessionDeps {
  readonly config: ControllerConfig;
  readonly api: ContainerApi;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface RunningSession {
  /** The session ends for `reason`; only the first call counts. */
  end(reason: EndReason, detail?: string, exitCode?: number): void;
  /** The platform stops the container: ask it why, quickly, and end. The second call kills. */
  stop(): void;
  /** For the last moment of the process, when nothing can be awaited. */
  abandon(): void;
  /** The process's exit code, when everything is cleaned up. */
  readonly finished: Promise<number>;
}

/** What there is by now, and so what there is to end. */
interface Held {
  folder?: SessionFolder | undefined;
  proxy?: SessionProxy | undefined;
  chrome?: Chrome | undefined;
  /** Settles when no Chrome can appear any more. */
  browserSettled?: Promise<unknown>;
  canSave?: boolean;
  isEnding?: boolean;
}

/** One session from its first moment to its last: everything that can happen to it meets here. */
export function runSession({ config, api, clock, logger }: SessionDeps): RunningSession {
  const { settings } = config;
  const user = chromeUserOf(config);
  const startedAtMs = performance.now();
  const startAborted = new AbortController();
  const killNow = new AbortController();
  const ending = Promise.withResolvers<Ending>();
  const held: Held = {};
  let stopRequests = 0;

  const end = (reason: EndReason, detail?: string, exitCode = 0) => {
    if (held.isEnding === true) return;
    held.isEnding = true;
    deadlines.stop();
    heartbeat.stop();
    startAborted.abort();
    ending.resolve({ reason, detail, exitCode });
  };

  const deadlines = createDeadlines(
    clock,
    {
      keepAlive: settings.keepAlive,
      expiresAtMs: Date.parse(settings.expiresAt),
      connectDeadlineMs: config.connectDeadlineMs,
      idleTimeoutMs: config.idleTimeoutMs,
      reconnectGraceMs: config.reconnectGraceMs,
    },
    {
      onEnd: (reason) => end(reason),
      onIdleClients() {
        held.proxy?.closeCdpClients(sessionEnded('idle'));
      },
    },
  );

  const countClients = () => held.proxy?.clients.countCdp() ?? 0;
  const heartbeat = createHeartbeat(
    { api, clock, logger, countClients },
    { intervalMs: config.heartbeatIntervalMs },
    {
      onView: obey,
      onSilence: (silentMs) =>
        end('container_lost', `The platform did not answer for ${Math.round(silentMs / 1000)} s`),
    },
  );

  function obey(view: PlatformView): void {
    if (view.isOver) end(view.endReason ?? 'platform_stopping');
    else deadlines.moveExpiry(view.expiresAtMs);
  }

  let lastCount = 0;
  const proxyEvents = {
    onCdpClients(count: number, closeCode?: number) {
      deadlines.clientsChanged(count, closeCode === SERVICE_RESTART);
      if ((count === 0) !== (lastCount === 0)) heartbeat.beatNow();
      lastCount = count;
    },
    onCommand: () => deadlines.noteActivity(),
    onBrowserClose: () => end('browser_closed'),
  };

  /** Chrome first, so that it starts while this process loads and binds the rest. */
  async function start(): Promise<void> {
    const folder = createSessionFolder(config.sessionRoot, config.sessionId, user);
    held.folder = folder;
    const browserStarted = openBrowser(folder);
    held.browserSettled = browserStarted.catch(() => undefined);
    const { createProxy } = await import('../proxy/server.ts');
    const proxy = createProxy({
      publicKeys: config.publicKeys,
      sessionId: config.sessionId,
      downloadsFolder: folder.downloads,
      logger,
      now: () => clock.now(),
      events: proxyEvents,
    });
    held.proxy = proxy;
    const address = await proxy.listen(config.proxyHost, config.proxyPort);
    const { chrome, sandbox } = await browserStarted;
    await fitViewport(chrome, config);
    proxy.attach(chrome.connection);
    const product = await proveReady(address.address, address.port, proxy.issueProbeKey());
    logger.info('browser ready', { product, sandbox, port: address.port, sinceStartMs: sinceStart() });
    const view = await api.reportReady(sandbox, { signal: startAborted.signal });
    held.canSave = true;
    logger.info('session ready', { sinceStartMs: sinceStart() });
    if (held.isEnding === true) return;
    deadlines.start();
    heartbeat.start();
    obey(view);
  }

  const sinceStart = () => Math.round(performance.now() - startedAtMs);

  async function openBrowser(folder: SessionFolder) {
    if (settings.context !== null) await restore(folder);
    const browser = await startBrowser({ config, folder, user, logger, signal: startAborted.signal });
    held.chrome = browser.chrome;
    browser.chrome.exited.then((exit) => {
      const detail = describeExit(exit, browser.chrome);
      // Code 0 without our asking: closed by a command or a signal, and its profile is complete.
      end(exit.code === 0 ? 'browser_closed' : 'browser_crashed', detail);
    });
    return browser;
  }

  async function restore(folder: SessionFolder): Promise<void> {
    // Loaded only here: most sessions have no context.
    const { restoreProfile } = await import('../profile/store.ts');
    const wasThere = await restoreProfile({ api, folder, signal: startAborted.signal }, { user });
    logger.info('profile restored', { wasThere, sinceStartMs: sinceStart() });
  }

  const persist = async (signal: AbortSignal): Promise<number> => {
    const { persistProfile } = await import('../profile/store.ts');
    return persistProfile({ api, folder: held.folder as SessionFolder, signal });
  };

  async function run(): Promise<number> {
    const started = start().catch((error: Error) => {
      if (held.isEnding === true) return;
      logger.error('the session could not be started', { error });
      end(error.name === 'ArchiveRefusedError' ? 'bad_archive' : 'start_failed', joinDetails(error.message));
    });
    const decided = await ending.promise;
    // A start that is under way gives up first: only then it is known what there is to end.
    await started;
    await held.browserSettled;
    const { chrome, proxy, folder } = held;
    const hasProfileToSave = settings.context?.persist === true && held.canSave === true;
    await shutDown(decided, {
      proxy,
      chrome,
      folder,
      api,
      logger,
      persist: hasProfileToSave ? persist : undefined,
      timeoutMs: config.shutdownTimeoutMs,
      killNow: killNow.signal,
    });
    held.chrome = undefined;
    held.folder = undefined;
    return decided.exitCode;
  }

  async function askWhy(): Promise<void> {
    const options = {
      timeoutMs: CONTAINER_STOP.askWhyMs,
      signal: AbortSignal.timeout(CONTAINER_STOP.askWhyMs),
      backoff: [],
    };
    const view = await api.reportHeartbeat(countClients(), options).catch((error: unknown) => {
      logger.warn('the reason of the stop is not known', { error });
      return null;
    });
    end(view?.endReason ?? 'platform_stopping');
  }

  const abandon = () => {
    killGroup(held.chrome?.pid);
    held.folder?.removeNow();
  };

  return {
    end,
    abandon,
    finished: run(),
    stop() {
      stopRequests += 1;
      if (stopRequests === 1) void askWhy();
      else {
        killNow.abort();
        end('platform_stopping');
      }
    },
  };
}
