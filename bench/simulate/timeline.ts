/** What will happen, in order of time; of the same time, in the order in which it was put in. */

interface Entry {
  readonly atMs: number;
  readonly order: number;
  readonly run: (nowMs: number) => void;
}

const isBefore = (a: Entry, b: Entry): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);

/** A binary heap: days have tens of thousands of events. */
export class Timeline {
  readonly #heap: Entry[] = [];
  #order = 0;

  at(atMs: number, run: (nowMs: number) => void): void {
    const heap = this.#heap;
    heap.push({ atMs, order: this.#order++, run });
    for (let index = heap.length - 1; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (!this.#swapIfBefore(index, parent)) return;
      index = parent;
    }
  }

  /** Runs everything before `untilMs`, also what is put in meanwhile. */
  runUntil(untilMs: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.atMs < untilMs; next = this.#heap[0]) {
      this.#removeFirst();
      next.run(next.atMs);
    }
  }

  #removeFirst(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    heap[0] = last;
    for (let index = 0; ; ) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = this.#isFirst(right, left) ? right : left;
      if (child >= heap.length || !this.#swapIfBefore(child, index)) return;
      index = child;
    }
  }

  #isFirst(right: number, left: number): boolean {
    const [a, b] = [this.#heap[right], this.#heap[left]];
    return a !== undefined && b !== undefined && isBefore(a, b);
  }

  #swapIfBefore(lower: number, upper: number): boolean {
    const [a, b] = [this.#heap[lower], this.#heap[upper]];
    if (a === undefined || b === undefined || !isBefore(a, b)) return false;
    this.#heap[lower] = b;
    this.#heap[upper] = a;
    return true;
  }
}
