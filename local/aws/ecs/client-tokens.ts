import type { RunTaskInput } from './run-task-input.ts';
import type { Task } from './task.ts';
import type { PlacementFailure } from './task-supervisor.ts';

type Result = Promise<Task | PlacementFailure>;

/** RunTask with a client token: the SDK's retry gets the task of the first try, also while that is under way. */
export class ClientTokens {
  readonly #results = new Map<string, Result>();

  /** What `start` gives, or has given for this token. */
  once(input: RunTaskInput, start: (input: RunTaskInput) => Result): Result {
    const { clientToken } = input;
    if (clientToken === undefined) return start(input);
    const known = this.#results.get(clientToken);
    if (known !== undefined) return known;
    const result = start(input);
    this.#results.set(clientToken, result);
    const forget = () => this.#results.delete(clientToken);
    // A request that started nothing may be made again.
    result.then((task) => 'id' in task || forget(), forget);
    return result;
  }

  forget(clientToken: string | undefined): void {
    if (clientToken !== undefined) this.#results.delete(clientToken);
  }
}
