import type { Clock } from '../../core/domain/clock.ts';

interface Progress {
  readonly bytes: number;
  readonly atMs: number;
}

/** The downloads that Chrome has begun and not ended, and which of them get on. */
export class DownloadsUnderWay {
  readonly #clock: Clock;
  readonly #stalledMs: number;
  readonly #progress = new Map<string, Progress>();
  #onEnd = () => {};

  constructor(clock: Clock, stalledMs: number) {
    this.#clock = clock;
    this.#stalledMs = stalledMs;
  }

  note(id: string, bytes: number): void {
    // Its progress is told as well when there is none.
    if (this.#progress.get(id)?.bytes !== bytes) this.#progress.set(id, { bytes, atMs: this.#clock.now() });
  }

  end(id: string): void {
    if (this.#progress.delete(id)) this.#onEnd();
  }

  ids(): readonly string[] {
    return [...this.#progress.keys()];
  }

  /** Resolves when none of those that are under way now gets on any more, or `signal` aborts. */
  async settled(signal: AbortSignal): Promise<void> {
    const awaited = this.ids();
    for (;;) {
      const stallsAtMs = awaited.map((id) => this.#stallsAtMs(id)).filter((atMs) => atMs > this.#clock.now());
      if (signal.aborted || stallsAtMs.length === 0) return;
      await this.#change(Math.max(...stallsAtMs) - this.#clock.now(), signal);
    }
  }

  #stallsAtMs(id: string): number {
    return (this.#progress.get(id)?.atMs ?? Number.NEGATIVE_INFINITY) + this.#stalledMs;
  }

  /** When one has ended, after so long, or when `signal` aborts. */
  async #change(ms: number, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.#clock.setTimer(ms, resolve);
    this.#onEnd = resolve;
    signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    this.#onEnd = () => {};
    cancel();
  }
}
