import type { CastMessage, PageInfo, ViewerMessage } from '../../core/domain/cast-messages.ts';
import type { Clock } from '../../core/domain/clock.ts';
import {
  type ChromeConnection,
  ChromeGoneError,
  ChromeRefusedError,
  type Json,
} from '../chrome/connection.ts';
import { CAST_LIMITS } from './limits.ts';
import { PageCast, type Watcher } from './page-cast.ts';

const PAGES = { discover: true, filter: [{ type: 'page' }] };

/** A viewer of the hub. */
export interface HubViewer extends Watcher {
  /** The one page that its link is for; null: whichever page of the session. */
  readonly onlyPageId: string | null;
  /** There is nothing to watch any more. */
  pageGone(): void;
}

export interface CastHubOptions {
  readonly connection: Pick<ChromeConnection, 'call' | 'listen' | 'closeSession'>;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

interface Seat {
  pageId: string | undefined;
  /** Another page is being opened for it. */
  isMoving: boolean;
  /** It shows the page at work until somebody has chosen one. */
  follows: boolean;
}

/**
 * Everybody who watches a session, and the pages that they watch. Costs nothing while nobody does: then no page is attached
 * to, and Chrome is not asked which there are.
 */
export class CastHub {
  readonly #options: CastHubOptions;
  readonly #pages = new Map<string, PageInfo>();
  readonly #casts = new Map<string, Promise<PageCast>>();
  readonly #seats = new Map<HubViewer, Seat>();
  #listening: Promise<string> | undefined;
  /** Of the page that clients speak to. */
  #spoken: { readonly pageId: string; readonly atMs: number } | undefined;

  constructor(options: CastHubOptions) {
    this.#options = options;
  }

  /** Resolves when it is shown its page; rejects with a ChromeRefusedError when there is none. */
  async join(viewer: HubViewer): Promise<void> {
    this.#seats.set(viewer, { pageId: undefined, isMoving: false, follows: viewer.onlyPageId === null });
    try {
      await this.#listen();
      const pageId = viewer.onlyPageId ?? this.#newest();
      if (pageId === undefined) viewer.tell({ type: 'pages', pages: [] });
      else if (this.#pages.has(pageId)) await this.#seat(viewer, pageId);
      else viewer.pageGone();
    } catch (error) {
      this.leave(viewer);
      throw error;
    }
  }

  leave(viewer: HubViewer): void {
    const seat = this.#seats.get(viewer);
    if (seat === undefined) return;
    this.#seats.delete(viewer);
    if (seat.pageId !== undefined) this.#vacate(viewer, seat.pageId);
    if (this.#seats.size === 0) this.#stopListening();
  }

  /** Whether it may is for the caller to have looked at. */
  take(viewer: HubViewer, message: ViewerMessage): void {
    const seat = this.#seats.get(viewer);
    if (seat === undefined) return;
    if (message.type === 'watch') {
      if (viewer.onlyPageId !== null || !this.#pages.has(message.pageId)) return;
      seat.follows = false;
      this.#move(viewer, message.pageId);
      return;
    }
    if (seat.pageId === undefined) return;
    void this.#casts.get(seat.pageId)?.then(
      (cast) => {
        if (message.type === 'ack') cast.acknowledge(viewer, message.number);
        else cast.act(viewer, message);
      },
      () => undefined,
    );
  }

  /** A client has sent a command to the first of these targets, which is within the others. */
  noteCommand(targetIds: readonly string[]): void {
    if (this.#seats.size === 0) return;
    const pageId = targetIds.find((targetId) => this.#pages.has(targetId));
    const atMs = this.#options.clock.now();
    const { pageId: current, atMs: lastMs } = this.#spoken ?? { pageId: undefined, atMs: 0 };
    // A word to another page in between is no change.
    if (pageId === undefined || (pageId !== current && atMs - lastMs < CAST_LIMITS.quietMs)) return;
    this.#spoken = { pageId, atMs };
    if (pageId !== current) this.#follow(pageId);
  }

  #follow(pageId: string): void {
    for (const [viewer, seat] of this.#seats) if (seat.follows) this.#move(viewer, pageId);
  }

  #move(viewer: HubViewer, pageId: string): void {
    this.#seat(viewer, pageId).catch((error: unknown) => {
      // It was closed meanwhile: its own end is told by another event.
      if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError))
        this.#options.onFault(error);
    });
  }

  async #seat(viewer: HubViewer, pageId: string): Promise<void> {
    const seat = this.#seats.get(viewer);
    if (seat === undefined || seat.pageId === pageId || seat.isMoving) return;
    seat.isMoving = true;
    try {
      const cast = await this.#open(pageId);
      // It may have left while the page was opened.
      if (this.#seats.get(viewer) !== seat) return this.#closeIfUnwatched(pageId, cast);
      if (seat.pageId !== undefined) this.#vacate(viewer, seat.pageId);
      seat.pageId = pageId;
      cast.add(viewer);
      this.#tellPage(viewer, pageId, cast);
      this.#tellPages(viewer);
    } finally {
      seat.isMoving = false;
    }
  }

  #open(pageId: string): Promise<PageCast> {
    const known = this.#casts.get(pageId);
    if (known !== undefined) return known;
    const { connection, clock, onFault } = this.#options;
    const onHistory = () => this.#pageMoved(pageId);
    const opened = PageCast.open({ connection, clock, pageId, onHistory, onFault: ignoreGone(onFault) });
    this.#casts.set(pageId, opened);
    opened.catch(() => this.#casts.delete(pageId));
    return opened;
  }

  #vacate(viewer: HubViewer, pageId: string): void {
    void this.#casts.get(pageId)?.then(
      (cast) => {
        cast.remove(viewer);
        this.#closeIfUnwatched(pageId, cast);
      },
      () => undefined,
    );
  }

  #closeIfUnwatched(pageId: string, cast: PageCast): void {
    if (cast.isWatched) return;
    this.#casts.delete(pageId);
    cast.close();
  }

  #newest(): string | undefined {
    return [...this.#pages.keys()].at(-1);
  }

  /** From now on, which pages there are. */
  #listen(): Promise<string> {
    this.#listening ??= this.#startListening();
    return this.#listening;
  }

  async #startListening(): Promise<string> {
    const { connection } = this.#options;
    const { sessionId } = await connection.call('Target.attachToBrowserTarget');
    const watcher = String(sessionId);
    connection.listen(watcher, (method, params) => this.#takeTarget(method, params));
    // Chrome tells of each page that is there before it answers.
    await connection.call('Target.setDiscoverTargets', PAGES, watcher);
    return watcher;
  }

  #stopListening(): void {
    const listening = this.#listening;
    this.#listening = undefined;
    this.#pages.clear();
    listening?.then(
      (watcher) => this.#options.connection.closeSession(watcher),
      () => undefined,
    );
  }

  #takeTarget(method: string, params: Json): void {
    if (method === 'Target.targetDestroyed') this.#pageGone(String(params.targetId));
    if (method !== 'Target.targetCreated' && method !== 'Target.targetInfoChanged') return;
    const { targetId, type, title, url } = params.targetInfo as Json;
    if (type !== 'page') return;
    const id = String(targetId);
    const isNew = !this.#pages.has(id);
    if (isNew && this.#pages.size >= CAST_LIMITS.maxPages) return;
    this.#pages.set(id, infoOf(id, String(title), String(url)));
    for (const viewer of this.#seats.keys()) this.#tellPages(viewer);
    if (isNew) this.#follow(id);
  }

  #pageGone(pageId: string): void {
    this.#pages.delete(pageId);
    this.#casts.delete(pageId);
    for (const [viewer, seat] of this.#seats) {
      const isWatched = seat.pageId === pageId;
      if (isWatched) seat.pageId = undefined;
      if (viewer.onlyPageId === pageId) viewer.pageGone();
      else {
        this.#tellPages(viewer);
        const next = isWatched ? this.#newest() : undefined;
        if (next !== undefined) this.#move(viewer, next);
      }
    }
  }

  /** Chrome does not always tell of a new title by itself. */
  #pageMoved(pageId: string): void {
    void this.#casts.get(pageId)?.then(
      (cast) => {
        const { title, url } = cast.history;
        if (this.#pages.has(pageId)) this.#pages.set(pageId, infoOf(pageId, title, url));
        for (const viewer of this.#seats.keys()) this.#tellPages(viewer);
        for (const [viewer, seat] of this.#seats)
          if (seat.pageId === pageId) this.#tellPage(viewer, pageId, cast);
      },
      () => undefined,
    );
  }

  #tellPage(viewer: HubViewer, pageId: string, cast: PageCast): void {
    if (!this.#pages.has(pageId)) return;
    const { title, url, canGoBack, canGoForward } = cast.history;
    viewer.tell({ type: 'page', page: infoOf(pageId, title, url), canGoBack, canGoForward });
  }

  #tellPages(viewer: HubViewer): void {
    if (viewer.onlyPageId !== null) return;
    const message: CastMessage = { type: 'pages', pages: [...this.#pages.values()] };
    viewer.tell(message);
  }
}

const infoOf = (id: string, title: string, url: string): PageInfo => ({
  id,
  title: title.slice(0, CAST_LIMITS.maxTitleCharacters),
  url: url.slice(0, CAST_LIMITS.maxUrlCharacters),
});

/** What is asked of a page that has just gone is refused, and that is all right. */
const ignoreGone =
  (onFault: (error: unknown) => void) =>
  (error: unknown): void => {
    if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) onFault(error);
  };
