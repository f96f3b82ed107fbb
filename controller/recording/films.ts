import { RECORDING } from '../../core/domain/recording.ts';
import { PageFilm, type ReadyChunk } from './page-film.ts';

/** Where a tab is before it goes anywhere. */
const NOWHERE: readonly string[] = ['', 'about:blank'];

/** The pages of a session, and the films of those that are recorded. */
export class Films {
  readonly #onChunk: (film: PageFilm, chunk: ReadyChunk) => void;
  readonly #urls = new Map<string, string>();
  readonly #films = new Map<string, PageFilm>();

  constructor(onChunk: (film: PageFilm, chunk: ReadyChunk) => void) {
    this.#onChunk = onChunk;
  }

  /** Whether it is a page that is there. */
  knows(targetId: string): boolean {
    return this.#urls.has(targetId);
  }

  note(targetId: string, url: string): void {
    this.#urls.set(targetId, url);
    const film = this.#films.get(targetId);
    if (film !== undefined && !NOWHERE.includes(url)) film.url = url;
  }

  /** A film stays when its page has gone. */
  forget(targetId: string): void {
    this.#urls.delete(targetId);
  }

  /** Of targets, each of which is within the next one: the first that is a page. */
  pageIn(targetIds: readonly string[]): string | undefined {
    return targetIds.find((targetId) => this.#urls.has(targetId));
  }

  /** The film of this page; undefined where there are as many as a session may have. */
  of(targetId: string): PageFilm | undefined {
    const known = this.#films.get(targetId);
    if (known !== undefined || this.#films.size >= RECORDING.maxPages) return known;
    const film: PageFilm = new PageFilm(this.#films.size, (chunk) => this.#onChunk(film, chunk));
    film.url = this.#urls.get(targetId) ?? '';
    this.#films.set(targetId, film);
    return film;
  }

  /** None of them goes on, and why. */
  stopAll(reason: string): void {
    for (const film of this.#films.values()) film.stopped = reason;
  }
}
