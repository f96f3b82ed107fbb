import type { CastMessage, MouseMessage } from '../../core/domain/cast-messages.ts';
import type { Clock } from '../../core/domain/clock.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import { CAST_LIMITS } from './limits.ts';
import { type Look, lookAt, pickIn } from './look-at-point.ts';
import type { FrameRef, PageFrames } from './page-frames.ts';

export interface PageFieldsOptions {
  readonly frames: PageFrames;
  readonly clock: Clock;
  /** Nothing can be asked of it now. */
  readonly isBlocked: () => boolean;
  readonly tellAll: (message: CastMessage) => void;
  readonly onFault: (error: unknown) => void;
}

interface Presser {
  tell(message: CastMessage): void;
}

/** What is under the mouse of those who act in a page: its cursor, and the fields whose choices a viewer draws. */
export class PageFields {
  readonly #options: PageFieldsOptions;
  /** Whose press was on a field: the page did not hear of it, and is not to hear of its end. */
  #pressedBy: Presser | undefined;
  /** In which document. */
  #pressedIn: FrameRef | undefined;
  #cancelHover: (() => void) | undefined;
  #hover: { readonly x: number; readonly y: number } | undefined;
  /** One of a kind at a time: a page that hangs owes no more answers than these. */
  readonly #looking = { press: false, hover: false };

  constructor(options: PageFieldsOptions) {
    this.#options = options;
  }

  /** Whether a press, or its end, is on a field whose choice the viewer is to draw; then the page does not hear of it. */
  async takes(presser: Presser, { event, button, x, y }: MouseMessage): Promise<boolean> {
    if (event === 'released' && this.#pressedBy === presser) {
      this.#pressedBy = undefined;
      return true;
    }
    if (event !== 'pressed' || button !== 'left') return false;
    // A page that hangs is clicked all the same.
    const look = await withTimeout(this.#look({ x, y }, 'press'), CAST_LIMITS.lookMs, this.#options.clock);
    if (look?.picker == null) return false;
    this.#pressedBy = presser;
    this.#pressedIn = look.frame;
    presser.tell({ type: 'picker', picker: look.picker });
    return true;
  }

  async pick(values: readonly string[]): Promise<void> {
    if (this.#pressedIn !== undefined) await pickIn(this.#options.frames, this.#pressedIn, values);
  }

  lookSoon(point: { readonly x: number; readonly y: number }): void {
    this.#hover = point;
    const { clock, tellAll, onFault } = this.#options;
    this.#cancelHover ??= clock.setTimer(CAST_LIMITS.hoverMs, () => {
      this.#cancelHover = undefined;
      this.#look(this.#hover ?? point, 'hover').then((look) => {
        if (look !== undefined) tellAll({ type: 'cursor', cursor: look.cursor });
      }, onFault);
    });
  }

  forget(presser: Presser): void {
    if (this.#pressedBy === presser) this.#pressedBy = undefined;
  }

  close(): void {
    this.#cancelHover?.();
  }

  async #look(
    point: { readonly x: number; readonly y: number },
    why: 'press' | 'hover',
  ): Promise<Look | undefined> {
    if (this.#options.isBlocked() || this.#looking[why]) return undefined;
    this.#looking[why] = true;
    try {
      return await lookAt(this.#options.frames, point, why === 'press');
    } finally {
      this.#looking[why] = false;
    }
  }
}
