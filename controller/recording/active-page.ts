import type { Clock } from '../../core/domain/clock.ts';
import { RECORDER_LIMITS, type RecorderLimits } from './limits.ts';

type Limits = Pick<RecorderLimits, 'quietMs' | 'turnMs' | 'idleMs'>;

/**
 * Which page is to be recorded: the one that clients speak to. One at a time, since Chrome paints a page for as long as it is
 * recorded; none while nobody says anything. Clients on two pages have them recorded in turns.
 */
export class ActivePage {
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #onChange: (targetId: string | undefined) => void;
  readonly #spokenAtMs = new Map<string, number>();
  #current: string | undefined;
  #sinceMs = 0;
  #cancelLook: (() => void) | undefined;

  constructor(
    clock: Clock,
    onChange: (targetId: string | undefined) => void,
    limits: Limits = RECORDER_LIMITS,
  ) {
    this.#clock = clock;
    this.#onChange = onChange;
    this.#limits = limits;
  }

  /** A client has asked something of this page. Called for every command: it only notes the time, mostly. */
  spoken(targetId: string): void {
    this.#spokenAtMs.set(targetId, this.#clock.now());
    if (this.#current === undefined) this.#change(targetId);
    else this.#cancelLook ??= this.#clock.setTimer(this.#limits.quietMs, () => this.#look());
  }

  gone(targetId: string): void {
    this.#spokenAtMs.delete(targetId);
    if (this.#current === targetId) this.#change(this.#latestOther());
  }

  /** Nothing is to be recorded any more. */
  stop(): void {
    this.#spokenAtMs.clear();
    this.#cancelLook?.();
    if (this.#current !== undefined) this.#change(undefined);
    this.#cancelLook?.();
  }

  #look(): void {
    this.#cancelLook = undefined;
    const now = this.#clock.now();
    const { quietMs, turnMs, idleMs } = this.#limits;
    const silentMs = now - (this.#spokenAtMs.get(this.#current ?? '') ?? 0);
    const other = this.#latestOther();
    const isWanted = other !== undefined && now - (this.#spokenAtMs.get(other) ?? 0) < idleMs;
    if (isWanted && (silentMs >= quietMs || now - this.#sinceMs >= turnMs)) this.#change(other);
    else if (silentMs >= idleMs) this.#change(undefined);
    if (this.#current !== undefined) this.#cancelLook = this.#clock.setTimer(quietMs, () => this.#look());
  }

  /** The page, other than the current one, that was spoken to last, and after the current one's turn had begun. */
  #latestOther(): string | undefined {
    const others = [...this.#spokenAtMs].filter(
      ([targetId, atMs]) => targetId !== this.#current && atMs >= this.#sinceMs,
    );
    return others.sort(([, a], [, b]) => b - a)[0]?.[0];
  }

  #change(targetId: string | undefined): void {
    this.#current = targetId;
    this.#sinceMs = this.#clock.now();
    this.#onChange(targetId);
    if (targetId !== undefined)
      this.#cancelLook ??= this.#clock.setTimer(this.#limits.quietMs, () => this.#look());
  }
}
