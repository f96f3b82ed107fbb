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
  /** Where it goes when it has got there. */
  next: string | undefined;
  /** It shows the page at work until somebody has chosen one. */
  follows: boolean;
}

/** A page that is watched, from when the first asks for it until the last has left, whoever comes and goes meanwhile. */
interface OpenCast {
  readonly opened: Promise<PageCast>;
  readonly holders: Set<HubViewer>;
}

/**
 * Everybody who watches a session, and the pages that they watch. Costs nothing while nobody does: then no page is attached
 * to, and Chrome is not asked which there are.
 */
export class CastHub {
  readonly #options: CastHubOptions;
  readonly #pages = new Map<string, PageInfo>();
  readonly #casts = new Map<string, OpenCast>();
  readonly #seats = new Map<HubViewer, Seat>();
  #listening: Promise<string> | undefined;
  /** Of the page that clients speak to. */
  #spoken: { readonly pageId: string; readonly atMs: number } | undefined;

  constructor(options: CastHubOptions) {
    this.#options = options;
  }

  /** Resolves when it is shown its page; rejects with a ChromeRefusedError when there is none. */
  async join(viewer: HubViewer): Promise<void> {
    this.#seats.set(viewer, {
      pageId: undefined,
      isMoving: false,
      next: undefined,
      follows: viewer.onlyPageId === null,
    });
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
    if (seat.pageId !== undefined) this.#release(viewer, seat.pageId);
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
    void this.#casts.get(seat.pageId)?.opened.then(
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
    if (seat === undefined) return;
    if (seat.isMoving) {
      seat.next = pageId;
      return;
    }
    if (seat.pageId === pageId) return;
    seat.isMoving = true;
    try {
      const cast = await this.#hold(viewer, pageId);
      // It may have left while the page was opened, and the page may have gone.
      if (this.#seats.get(viewer) !== seat || !this.#casts.has(pageId)) return this.#release(viewer, pageId);
      if (seat.pageId !== undefined) this.#release(viewer, seat.pageId);
      seat.pageId = pageId;
      cast.add(viewer);
      this.#tellPage(viewer, pageId, cast);
      this.#tellPages(viewer);
    } finally {
      seat.isMoving = false;
      this.#goOn(viewer, seat, pageId);
    }
  }

  /** To where it was sent while it was on its way; or anywhere, where that page has gone. */
  #goOn(viewer: HubViewer, seat: Seat, tried: string): void {
    const wanted = seat.next;
    seat.next = undefined;
    if (this.#seats.get(viewer) !== seat) return;
    const isLost = seat.pageId === undefined && viewer.onlyPageId === null;
    const next = wanted !== undefined && this.#pages.has(wanted) ? wanted : isLost && this.#newest();
    if (next && next !== tried) this.#move(viewer, next);
  }

  #hold(viewer: HubViewer, pageId: string): Promise<PageCast> {
    const known = this.#casts.get(pageId) ?? { opened: this.#open(pageId), holders: new Set() };
    this.#casts.set(pageId, known);
    known.holders.add(viewer);
    known.opened.catch(() => this.#release(viewer, pageId));
    return known.opened;
  }

  #open(pageId: string): Promise<PageCast> {
    const { connection, clock, onFault } = this.#options;
    const onHistory = () => this.#pageMoved(pageId);
    return PageCast.open({ connection, clock, pageId, onHistory, onFault: ignoreGone(onFault) });
  }

  #release(viewer: HubViewer, pageId: string): void {
    const known = this.#casts.get(pageId);
    if (known === undefined || !known.holders.delete(viewer)) return;
    const isLast = known.holders.size === 0;
    if (isLast) this.#casts.delete(pageId);
    known.opened.then(
      (cast) => {
        if (!known.holders.has(viewer)) cast.remove(viewer);
        if (isLast) cast.close();
      },
      () => undefined,
    );
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
    this.#casts.get(pageId)?.opened.then(
      (cast) => cast.close(),
      () => undefined,
    );
    this.#casts.delete(pageId);
    for (const [viewer, seat] of this.#seats) {
      const isWatched = seat.pageId === pageId;
      if (isWatched) seat.pageId = undefined;
      if (viewer.onlyPageId === pageId) viewer.pageGone();
      else {
        this.#tellPages(viewer);
        const next = isWatched && !seat.isMoving ? this.#newest() : undefined;
        if (next !== undefined) this.#move(viewer, next);
      }
    }
  }

  /** Chrome does not always tell of a new title by itself. */
  #pageMoved(pageId: string): void {
    void this.#casts.get(pageId)?.opened.then(
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
    // A page that hangs has not said it yet: what Chrome knows of it.
    const page = url === '' ? this.#pages.get(pageId) : infoOf(pageId, title, url);
    if (page !== undefined) viewer.tell({ type: 'page', page, canGoBack, canGoForward });
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
