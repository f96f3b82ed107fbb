import type { Clock } from '../../core/domain/clock.ts';
import { logEvent } from '../../core/log/log-event.ts';
import type { Logger } from '../../core/log/logger.ts';
import { RequestFailedError } from '../container-api/http-request.ts';
import { DOWNLOAD_LIMITS, type DownloadLimits } from './limits.ts';
import { DownloadsUnderWay } from './under-way.ts';
import type { DownloadListener, DownloadWatch, FinishedDownload } from './watch-downloads.ts';

type Finished = FinishedDownload & { readonly finishedAtMs: number };

export interface SessionDownloadsDeps {
  readonly store: (
    download: Finished,
    signal: AbortSignal,
  ) => Promise<{ readonly filename: string; readonly sizeBytes: number }>;
  /** Removes a file that is not stored. */
  readonly discard: (path: string) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** It is listed under this name. */
  onStored?(download: { readonly id: string; readonly filename: string; readonly sizeBytes: number }): void;
  /** Nobody will find it, and why. */
  onLost?(download: { readonly id: string; readonly filename: string }, reason: string): void;
  readonly limits?: DownloadLimits;
}

const CANCELLED = 'it was cancelled, or its connection broke';
const CUT = 'the session ended before it was whole';

/** What one session downloads: stored while it runs, two files at a time; the store may be down for a while. */
export class SessionDownloads implements DownloadListener {
  readonly #deps: SessionDownloadsDeps;
  readonly #limits: DownloadLimits;
  readonly #waiting: Finished[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #abandoned = new AbortController();
  readonly #bytes = new Map<string, number>();
  readonly #underWay: DownloadsUnderWay;
  /** Are told to be lost, whatever Chrome still says of them. */
  readonly #refused = new Set<string>();
  #watch: Pick<DownloadWatch, 'cancel' | 'nameOf'> | undefined;
  #lastFinishedAtMs = 0;
  #endPauses: (() => void)[] = [];
  #isEnding = false;
  #isClosing = false;

  constructor(deps: SessionDownloadsDeps) {
    this.#deps = deps;
    this.#limits = deps.limits ?? DOWNLOAD_LIMITS;
    this.#underWay = new DownloadsUnderWay(deps.clock, this.#limits.stalledMs);
  }

  follow(watch: Pick<DownloadWatch, 'listen' | 'cancel' | 'nameOf'>): void {
    this.#watch = watch;
    watch.listen(this);
  }

  onBytes(id: string, bytes: number): void {
    if (this.#refused.has(id)) return;
    this.#underWay.note(id, bytes);
    this.#bytes.set(id, bytes);
    const all = [...this.#bytes.values()].reduce((sum, each) => sum + each, 0);
    const { fileBytes, sessionBytes, files } = this.#limits;
    if (bytes <= fileBytes && all <= sessionBytes && this.#bytes.size <= files) return;
    this.#refused.add(id);
    this.#forget(id);
    const reason = 'it is more than a session keeps, and was cancelled';
    logEvent(this.#deps.logger, 'download.lost', { outcome: 'cancelled', downloadId: id, bytes, reason });
    this.#deps.onLost?.({ id, filename: this.#watch?.nameOf(id) ?? '' }, reason);
    void this.#watch?.cancel(id);
  }

  onFinished(download: FinishedDownload): void {
    this.#underWay.end(download.id);
    if (this.#refused.delete(download.id)) {
      this.#discard(download);
      return;
    }
    // No two of a session at the same moment: the moment is what tells apart files of one name.
    this.#lastFinishedAtMs = Math.max(this.#lastFinishedAtMs + 1, Math.floor(this.#deps.clock.now()));
    this.#waiting.push({ ...download, finishedAtMs: this.#lastFinishedAtMs });
    this.#startNext();
  }

  onGivenUp(id: string, filename: string): void {
    this.#forget(id);
    if (!this.#refused.delete(id)) this.#tellLost({ id, filename }, this.#isEnding ? CUT : CANCELLED);
  }

  /** The session is ending: what gets on is waited for, until `signal` aborts; what begins from now on is not. */
  async finish(signal: AbortSignal): Promise<void> {
    this.#isEnding = true;
    await this.#underWay.settled(signal);
  }

  /** Chrome is gone. Stores what is there, until `signal` aborts. What is left then is lost, and said to be. */
  async close(signal: AbortSignal): Promise<void> {
    this.#isEnding = true;
    this.#isClosing = true;
    for (const id of this.#underWay.ids()) this.onGivenUp(id, this.#watch?.nameOf(id) ?? '');
    this.#wake();
    const abandon = () => {
      this.#abandoned.abort();
      this.#wake();
    };
    signal.addEventListener('abort', abandon, { once: true });
    if (signal.aborted) abandon();
    while (this.#running.size > 0) await Promise.race(this.#running);
    signal.removeEventListener('abort', abandon);
  }

  #startNext(): void {
    while (this.#running.size < this.#limits.atOnce) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      const storing = this.#store(next).finally(() => {
        this.#running.delete(storing);
        this.#startNext();
      });
      this.#running.add(storing);
    }
  }

  async #store(download: Finished): Promise<void> {
    const { store, logger } = this.#deps;
    const { signal } = this.#abandoned;
    const { id: downloadId } = download;
    for (let failures = 0; !signal.aborted; failures += 1) {
      try {
        const { filename, sizeBytes } = await store(download, signal);
        this.#bytes.set(downloadId, sizeBytes);
        this.#deps.onStored?.({ id: downloadId, filename, sizeBytes });
        logger.info('download stored', { downloadId, sizeBytes });
        return;
      } catch (error) {
        if (signal.aborted) break;
        if (!(error instanceof RequestFailedError)) {
          this.#lose(download, (error as Error).message);
          return;
        }
        logger.warn('a download could not be stored yet', { downloadId, error });
        await this.#pause(failures);
      }
    }
    this.#lose(download, 'the session ended before it was stored');
  }

  #forget(id: string): void {
    this.#bytes.delete(id);
    this.#underWay.end(id);
  }

  #lose(download: FinishedDownload, reason: string): void {
    this.#tellLost(download, reason);
    this.#discard(download);
  }

  #tellLost(download: { readonly id: string; readonly filename: string }, reason: string): void {
    logEvent(this.#deps.logger, 'download.lost', { outcome: 'lost', downloadId: download.id, reason });
    this.#deps.onLost?.(download, reason);
  }

  #discard({ id: downloadId, path }: FinishedDownload): void {
    this.#deps.discard(path).catch((error: unknown) => {
      this.#deps.logger.warn('a download that is not kept could not be removed', { downloadId, error });
    });
  }

  /** At the session's end there is no time for long ones. */
  #pause(failures: number): Promise<void> {
    const { retriesAfterMs } = this.#limits;
    const usualMs = retriesAfterMs[Math.min(failures, retriesAfterMs.length - 1)] ?? 0;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#deps.clock.setTimer(this.#isClosing ? HURRIED_MS : usualMs, resolve);
    this.#endPauses.push(() => {
      cancel();
      resolve();
    });
    return promise;
  }

  #wake(): void {
    for (const end of this.#endPauses.splice(0)) end();
  }
}

const HURRIED_MS = 200;
