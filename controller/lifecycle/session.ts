import type { EndReason } from '../../core/domain/end-reason.ts';
import { NO_SPAN, type Span, within } from '../../core/tracing/tracing.ts';
import type { PlatformView } from '../container-api/container-api.ts';
import { createEventReporter, type Emit, type EventReporter } from '../events/event-reporter.ts';
import { type PageWatch, watchPages } from '../events/watch-pages.ts';
import { putSegmentBy } from '../logs/put-segment.ts';
import { SessionLog } from '../logs/session-log.ts';
import type { ProxyEvents } from '../proxy/server.ts';
import { createClientEvents } from './client-events.ts';
import { Deadlines } from './deadlines.ts';
import { createSessionEnd, type EndDecision, joinDetails, type SessionEnd } from './end-decision.ts';
import { createHeartbeat, type Heartbeat } from './heartbeat.ts';
import { openDownloads } from './open-downloads.ts';
import { openRecording } from './open-recording.ts';
import { SessionResources } from './resources.ts';
import type { Runs } from './runs.ts';
import { saveProfile } from './save-profile.ts';
import type { SessionDeps } from './session-deps.ts';
import { shutDown } from './shutdown.ts';
import { type StartSession, startSession } from './start.ts';
import { createStop, type Stop } from './stop.ts';
import { traceClients } from './trace-session.ts';

export interface SessionStart {
  readonly start?: StartSession;
  readonly resources?: SessionResources;
}

/** By the name of the error, whose class is loaded only where it is needed. */
const START_FAULTS: Readonly<Record<string, EndReason>> = {
  ArchiveRefusedError: 'bad_archive',
  CertificatesNotTrustedError: 'certificates_not_trusted',
  ExtensionNotLoadedError: 'extension_not_loaded',
};

/** One session from its first moment to its last: everything that can happen to it meets here. */
export class RunningSession implements Runs {
  readonly end: SessionEnd = createSessionEnd();
  readonly #stop: Stop;
  readonly #deps: SessionDeps;
  readonly #startSession: StartSession;
  readonly #resources: SessionResources;
  readonly #deadlines: Deadlines;
  readonly #heartbeat: Heartbeat;
  readonly #events: EventReporter;
  readonly #beganAtMs: number;
  readonly #span: Span;
  readonly #clients: ReturnType<typeof traceClients>;
  #pages: PageWatch | undefined;
  #wasReady = false;

  /** `resources`: what there is already when it starts. */
  constructor(
    deps: SessionDeps,
    { start = startSession, resources = new SessionResources() }: SessionStart = {},
  ) {
    this.#deps = deps;
    this.#beganAtMs = deps.clock.now();
    this.#span = deps.span ?? NO_SPAN;
    this.#clients = traceClients(this.#span);
    this.#startSession = start;
    this.#resources = resources;
    const countClients = () => this.#resources.countClients();
    this.#stop = createStop({ ...deps, end: this.end, countClients });
    this.#events = createEventReporter(deps);
    if (deps.assignment.settings.logSession) resources.sessionLog = openLog(deps, this.#events.emit);
    if (deps.assignment.settings.recordSession) resources.recording = openRecording(deps, this.#events.emit);
    resources.downloads = openDownloads(deps, this.#events.emit);
    this.#deadlines = this.#createDeadlines();
    this.#heartbeat = createHeartbeat(
      { ...deps, countClients, proxyBytes: () => this.#resources.proxyBytes() },
      { intervalMs: deps.host.times.heartbeatIntervalMs },
      {
        onView: (view) => this.#obey(view),
        onSilence: (silentMs) =>
          this.end.decide(
            'container_lost',
            `The platform did not answer for ${Math.round(silentMs / 1000)} s`,
          ),
      },
    );
    this.end.signal.addEventListener('abort', () => {
      this.#deadlines.stop();
      this.#heartbeat.stop();
    });
  }

  /** Resolves with the process's exit code, when everything is cleaned up. */
  async run(): Promise<number> {
    const starting = this.#start();
    const decision = await this.end.decision;
    // A start that is under way gives up first: only then it is known what there is to end.
    await starting;
    await this.#resources.browserSettled;
    this.#clients.stop();
    // One that ends before it was ready.
    this.#span.end();
    const { reason } = decision;
    await within(this.#span, 'container.end', (span) => this.#shutDown(decision, span), { reason });
    this.#resources.release();
    return decision.exitCode;
  }

  stop(): void {
    this.#stop.request();
  }

  fail(error: unknown): void {
    this.#deps.logger.error('the controller failed', { error });
    const detail = `The controller failed: ${(error as Error | undefined)?.message}`;
    this.end.decide('container_lost', joinDetails(detail), 1);
  }

  abandon(): void {
    this.#resources.abandon();
  }

  async #start(): Promise<void> {
    try {
      const view = await this.#startSession({
        ...this.#deps,
        resources: this.#resources,
        end: this.end,
        emit: this.#events.emit,
        proxyEvents: this.#clientEvents(),
      });
      this.#beginReady(view);
    } catch (error) {
      if (!this.end.isDecided()) this.#failStart(error as Error);
    }
  }

  #clientEvents(): ProxyEvents {
    const { sessionLog, recording } = this.#resources;
    const { emit } = this.#events;
    const taps = [sessionLog, recording];
    const events = createClientEvents(this.#deadlines, this.#heartbeat, this.end, emit, taps);
    return {
      ...events,
      onCdpClients: (count, left) => {
        this.#clients.onCdpClients(count, left);
        events.onCdpClients(count, left);
      },
    };
  }

  #beginReady(view: PlatformView): void {
    this.#span.end();
    this.#wasReady = true;
    if (this.end.isDecided()) return;
    this.#deadlines.start();
    this.#heartbeat.start();
    this.#events.start();
    this.#watchPages();
    this.#obey(view);
  }

  #watchPages(): void {
    const { chrome } = this.#resources;
    if (chrome === undefined) return;
    this.#pages = watchPages({
      connection: chrome.connection,
      clock: this.#deps.clock,
      emit: this.#events.emit,
      isOutOfMemory: (signal) => chrome.memory.explains(signal),
    });
  }

  #failStart(error: Error): void {
    this.#span.end(error);
    this.#deps.logger.error('the session could not be started', { error });
    this.end.decide(START_FAULTS[error.name] ?? 'start_failed', joinDetails(error.message));
  }

  #obey(view: PlatformView): void {
    if (view.isOver) this.end.decide(view.endReason ?? 'platform_stopping');
    else this.#deadlines.moveExpiry(view.expiresAtMs);
  }

  #shutDown(decision: EndDecision, span: Span): Promise<void> {
    const { assignment, host, api, logger, clock } = this.#deps;
    const { chrome, proxy, folder, egress, sessionLog, downloads, recording } = this.#resources;
    const saved = { resources: this.#resources, emit: this.#events.emit };
    const hasProfileToSave = assignment.settings.context?.persist === true && this.#wasReady;
    return shutDown(decision, {
      proxy,
      chrome,
      egress,
      folder,
      api,
      logger,
      storeLog: sessionLog === undefined ? undefined : (signal) => sessionLog.close(signal),
      finishDownloads: downloads === undefined ? undefined : (signal) => downloads.finish(signal),
      stopRecording: recording === undefined ? undefined : (signal) => recording.stop(signal),
      storeRecording: recording === undefined ? undefined : (signal) => recording.close(signal),
      storeDownloads: downloads === undefined ? undefined : (signal) => downloads.close(signal),
      persist: hasProfileToSave
        ? (signal) => within(span, 'profile.persist', () => saveProfile(this.#deps, saved, signal))
        : undefined,
      timeoutMs: host.times.shutdownTimeoutMs,
      ageMs: () => clock.now() - this.#beganAtMs,
      killNow: this.#stop.killNow,
      tellEvents: () => this.#tellEvents(),
    });
  }

  #tellEvents(): Promise<void> {
    this.#pages?.stop();
    return this.#events.finish();
  }

  #createDeadlines(): Deadlines {
    const { assignment, host, clock } = this.#deps;
    const { settings } = assignment;
    const rules = {
      ...host.times,
      keepAlive: settings.keepAlive,
      connectDeadlineMs: settings.connectDeadlineMs ?? host.times.connectDeadlineMs,
      idleTimeoutMs: settings.idleTimeoutMs ?? (settings.keepAlive ? null : host.times.idleTimeoutMs),
      expiresAtMs: Date.parse(settings.expiresAt),
    };
    return new Deadlines(clock, rules, {
      onEnd: (reason, detail) => this.end.decide(reason, detail),
    });
  }
}

function openLog({ assignment, api, clock, logger }: SessionDeps, emit: Emit): SessionLog {
  const { sessionId } = assignment;
  return new SessionLog({
    sessionId,
    put: putSegmentBy(api),
    clock,
    logger,
    onLost: (rows, reason) => emit('log.lost', { rows, reason: reason.slice(0, 300) }),
  });
}
