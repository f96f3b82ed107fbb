import type { FileChoosers } from './file-choosers.ts';
import type { PageCast, Watcher } from './page-cast.ts';

/** A page that is watched, from when the first asks for it until the last has left, whoever comes and goes meanwhile. */
interface HeldCast {
  readonly opened: Promise<PageCast>;
  readonly holders: Set<Watcher>;
}

/** The pages that are watched: each is opened once, however many hold it, and closed when nobody does. */
export class HeldCasts {
  readonly #open: (pageId: string) => Promise<PageCast>;
  readonly #casts = new Map<string, HeldCast>();

  constructor(open: (pageId: string) => Promise<PageCast>) {
    this.#open = open;
  }

  has(pageId: string): boolean {
    return this.#casts.has(pageId);
  }

  /** Rejects when it cannot be opened; then it is not held. */
  hold(viewer: Watcher, pageId: string): Promise<PageCast> {
    const known = this.#casts.get(pageId) ?? { opened: this.#open(pageId), holders: new Set() };
    this.#casts.set(pageId, known);
    known.holders.add(viewer);
    known.opened.catch(() => this.release(viewer, pageId));
    return known.opened;
  }

  release(viewer: Watcher, pageId: string): void {
    const known = this.#casts.get(pageId);
    if (known === undefined || !known.holders.delete(viewer)) return;
    const isLast = known.holders.size === 0;
    if (isLast) this.#casts.delete(pageId);
    whenOpen(known, (cast) => {
      if (!known.holders.has(viewer)) cast.remove(viewer);
      if (isLast) cast.close();
    });
  }

  /** Whoever holds it: its page has gone. */
  close(pageId: string): void {
    whenOpen(this.#casts.get(pageId), (cast) => cast.close());
    this.#casts.delete(pageId);
  }

  /** Does nothing where it is not held. */
  withCast(pageId: string, run: (cast: PageCast) => void): void {
    whenOpen(this.#casts.get(pageId), run);
  }

  /** The choosers of the page that asks by this one; of the page of a link for one. Undefined: it is not open. */
  async findChoosers(chooserId: string, onlyPageId: string | null): Promise<FileChoosers | undefined> {
    for (const [pageId, { opened }] of this.#casts) {
      if (onlyPageId !== null && onlyPageId !== pageId) continue;
      const cast = await opened.catch(() => undefined);
      if (cast?.choosers.isOpen(chooserId) === true) return cast.choosers;
    }
    return undefined;
  }
}

/** Who asked for one that cannot be opened has been told so. */
function whenOpen(held: HeldCast | undefined, run: (cast: PageCast) => void): void {
  held?.opened.then(run, () => undefined);
}
