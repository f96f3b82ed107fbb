import { CAST_LIMITS } from './limits.ts';

/** What a page owes answers to: a number of them, and so many characters. Nobody waits for one. */
export class OwedAnswers {
  readonly #onFault: (error: unknown) => void;
  #count = 0;
  #characters = 0;
  #hasSaidBusy = false;

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault;
  }

  /** Asks, if there is room for one more; else it is `onBusy`, once until all are answered. */
  ask(characters: number, run: () => Promise<unknown>, onBusy: () => void): void {
    const { maxUnanswered, maxUnansweredCharacters } = CAST_LIMITS;
    if (this.#count >= maxUnanswered || this.#characters + characters > maxUnansweredCharacters) {
      if (!this.#hasSaidBusy) onBusy();
      this.#hasSaidBusy = true;
      return;
    }
    this.#count += 1;
    this.#characters += characters;
    run()
      .catch(this.#onFault)
      .finally(() => {
        this.#count -= 1;
        this.#characters -= characters;
        if (this.#count === 0) this.#hasSaidBusy = false;
      });
  }
}
