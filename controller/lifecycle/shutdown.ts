import { sessionEnded } from '../../core/domain/close-codes.ts';
import { END_REASONS, type EndReason } from '../../core/domain/end-reason.ts';
import { CONTAINER_STOP } from '../../core/domain/timing.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { Chrome, ChromeExit } from '../chrome/launch.ts';
import { describeExit, terminateChrome } from '../chrome/terminate.ts';
import type { ContainerApi } from '../container-api/container-api.ts';
import type { SessionProxy } from '../proxy/server.ts';
import { type EndDecision, joinDetails } from './end-decision.ts';
import type { SessionEgress } from './session-egress.ts';
import type { SessionFolder } from './session-folder.ts';

export interface SavedProfile {
  readonly bytes: number;
  /** What is to be told of a save that is a good one. */
  readonly note?: string | undefined;
}

export interface ShutdownDeps {
  readonly proxy: Pick<SessionProxy, 'endSession' | 'close'> | undefined;
  readonly chrome: Chrome | undefined;
  readonly api: Pick<ContainerApi, 'reportEnded'>;
  /** The browser's way out. */
  readonly egress?: Pick<SessionEgress, 'close' | 'proxyBytes'> | undefined;
  readonly folder: Pick<SessionFolder, 'remove'> | undefined;
  readonly logger: Logger;
  /** Saves the profile, and answers undefined for one that did not change; undefined when this session does not. */
  readonly persist: ((signal: AbortSignal) => Promise<SavedProfile | undefined>) | undefined;
  /** Stores what there is of the session's log until `signal` aborts; undefined when it has none. */
  readonly storeLog?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Takes the last of the recording from Chrome, until `signal` aborts; undefined when there is none. */
  readonly stopRecording?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Stores what of it still waits until `signal` aborts. */
  readonly storeRecording?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Waits for what Chrome is downloading, until `signal` aborts. */
  readonly finishDownloads?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** Stores what was downloaded and still waits until `signal` aborts. */
  readonly storeDownloads?: ((signal: AbortSignal) => Promise<void>) | undefined;
  readonly timeoutMs: number;
  /** Since the session began here. */
  readonly ageMs: () => number;
  /** Aborted: somebody asked twice. What takes time is left undone. */
  readonly killNow: AbortSignal;
  /** Tells the platform what has happened and is not told yet; bounded. */
  readonly tellEvents: () => Promise<void>;
}

// Of the whole time. Chrome writes its profile in far less than a second, but on a starved host may need more.
const DOWNLOAD_SHARE = 0.15;
const CLOSE_SHARE = 0.2;
const TERM_SHARE = 0.05;
const REPORT_SHARE = 0.1;
// A failed start, a refused archive or a crash: there is nothing to save, or nothing that may be.
const NEVER_SAVED: readonly EndReason[] = [
  'start_failed',
  'start_timed_out',
  'bad_archive',
  'browser_crashed',
  'out_of_memory',
];
const BROWSER_DIED: readonly EndReason[] = ['browser_crashed', 'out_of_memory'];

/**
 * Ends a session in the one order that loses nothing: clients are notified first, while their sockets still stand; what
 * Chrome is downloading gets a moment to become whole, and the last of the recording is taken; then it closes and writes its profile; that is saved, and the rest of log, downloads and recording; the platform is notified; the folder goes last, so that
 * nobody is notified of an end whose traces then stay.
 */
export async function shutDown(decision: EndDecision, deps: ShutdownDeps): Promise<void> {
  const { proxy, chrome, logger, timeoutMs } = deps;
  // The container's stop timeout must never be what ends it: a save has all of the time but the report's.
  const killNow = AbortSignal.any([deps.killNow, AbortSignal.timeout(timeoutMs - reportMs(timeoutMs))]);
  logger.info('session ending', { reason: decision.reason, detail: decision.detail });
  const clientsGone = proxy?.endSession(sessionEnded(decision.reason));
  if (chrome !== undefined) {
    const { recordingStopMs } = CONTAINER_STOP;
    await Promise.all([
      deps.stopRecording?.(AbortSignal.any([killNow, AbortSignal.timeout(recordingStopMs)])),
      finishDownloads(decision, chrome, { ...deps, killNow }),
    ]);
  }
  const exit = chrome === undefined ? undefined : await closeChrome(chrome, timeoutMs, killNow);
  deps.egress?.close();
  logger.info('browser closed', { ...exit });
  const [saved] = await Promise.all([
    save(decision, exit, { ...deps, killNow }),
    deps.storeLog?.(AbortSignal.any([killNow, AbortSignal.timeout(CONTAINER_STOP.logFlushMs)])),
    deps.storeRecording?.(AbortSignal.any([killNow, AbortSignal.timeout(CONTAINER_STOP.recordingFlushMs)])),
    deps.storeDownloads?.(AbortSignal.any([killNow, AbortSignal.timeout(CONTAINER_STOP.downloadFlushMs)])),
  ]);
  await clientsGone;
  // Before the end is reported: nothing is heard after it.
  await deps.tellEvents();
  await report(withSave(decision, saved), saved.bytes, deps);
  await deps.folder?.remove();
  await proxy?.close();
  const { reason } = withSave(decision, saved);
  const outcome = END_REASONS[reason].status.toLowerCase();
  const durationMs = deps.ageMs();
  logEvent(logger, 'container.ended', { outcome, reason, durationMs, savedProfileBytes: saved.bytes });
}

/** What is left for the report and the clean-up. */
const reportMs = (timeoutMs: number): number => Math.min(CONTAINER_STOP.reportMs, timeoutMs * REPORT_SHARE);

/** A Chrome that is gone downloads nothing more. */
async function finishDownloads(
  { reason }: EndDecision,
  chrome: Pick<Chrome, 'exited'>,
  { finishDownloads: finish, timeoutMs, killNow }: ShutdownDeps,
): Promise<void> {
  const chromeGone = new AbortController();
  const { downloadFinishMs, hurriedDownloadMs } = CONTAINER_STOP;
  const mostMs = reason === 'platform_stopping' ? hurriedDownloadMs : downloadFinishMs;
  const allowedMs = Math.min(mostMs, timeoutMs * DOWNLOAD_SHARE);
  void chrome.exited.then(() => chromeGone.abort());
  await finish?.(AbortSignal.any([killNow, chromeGone.signal, AbortSignal.timeout(allowedMs)]));
}

async function closeChrome(chrome: Chrome, timeoutMs: number, killNow: AbortSignal): Promise<ChromeExit> {
  return terminateChrome(chrome, {
    closeMs: Math.min(CONTAINER_STOP.chromeCloseMs, timeoutMs * CLOSE_SHARE),
    termMs: timeoutMs * TERM_SHARE,
    killNow,
  });
}

interface Saved {
  /** Of the archive; undefined where none was stored. */
  readonly bytes?: number | undefined;
  readonly note?: string | undefined;
  /** Why the profile, which was to be saved, was not. */
  readonly detail?: string;
}

/** An end that lost its profile is no good end: nobody must take it for one. A worse reason stays the reason. */
function withSave(decision: EndDecision, saved: Saved): EndDecision {
  const { status, text } = END_REASONS[decision.reason];
  const detail = joinDetails(decision.detail, saved.detail, saved.note);
  if (saved.detail === undefined || status === 'FAILED') return { ...decision, detail };
  return { ...decision, reason: 'profile_not_saved', detail: joinDetails(text, detail) };
}

async function save(decision: EndDecision, exit: ChromeExit | undefined, deps: ShutdownDeps): Promise<Saved> {
  const { persist, chrome, logger, killNow } = deps;
  if (persist === undefined || chrome === undefined || exit === undefined) return {};
  if (NEVER_SAVED.includes(decision.reason)) {
    return BROWSER_DIED.includes(decision.reason) ? { detail: 'The profile was not saved' } : {};
  }
  if (exit.code !== 0) return { detail: `The profile was not saved: ${describeExit(exit, chrome, 300)}` };
  try {
    const saved = await persist(killNow);
    if (saved === undefined) logger.info('the profile did not change, and is not saved again');
    return saved ?? {};
  } catch (error) {
    logger.error('the profile was not saved', { error });
    return { detail: `The profile was not saved: ${(error as Error).message}` };
  }
}

async function report(
  decision: EndDecision,
  savedProfileBytes: number | undefined,
  deps: ShutdownDeps,
): Promise<void> {
  const { reason, detail } = decision;
  const proxyBytes = deps.egress?.proxyBytes;
  const body = {
    reason,
    ...(detail === undefined ? {} : { detail }),
    ...(savedProfileBytes === undefined ? {} : { savedProfileBytes }),
    ...(proxyBytes === undefined ? {} : { proxyBytes }),
  };
  const allowedMs = deps.killNow.aborted
    ? CONTAINER_STOP.hurriedReportMs
    : Math.max(CONTAINER_STOP.hurriedReportMs, reportMs(deps.timeoutMs));
  try {
    await deps.api.reportEnded(body, { signal: AbortSignal.timeout(allowedMs), timeoutMs: allowedMs });
  } catch (error) {
    // The platform finds out by itself: the task stops, or its heartbeats do.
    deps.logger.error('the end could not be reported', { error, reason });
  }
}
