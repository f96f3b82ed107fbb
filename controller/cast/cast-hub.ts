import type { CastMessage, ViewerMessage } from '../../core/domain/cast-messages.ts';
import type { Clock } from '../../core/domain/clock.ts';
import { type ChromeConnection, ChromeGoneError, ChromeRefusedError } from '../chrome/connection.ts';
import type { FileChoosers, ViewerFiles } from './file-choosers.ts';
import { HeldCasts } from './held-casts.ts';
import { CAST_LIMITS } from './limits.ts';
import { OpenDialogs } from './open-dialogs.ts';
import { OpenPages, pageInfo } from './open-pages.ts';
import { PageCast, type Watcher } from './page-cast.ts';

/** A viewer of the hub. */
export interface HubViewer extends Watcher {
  /** The one page that its link is for; null: whichever page of the session. */
  readonly onlyPageId: string | null;
  /** There is nothing to watch any more. */
  pageGone(): void;
}

export interface CastHubOptions {
  readonly connection: Pick<ChromeConnection, 'call' | 'listen' | 'closeSession' | 'clientChoosers'>;
  readonly uploads: ViewerFiles;
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

/**
 * Everybody who watches a session, and the pages that they watch. While nobody does, Chrome is not asked which pages there
 * are, and of each that opens only its dialogs are heard of.
 */
export class CastHub {
  readonly #options: CastHubOptions;
  readonly #dialogs: OpenDialogs;
  readonly #pages: OpenPages;
  readonly #casts: HeldCasts;
  readonly #seats = new Map<HubViewer, Seat>();
  /** Of the page that clients speak to. */
  #spoken: { readonly pageId: string; readonly atMs: number } | undefined;

  constructor(options: CastHubOptions) {
    this.#options = options;
    this.#dialogs = new OpenDialogs(options.connection);
    this.#casts = new HeldCasts((pageId) => this.#open(pageId));
    this.#pages = new OpenPages(options.connection, {
      changed: (pageId, isNew) => this.#pageChanged(pageId, isNew),
      gone: (pageId) => this.#pageGone(pageId),
    });
  }

  /** Hears of dialogs, before anybody watches. */
  start(): void {
    this.#dialogs.watch().catch(ignoreGone(this.#options.onFault));
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
      await this.#pages.listen();
      const pageId = viewer.onlyPageId ?? this.#pages.newest();
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
    if (seat.pageId !== undefined) this.#casts.release(viewer, seat.pageId);
    if (this.#seats.size === 0) this.#pages.stop();
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
    this.#casts.withCast(seat.pageId, (cast) => {
      if (message.type === 'ack') cast.acknowledge(viewer, message.number);
      else cast.act(viewer, message);
    });
  }

  /** The choosers of the page that asks by this one; of the page of a link for one. Undefined: it is not open. */
  findChoosers(chooserId: string, onlyPageId: string | null): Promise<FileChoosers | undefined> {
    return this.#casts.findChoosers(chooserId, onlyPageId);
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
    for (const [viewer, seat] of this.#seats)
      if (seat.follows || isLost(viewer, seat)) this.#move(viewer, pageId);
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
      const cast = await this.#casts.hold(viewer, pageId);
      // It may have left while the page was opened, and the page may have gone.
      if (this.#seats.get(viewer) !== seat || !this.#casts.has(pageId))
        return this.#casts.release(viewer, pageId);
      if (seat.pageId !== undefined) this.#casts.release(viewer, seat.pageId);
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
    const isThere = wanted !== undefined && this.#pages.has(wanted);
    const next = isThere ? wanted : isLost(viewer, seat) && this.#pages.newest();
    if (next && next !== tried) this.#move(viewer, next);
  }

  #open(pageId: string): Promise<PageCast> {
    const onHistory = () => this.#pageMoved(pageId);
    const onFault = ignoreGone(this.#options.onFault);
    return PageCast.open({ ...this.#options, dialogs: this.#dialogs, pageId, onHistory, onFault });
  }

  #pageChanged(pageId: string, isNew: boolean): void {
    for (const viewer of this.#seats.keys()) this.#tellPages(viewer);
    if (isNew) this.#follow(pageId);
    // What it says of itself may be older.
    else this.#casts.withCast(pageId, (cast) => cast.readHistory());
  }

  #pageGone(pageId: string): void {
    this.#casts.close(pageId);
    for (const [viewer, seat] of this.#seats) {
      const isWatched = seat.pageId === pageId;
      if (isWatched) seat.pageId = undefined;
      if (viewer.onlyPageId === pageId) viewer.pageGone();
      else {
        this.#tellPages(viewer);
        const next = isWatched && !seat.isMoving ? this.#pages.newest() : undefined;
        if (next !== undefined) this.#move(viewer, next);
      }
    }
  }

  #pageMoved(pageId: string): void {
    this.#casts.withCast(pageId, (cast) => {
      // A new window says that it is nowhere, for longer than it is.
      if (cast.history.url !== '') this.#pages.rename(pageId, cast.history);
      for (const viewer of this.#seats.keys()) this.#tellPages(viewer);
      for (const [viewer, seat] of this.#seats)
        if (seat.pageId === pageId) this.#tellPage(viewer, pageId, cast);
    });
  }

  #tellPage(viewer: HubViewer, pageId: string, cast: PageCast): void {
    if (!this.#pages.has(pageId)) return;
    const { title, url, canGoBack, canGoForward } = cast.history;
    // A page that hangs has not said it yet: what Chrome knows of it.
    const page = url === '' ? this.#pages.get(pageId) : pageInfo(pageId, title, url);
    if (page !== undefined) viewer.tell({ type: 'page', page, canGoBack, canGoForward });
  }

  #tellPages(viewer: HubViewer): void {
    if (viewer.onlyPageId !== null) return;
    const message: CastMessage = { type: 'pages', pages: this.#pages.all() };
    viewer.tell(message);
  }
}

/** The page that it was shown has gone, and there was no other: whether it was chosen or not, the next one is shown. */
const isLost = ({ onlyPageId }: HubViewer, { pageId, isMoving }: Seat): boolean =>
  pageId === undefined && !isMoving && onlyPageId === null;

/** What is asked of a page that has just gone is refused, and that is all right. */
const ignoreGone =
  (onFault: (error: unknown) => void) =>
  (error: unknown): void => {
    if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) onFault(error);
  };
