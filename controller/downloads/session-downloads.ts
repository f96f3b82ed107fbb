import type { Clock } from '../../core/domain/clock.ts';
import type { Logger } from '../../core/log/logger.ts';
import { RequestFailedError } from '../container-api/http-request.ts';
import { DOWNLOAD_LIMITS, type DownloadLimits } from './limits.ts';
import type { DownloadListener, DownloadWatch, FinishedDownload } from './watch-downloads.ts';

type Finished = FinishedDownload & { readonly finishedAtMs: number };

export interface SessionDownloadsDeps {
  readonly store: (
    download: Finished,
    signal: AbortSignal,
  ) => Promise<{ readonly filename: string; readonly sizeBytes: number }>;
  readonly clock: Clock;
  readonly logger: Logger;
  /** It is listed under this name. */
  onStored?(download: { readonly id: string; readonly filename: string; readonly sizeBytes: number }): void;
  /** Nobody will find it, and why. */
  onLost?(download: { readonly id: string; readonly filename: string }, reason: string): void;
  readonly limits?: DownloadLimits;
}

/** What one session downloads: stored while it runs, two files at a time; the store may be down for a while. */
export class SessionDownloads implements DownloadListener {
  readonly #deps: SessionDownloadsDeps;
  readonly #limits: DownloadLimits;
  readonly #waiting: Finished[] = [];
  readonly #running = new Set<Promise<void>>();
  readonly #abandoned = new AbortController();
  readonly #bytes = new Map<string, number>();
  #watch: Pick<DownloadWatch, 'cancel' | 'nameOf'> | undefined;
  #lastFinishedAtMs = 0;
  #endPauses: (() => void)[] = [];
  #isClosing = false;

  constructor(deps: SessionDownloadsDeps) {
    this.#deps = deps;
    this.#limits = deps.limits ?? DOWNLOAD_LIMITS;
  }

  follow(watch: Pick<DownloadWatch, 'listen' | 'cancel' | 'nameOf'>): void {
    this.#watch = watch;
    watch.listen(this);
  }

  onBytes(id: string, bytes: number): void {
    this.#bytes.set(id, bytes);
    const all = [...this.#bytes.values()].reduce((sum, each) => sum + each, 0);
    const { fileBytes, sessionBytes, files } = this.#limits;
    if (bytes <= fileBytes && all <= sessionBytes && this.#bytes.size <= files) return;
    this.#bytes.delete(id);
    const reason = 'it is more than a session keeps, and was cancelled';
    this.#deps.logger.warn('a download was cancelled', { downloadId: id, bytes, reason });
    this.#deps.onLost?.({ id, filename: this.#watch?.nameOf(id) ?? '' }, reason);
    void this.#watch?.cancel(id);
  }

  onFinished(download: FinishedDownload): void {
    // No two of a session at the same moment: the moment is what tells apart files of one name.
    this.#lastFinishedAtMs = Math.max(this.#lastFinishedAtMs + 1, Math.floor(this.#deps.clock.now()));
    this.#waiting.push({ ...download, finishedAtMs: this.#lastFinishedAtMs });
    this.#startNext();
  }

  /** Stores what is there, until `signal` aborts. What is left then is lost, and said to be. */
  async close(signal: AbortSignal): Promise<void> {
    this.#isClosing = true;
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

  #lose(download: FinishedDownload, reason: string): void {
    this.#deps.logger.error('a download is lost', { downloadId: download.id, reason });
    this.#deps.onLost?.(download, reason);
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
