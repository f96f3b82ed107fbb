import type { Clock } from '../../core/domain/clock.ts';
import { RECORDING } from '../../core/domain/recording.ts';
import type { Logger } from '../../core/log/logger.ts';
import { Mp4Error } from '../../core/mp4/boxes.ts';
import type { ChromeChannel, SentCommand } from '../chrome/channel.ts';
import { ChromeGoneError, ChromeRefusedError } from '../chrome/connection.ts';
import { ActivePage } from './active-page.ts';
import { ChunkStore, type ChunkStoreDeps } from './chunk-store.ts';
import { Closings } from './closings.ts';
import { Films } from './films.ts';
import { RECORDER_LIMITS, type RecorderLimits } from './limits.ts';
import type { PageFilm } from './page-film.ts';
import {
  InactivePageError,
  NoRecorderError,
  type RecorderConnection,
  type RunningPart,
  recordPage,
} from './record-page.ts';
import { watchPages } from './watch-pages.ts';

/** What is told of it. */
export interface RecordingEvents {
  onPart(part: {
    readonly page: number;
    readonly part: number;
    readonly bytes: number;
    readonly durationMs: number;
  }): void;
  onLost(bytes: number, reason: string): void;
  /** Nothing more is recorded of this session, or of no more pages. */
  onStopped(reason: string): void;
}

export interface SessionRecordingDeps {
  readonly store: Pick<ChunkStoreDeps, 'putChunk' | 'putIndex' | 'isWorthARetry'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly events: RecordingEvents;
  readonly limits?: RecorderLimits;
}

interface Running {
  readonly targetId: string;
  readonly film: PageFilm;
  readonly part: RunningPart;
  /** What it has come to. */
  readonly size: { bytes: number; durationMs: number };
}

const ACTIVATE = 'Target.activateTarget';

/** The film of a session: of the page that its clients speak to, for as long as they do. One that fails ends no session. */
export class SessionRecording {
  readonly #deps: SessionRecordingDeps;
  readonly #limits: RecorderLimits;
  readonly #store: ChunkStore;
  readonly #films: Films;
  readonly #active: ActivePage;
  readonly #closings: Closings;
  readonly #refused = new Set<string>();
  #connection: RecorderConnection | undefined;
  #running: Running | undefined;
  #wanted: string | undefined;
  #following: Promise<void> | undefined;
  #bytes = 0;
  #durationMs = 0;
  #isOver = false;
  #hasToldOfPages = false;

  constructor(deps: SessionRecordingDeps) {
    this.#deps = deps;
    this.#limits = deps.limits ?? RECORDER_LIMITS;
    const { clock, logger, events } = deps;
    const onLost = (bytes: number, reason: string) => events.onLost(bytes, reason);
    this.#store = new ChunkStore({ ...deps.store, clock, logger, onLost, limits: this.#limits });
    this.#films = new Films((film, chunk) => this.#store.add(film, chunk));
    this.#closings = new Closings(clock, this.#limits);
    this.#active = new ActivePage(clock, (targetId) => this.#follow(targetId), this.#limits);
  }

  /** From now on the pages of this Chrome can be recorded. */
  async watch(connection: RecorderConnection): Promise<void> {
    this.#connection = connection;
    let isLooking = true;
    try {
      await watchPages(connection, {
        onPage: (targetId, url) => {
          if (!isLooking && !this.#films.knows(targetId)) this.#closings.opened(targetId);
          this.#films.note(targetId, url);
        },
        onGone: (targetId) => {
          this.#films.forget(targetId);
          this.#closings.gone(targetId);
          this.#active.gone(targetId);
        },
      });
      isLooking = false;
    } catch (error) {
      this.#deps.logger.warn('nothing is recorded', { error });
    }
  }

  /** What this client speaks to is recorded. */
  tap(channel: Pick<ChromeChannel, 'tap'>): void {
    channel.tap({
      onCommand: (command, _message, targetIds) => this.#note(command, targetIds),
      onMessage() {},
      onClose: () => this.#closings.left(),
    });
  }

  /** The session ends: before Chrome does. Resolves when the last of it is read, or `signal` aborts. */
  async stop(signal: AbortSignal): Promise<void> {
    this.#isOver = true;
    this.#active.stop();
    const { promise: aborted, resolve } = Promise.withResolvers<void>();
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
    await Promise.race([this.#following, aborted]);
  }

  /** Stores what is left, until `signal` aborts. */
  async close(signal: AbortSignal): Promise<void> {
    this.#isOver = true;
    this.#active.stop();
    // Where Chrome did not answer any more.
    this.#running?.film.end();
    await this.#store.flush(signal);
  }

  #note(command: SentCommand, targetIds: readonly string[]): void {
    if (this.#isOver) return;
    this.#closings.note(command, targetIds);
    const { method, params } = command;
    const named = method === ACTIVATE && typeof params?.targetId === 'string' ? [params.targetId] : targetIds;
    const targetId = this.#films.pageIn(named);
    if (targetId !== undefined && !this.#refused.has(targetId)) this.#active.spoken(targetId);
  }

  #follow(targetId: string | undefined): void {
    this.#wanted = targetId;
    this.#closings.wake();
    this.#following ??= this.#catchUp()
      .catch((error: unknown) => {
        this.#deps.logger.error('the recording failed', { error });
        this.#running = undefined;
        this.#giveUp('it failed');
      })
      .finally(() => {
        this.#following = undefined;
      });
  }

  async #catchUp(): Promise<void> {
    while (this.#running?.targetId !== this.#wanted) {
      await this.#end();
      const targetId = this.#wanted;
      if (targetId === undefined) continue;
      if (this.#closings.isCalm(targetId)) await this.#begin(targetId);
      else await this.#closings.wait(targetId);
    }
  }

  async #begin(targetId: string): Promise<void> {
    const film = this.#films.of(targetId);
    const connection = this.#connection;
    if (connection === undefined || film === undefined) {
      if (film === undefined) this.#tellOfPages();
      this.#refuse(targetId);
      return;
    }
    const { clock, logger } = this.#deps;
    const size = { bytes: 0, durationMs: 0 };
    const startedAtMs = clock.now();
    try {
      const part = await recordPage(targetId, {
        connection,
        clock,
        limits: this.#limits,
        onBytes: (bytes) => this.#take(film, size, bytes),
        isWhole: () => film.isWhole,
        onGone: () => this.#active.gone(targetId),
      });
      film.begin(startedAtMs);
      this.#running = { targetId, film, part, size };
    } catch (error) {
      if (error instanceof InactivePageError) return this.#closings.inactive(targetId);
      if (error instanceof NoRecorderError) this.#giveUp('this browser has no recorder');
      else if (!(error instanceof ChromeGoneError || error instanceof ChromeRefusedError)) throw error;
      else logger.info('a page cannot be recorded', { error });
      this.#refuse(targetId);
    }
  }

  async #end(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    await running.part.stop();
    running.film.end();
    this.#running = undefined;
    const { film, size } = running;
    if (size.durationMs > 0) this.#deps.events.onPart({ page: film.page, part: film.part, ...size });
  }

  /** Nothing is recorded of this page, now and later. */
  #refuse(targetId: string): void {
    this.#refused.add(targetId);
    this.#active.gone(targetId);
  }

  /** Once: the pages that have a film go on. */
  #tellOfPages(): void {
    if (this.#hasToldOfPages) return;
    this.#hasToldOfPages = true;
    const reason = `only its first ${RECORDING.maxPages} pages are recorded`;
    this.#deps.logger.warn('a page is not recorded', { reason });
    this.#deps.events.onStopped(reason);
  }

  #take(film: PageFilm, size: Running['size'], bytes: Buffer): void {
    try {
      const durationMs = film.push(bytes);
      size.bytes += bytes.length;
      size.durationMs += durationMs;
      this.#bytes += bytes.length;
      this.#durationMs += durationMs;
      const { sessionBytes, sessionMs } = this.#limits;
      const isFull = this.#bytes >= sessionBytes || this.#durationMs >= sessionMs;
      if (isFull && !this.#isOver) this.#giveUp('it is as long as a recording may be');
    } catch (error) {
      if (!(error instanceof Mp4Error)) throw error;
      this.#deps.logger.warn('Chrome records something else than was expected', { error });
      this.#giveUp('the browser records something else than was expected');
    }
  }

  #giveUp(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#films.stopAll(reason);
    this.#deps.logger.warn('the recording stops', { reason });
    this.#deps.events.onStopped(reason);
    this.#active.stop();
  }
}
