import type { Clock } from '../../core/domain/clock.ts';
import { LOG_LIMITS, type LogLimits } from './limits.ts';

/** Rows that are stored together: JSON lines. */
export interface Segment {
  readonly text: string;
  readonly rowCount: number;
}

/** Collects rows until they are a segment: by its size, or by the time since its first row. */
export class SegmentBuffer {
  readonly #clock: Clock;
  readonly #limits: Pick<LogLimits, 'segmentBytes' | 'segmentMs'>;
  readonly #onSegment: (segment: Segment) => void;
  #lines: string[] = [];
  #bytes = 0;
  #cancelTimer = () => {};

  constructor(
    clock: Clock,
    onSegment: (segment: Segment) => void,
    limits: Pick<LogLimits, 'segmentBytes' | 'segmentMs'> = LOG_LIMITS,
  ) {
    this.#clock = clock;
    this.#onSegment = onSegment;
    this.#limits = limits;
  }

  add(line: string, bytes: number): void {
    if (this.#lines.length === 0)
      this.#cancelTimer = this.#clock.setTimer(this.#limits.segmentMs, () => this.flush());
    this.#lines.push(line);
    this.#bytes += bytes;
    if (this.#bytes >= this.#limits.segmentBytes) this.flush();
  }

  /** What there is becomes a segment now. */
  flush(): void {
    this.#cancelTimer();
    if (this.#lines.length === 0) return;
    const segment = { text: this.#lines.join(''), rowCount: this.#lines.length };
    this.#lines = [];
    this.#bytes = 0;
    this.#onSegment(segment);
  }
}
