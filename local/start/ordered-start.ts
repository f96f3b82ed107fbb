/** Things that are started in an order and stopped in the reverse of it. */
import type { Logger } from '../../core/log/logger.ts';
import { createUndoStack, type Stop } from './undo-stack.ts';

/** Says how something is stopped that has just been started; at once, so that a step can fail half-way. */
export type OnStop = (stop: Stop) => void;

/** Makes something out of what is there already. */
type Step<Given, Made> = (given: Given, onStop: OnStop) => Made | Promise<Made>;

/** What all steps have made, and the one way to stop it: once, in reverse, also when one stop fails. */
export type Started<Parts> = Parts & { close(): Promise<void> };

type NamedStep = readonly [name: string, start: Step<never, unknown>];

/** A list of steps by name. One that stands before what it needs does not compile. */
export class OrderedStart<Given extends object, Parts extends object = Given> {
  readonly #steps: readonly NamedStep[];

  constructor(steps: readonly NamedStep[] = []) {
    this.#steps = steps;
  }

  step<Made>(
    name: string,
    start: Step<Parts, Made>,
  ): OrderedStart<Given, Parts & (Made extends object ? Made : unknown)> {
    return new OrderedStart([...this.#steps, [name, start]]);
  }

  /** All steps of another list, after those of this one. */
  steps<Needed extends object, Made extends object>(
    other: Parts extends Needed ? OrderedStart<Needed, Made> : never,
  ): OrderedStart<Given, Parts & Made> {
    return new OrderedStart([...this.#steps, ...other.#steps]);
  }

  /** Takes the steps one after the other. When one fails, those before it are undone, and the failure is thrown. */
  async run(given: Given): Promise<Started<Parts>> {
    let parts: object & { readonly logger?: Logger } = given;
    const undo = createUndoStack((name, error) =>
      parts.logger?.error('A part did not stop', { name, error }),
    );
    try {
      for (const [name, start] of this.#steps) {
        const made = await start(parts as never, (stop) => undo.push(name, stop));
        parts = { ...parts, ...(made as object | undefined) };
      }
    } catch (error) {
      parts.logger?.error('The start has failed', { error });
      await undo.unwind();
      throw error;
    }
    return { ...(parts as Parts), close: undo.unwind };
  }
}
