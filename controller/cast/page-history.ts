import type { Clock } from '../../core/domain/clock.ts';
import type { Json } from '../chrome/connection.ts';
import { isInactivePage } from '../chrome/inactive-page.ts';
import { CAST_LIMITS } from './limits.ts';

/** Where a page stands in its history. */
export interface History {
  readonly canGoBack: boolean;
  readonly canGoForward: boolean;
  readonly title: string;
  readonly url: string;
}

export interface PageHistoryOptions {
  readonly call: (method: string, params?: object) => Promise<Json>;
  readonly clock: Clock;
  /** It can go back or forward now, or no more; or has another address or title. */
  readonly onChange: () => void;
  readonly onFault: (error: unknown) => void;
}

/**
 * A page may have a hundred megabytes of addresses, and go to another each moment: they are asked for one after the other,
 * and for a small part of the time.
 */
export class PageHistory {
  readonly #options: PageHistoryOptions;
  #current: History = { canGoBack: false, canGoForward: false, title: '', url: '' };
  #isClosed = false;
  #isStale = false;
  /** While it is asked for, and while that rests. */
  #cancelRest: (() => void) | undefined;

  constructor(options: PageHistoryOptions) {
    this.#options = options;
  }

  get current(): History {
    return this.#current;
  }

  /** The first time. A page that is between two documents does not say; it is read when it has come to the other. */
  async begin(): Promise<void> {
    try {
      await this.read();
    } catch (error) {
      if (!isInactivePage(error)) throw error;
    }
  }

  async read(): Promise<void> {
    const { currentIndex, entries } = await this.#options.call('Page.getNavigationHistory');
    const index = Number(currentIndex);
    const known = entries as readonly { readonly title: string; readonly url: string }[];
    const { title = '', url = '' } = known[index] ?? {};
    this.#current = { canGoBack: index > 0, canGoForward: index < known.length - 1, title, url };
  }

  async go(steps: number): Promise<void> {
    const { call } = this.#options;
    const { currentIndex, entries } = await call('Page.getNavigationHistory');
    const entry = (entries as readonly { readonly id: number }[])[Number(currentIndex) + steps];
    if (entry !== undefined) await call('Page.navigateToHistoryEntry', { entryId: entry.id });
  }

  /** The page has moved. */
  follow(): void {
    this.#isStale = true;
    if (this.#cancelRest !== undefined) return;
    const { clock, onChange, onFault } = this.#options;
    const startedAtMs = clock.now();
    this.#isStale = false;
    this.#cancelRest = () => undefined;
    const again = () => {
      this.#cancelRest = undefined;
      if (this.#isStale) this.follow();
    };
    this.read()
      .then(() => onChange(), onFault)
      .finally(() => {
        if (this.#isClosed) return;
        const restMs = CAST_LIMITS.historyRest * (clock.now() - startedAtMs);
        this.#cancelRest = clock.setTimer(restMs, again);
      });
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelRest?.();
  }
}
