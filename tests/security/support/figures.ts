export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

/** What an attack of a file came to, for its last line. */
export class Figures {
  #tried = 0;
  #refused = 0;
  #worstMs = 0;
  #worst = '';
  #worstBytes = 0;

  /** One input; what it was, how long its answer took, and whether it was refused. */
  note(what: string, ms: number, isRefused: boolean): void {
    this.#tried += 1;
    if (isRefused) this.#refused += 1;
    if (ms <= this.#worstMs) return;
    this.#worstMs = ms;
    this.#worst = what;
  }

  noteMemory(bytes: number): void {
    this.#worstBytes = Math.max(this.#worstBytes, bytes);
  }

  toString(): string {
    const memory = this.#worstBytes === 0 ? '' : `, memory at most ${Math.round(this.#worstBytes / 1e6)} MB`;
    return `${this.#tried} inputs, ${this.#refused} refused, the slowest ${Math.round(this.#worstMs)} ms (${this.#worst})${memory}`;
  }
}
