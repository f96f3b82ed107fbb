import { BROWSER_ITSELF } from './log-row.ts';

/** The pages of a session by small numbers, in the order in which they came. */
export class PageNumbers {
  readonly #numbers = new Map<string, number>();

  /** The number of this page, which it keeps. */
  add(targetId: string): number {
    const known = this.#numbers.get(targetId);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    this.#numbers.set(targetId, number);
    return number;
  }

  /** Of targets, each of which is within the next one: the number of the first that is a page. */
  of(targetIds: readonly string[]): number {
    const page = targetIds.find((targetId) => this.#numbers.has(targetId));
    return page === undefined ? BROWSER_ITSELF : (this.#numbers.get(page) as number);
  }
}
