import type { Clock } from '../../core/domain/clock.ts';
import type { SentCommand } from '../chrome/channel.ts';
import { RECORDER_LIMITS, type RecorderLimits } from './limits.ts';

type Limits = Pick<RecorderLimits, 'closingMs' | 'newPageMs' | 'inactiveMs'>;

/**
 * Which pages are being closed, or may be at once: their recorder is not started then, because that ends all of Chromium
 * (docs/cursed-knowledge.md, 2026-11-29). A page may also refuse to close, so it is for a moment only, as it is for one
 * whose recorder Chrome has just refused to start.
 */
export class Closings {
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #untilMs = new Map<string, number>();
  #allUntilMs = Number.NEGATIVE_INFINITY;
  #wake: (() => void) | undefined;

  constructor(clock: Clock, limits: Limits = RECORDER_LIMITS) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** A page has just been opened. Many live for a moment only. */
  opened(targetId: string): void {
    this.#untilMs.set(targetId, this.#clock.now() + this.#limits.newPageMs);
  }

  /** Chrome records it not just now. */
  inactive(targetId: string): void {
    this.#untilMs.set(targetId, this.#clock.now() + this.#limits.inactiveMs);
  }

  /** A client has sent this, to the first of `targetIds`. */
  note({ method, params }: SentCommand, targetIds: readonly string[]): void {
    if (method === 'Page.close') this.#close(targetIds[0]);
    if (method === 'Target.closeTarget') this.#close(params?.targetId);
    if (method === 'Target.disposeBrowserContext') this.left();
  }

  /** A client has left, and the contexts that it made go with their pages; which ones those are is not known. */
  left(): void {
    this.#allUntilMs = this.#clock.now() + this.#limits.closingMs;
  }

  gone(targetId: string): void {
    this.#untilMs.delete(targetId);
  }

  /** Whether the recorder of this page may be started. */
  isCalm(targetId: string): boolean {
    return this.#waitMs(targetId) === 0;
  }

  /** Resolves when it may, or when somebody wakes who waits. */
  wait(targetId: string): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.setTimer(this.#waitMs(targetId), resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  /** Another page is wanted. */
  wake(): void {
    this.#wake?.();
  }

  #waitMs(targetId: string): number {
    const untilMs = Math.max(this.#allUntilMs, this.#untilMs.get(targetId) ?? Number.NEGATIVE_INFINITY);
    return Math.max(0, untilMs - this.#clock.now());
  }

  #close(targetId: unknown): void {
    if (typeof targetId === 'string') this.#untilMs.set(targetId, this.#clock.now() + this.#limits.closingMs);
  }
}
