import { createHash } from 'node:crypto';
import { AwsError } from '../wire/aws-error.ts';
import type { RunTaskInput } from './run-task-input.ts';
import type { Task } from './task.ts';
import type { PlacementFailure } from './task-supervisor.ts';

type Result = Promise<Task | PlacementFailure>;

interface KnownRequest {
  readonly fingerprint: string;
  readonly result: Result;
  taskId?: string;
}

/** RunTask with a client token: the same request again gets the same task, also while the first is under way. */
export class ClientTokens {
  readonly #known = new Map<string, KnownRequest>();

  /** What `start` gives, or has given for this token. */
  once(input: RunTaskInput, start: (input: RunTaskInput) => Result): Result {
    const { clientToken } = input;
    if (clientToken === undefined) return start(input);
    const fingerprint = createHash('sha256').update(JSON.stringify(input)).digest('hex');
    const known = this.#known.get(clientToken) ?? this.#remember(clientToken, fingerprint, start(input));
    if (known.fingerprint === fingerprint) return known.result;
    throw new AwsError('ConflictException', 'The client token was used with other parameters.');
  }

  /** Forgets the tokens of tasks that are forgotten themselves. */
  keep(isKnownTask: (taskId: string) => boolean): void {
    for (const [token, { taskId }] of [...this.#known]) {
      if (taskId !== undefined && !isKnownTask(taskId)) this.#known.delete(token);
    }
  }

  #remember(clientToken: string, fingerprint: string, result: Result): KnownRequest {
    const known: KnownRequest = { fingerprint, result };
    this.#known.set(clientToken, known);
    const forget = () => this.#known.delete(clientToken);
    // A request that started nothing may be made again.
    result.then((task) => {
      if ('id' in task) known.taskId = task.id;
      else forget();
    }, forget);
    return known;
  }
}
