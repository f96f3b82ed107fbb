import type { Clock } from '../../core/domain/clock.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { ChannelTap, ChromeChannel } from '../chrome/channel.ts';
import type { ChromeConnection } from '../chrome/connection.ts';
import { RequestFailedError } from '../container-api/http-request.ts';
import { LOG_LIMITS, type LogLimits } from './limits.ts';
import { BROWSER_ITSELF, eventRow, type LogRow } from './log-row.ts';
import { PageNumbers } from './number-pages.ts';
import { SegmentBuffer } from './segment-buffer.ts';
import { type PutSegment, SegmentStore } from './segment-store.ts';
import { ClientTap } from './tap-channel.ts';
import { type PageEvents, watchPages } from './watch-pages.ts';

export interface SessionLogDeps {
  readonly sessionId: string;
  readonly put: PutSegment;
  readonly clock: Clock;
  readonly logger: Logger;
  /** So many rows could not be stored. */
  onLost?(rowCount: number, reason: string): void;
  readonly limits?: LogLimits;
}

/** What is written where something is missing: rows of our own, under names that Chrome has not. */
const LOST = 'Wallcrawler.logRowsLost';
const STOPPED = 'Wallcrawler.logStopped';

/** What clients ask of a session's browser, and what happens in its pages, as rows that are stored while it runs. */
export class SessionLog {
  readonly #deps: SessionLogDeps;
  readonly #limits: LogLimits;
  readonly #pages = new PageNumbers();
  readonly #buffer: SegmentBuffer;
  readonly #store: SegmentStore;
  readonly #taps = new Set<ChannelTap>();
  #bytes = 0;
  #lastAtMs = 0;
  #isFull = false;
  #stopWatching = () => {};

  constructor(deps: SessionLogDeps) {
    this.#deps = deps;
    this.#limits = deps.limits ?? LOG_LIMITS;
    this.#store = new SegmentStore({
      ...deps,
      onLost: (rowCount, reason) => {
        this.#note(LOST, { rowCount, reason });
        deps.onLost?.(rowCount, reason);
      },
      isWorthARetry: (error) => error instanceof RequestFailedError,
    });
    this.#buffer = new SegmentBuffer(deps.clock, (segment) => this.#store.add(segment), this.#limits);
  }

  /** From now on what happens in the pages of this Chrome is written down. A log that fails ends no session. */
  async watch(connection: Pick<ChromeConnection, 'call' | 'listen' | 'closeSession'>): Promise<void> {
    const events: PageEvents = {
      onPage: (targetId) => this.#pages.add(targetId),
      onEvent: (method, pageId, params) => {
        if (!this.#isFull) this.#add(eventRow(method, pageId, params, this.#now()));
      },
    };
    try {
      this.#stopWatching = await watchPages(connection, events);
      if (this.#isFull) this.#stopWatching();
    } catch (error) {
      this.#deps.logger.warn('the session log has no events of pages', { error });
    }
  }

  /** The same for what this client asks. Nothing has passed yet. */
  tap(channel: Pick<ChromeChannel, 'tap'>): void {
    const tap = new ClientTap({
      add: (row) => this.#add(row),
      pageOf: (targetIds) => this.#pages.of(targetIds),
      isFull: () => this.#isFull,
      now: () => this.#now(),
    });
    this.#taps.add(tap);
    channel.tap({
      onCommand: tap.onCommand.bind(tap),
      onMessage: tap.onMessage.bind(tap),
      onClose: () => {
        tap.onClose();
        this.#taps.delete(tap);
      },
    });
  }

  /** Nothing is written any more. Resolves when all is stored that can be until `signal` aborts. */
  async close(signal: AbortSignal): Promise<void> {
    for (const tap of this.#taps) tap.onClose();
    this.#isFull = true;
    this.#buffer.flush();
    await this.#store.flush(signal);
  }

  #add(row: LogRow): void {
    if (this.#isFull) return;
    this.#write(row);
    if (this.#bytes < this.#limits.sessionBytes) return;
    this.#isFull = true;
    this.#stopWatching();
    this.#deps.logger.warn('the session log is full', { bytes: this.#bytes });
    const params = { maxBytes: this.#limits.sessionBytes };
    this.#write(eventRow(STOPPED, BROWSER_ITSELF, params, this.#now()));
  }

  #note(method: string, params: object): void {
    this.#add(eventRow(method, BROWSER_ITSELF, { ...params }, this.#now()));
  }

  /** In the order of their times: a row is written when it is complete. */
  #write(row: LogRow): void {
    const { sessionId } = this.#deps;
    const line = `${JSON.stringify({ ...row, sessionId, timestamp: this.#now() })}\n`;
    const bytes = Buffer.byteLength(line);
    this.#bytes += bytes;
    this.#buffer.add(line, bytes);
  }

  /** Whole milliseconds, never before the last: a clock that is set back does not mix the rows. */
  #now(): number {
    this.#lastAtMs = Math.max(this.#lastAtMs, Math.round(this.#deps.clock.now()));
    return this.#lastAtMs;
  }
}
