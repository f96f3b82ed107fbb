import type { PageInfo } from '../../core/domain/cast-messages.ts';
import type { ChromeConnection, Json } from '../chrome/connection.ts';
import { CAST_LIMITS } from './limits.ts';

const PAGES = { discover: true, filter: [{ type: 'page' }] };

export interface OpenPagesEvents {
  /** One has come, or is called otherwise. */
  changed(pageId: string, isNew: boolean): void;
  gone(pageId: string): void;
}

/** Which pages are open in a browser, in the order in which they were opened; known while somebody listens. */
export class OpenPages {
  readonly #connection: Pick<ChromeConnection, 'call' | 'listen' | 'closeSession'>;
  readonly #events: OpenPagesEvents;
  readonly #pages = new Map<string, PageInfo>();
  #listening: Promise<string> | undefined;

  constructor(
    connection: Pick<ChromeConnection, 'call' | 'listen' | 'closeSession'>,
    events: OpenPagesEvents,
  ) {
    this.#connection = connection;
    this.#events = events;
  }

  /** Resolves when the pages that are there are known. */
  async listen(): Promise<void> {
    this.#listening ??= this.#start();
    await this.#listening;
  }

  stop(): void {
    const listening = this.#listening;
    this.#listening = undefined;
    this.#pages.clear();
    listening?.then(
      (watcher) => this.#connection.closeSession(watcher),
      () => undefined,
    );
  }

  has(pageId: string): boolean {
    return this.#pages.has(pageId);
  }

  get(pageId: string): PageInfo | undefined {
    return this.#pages.get(pageId);
  }

  newest(): string | undefined {
    return [...this.#pages.keys()].at(-1);
  }

  all(): readonly PageInfo[] {
    return [...this.#pages.values()];
  }

  /** Chrome does not always tell of a new title by itself. */
  rename(pageId: string, { title, url }: { readonly title: string; readonly url: string }): void {
    if (this.#pages.has(pageId)) this.#pages.set(pageId, pageInfo(pageId, title, url));
  }

  async #start(): Promise<string> {
    const { sessionId } = await this.#connection.call('Target.attachToBrowserTarget');
    const watcher = String(sessionId);
    this.#connection.listen(watcher, (method, params) => this.#take(method, params));
    // Chrome tells of each page that is there before it answers.
    await this.#connection.call('Target.setDiscoverTargets', PAGES, watcher);
    return watcher;
  }

  #take(method: string, params: Json): void {
    if (method === 'Target.targetDestroyed') {
      const pageId = String(params.targetId);
      this.#pages.delete(pageId);
      this.#events.gone(pageId);
    }
    if (method !== 'Target.targetCreated' && method !== 'Target.targetInfoChanged') return;
    const { targetId, type, title, url } = params.targetInfo as Json;
    if (type !== 'page') return;
    const pageId = String(targetId);
    const isNew = !this.#pages.has(pageId);
    if (isNew && this.#pages.size >= CAST_LIMITS.maxPages) return;
    this.#pages.set(pageId, pageInfo(pageId, String(title), String(url)));
    this.#events.changed(pageId, isNew);
  }
}

/** As viewers are told of it: a page may call itself what it likes. */
export const pageInfo = (id: string, title: string, url: string): PageInfo => ({
  id,
  title: title.slice(0, CAST_LIMITS.maxTitleCharacters),
  url: url.slice(0, CAST_LIMITS.maxUrlCharacters),
});
