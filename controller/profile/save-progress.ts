import type { Clock } from '../../core/domain/clock.ts';

type Step = 'packed' | 'sent';

/** A save that came to no end. Its message says how far it came, for whoever must give it more time or less to do. */
export class SaveNotFinishedError extends Error {
  override readonly name = 'SaveNotFinishedError';
}

const size = (bytes: number): string =>
  bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;

/** How far a save has come: first packed, of the profile's own size, then sent, of the archive's. */
export class SaveProgress {
  readonly #clock: Pick<Clock, 'now'>;
  #step: Step | undefined;
  #doneBytes = 0;
  #ofBytes = 0;
  #startedAtMs = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** Each attempt begins at nothing again. */
  begin(step: Step, ofBytes: number): void {
    this.#step = step;
    this.#ofBytes = ofBytes;
    this.#doneBytes = 0;
    this.#startedAtMs = this.#clock.now();
  }

  add(bytes: number): void {
    this.#doneBytes += bytes;
  }

  /** "65.9 MB of 75.0 MB were sent in 66.1 s", or undefined before the first step. */
  describe(): string | undefined {
    if (this.#step === undefined) return undefined;
    const seconds = ((this.#clock.now() - this.#startedAtMs) / 1_000).toFixed(1);
    return `${size(this.#doneBytes)} of ${size(this.#ofBytes)} were ${this.#step} in ${seconds} s`;
  }
}
