import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { DeployedFunctions } from '../../contract/support/deployed-functions.ts';

export interface CutInvocation {
  readonly name: string;
  readonly event: object;
  readonly isStreamed: boolean;
}

/** Where a function is cut off: as it asks for its n-th call, from 0; before that is done, or when it is. */
export interface Cut {
  readonly at: number;
  readonly isDone: boolean;
}

/**
 * Runs a function in a process of its own, and kills that at one of its calls of AWS. Answers that call; undefined when it has
 * ended before. Whatever else is asked meanwhile is asked by this function: nobody else may run.
 */
export async function cutOff(
  functions: DeployedFunctions,
  invocation: CutInvocation,
  { at, isDone }: Cut,
): Promise<string | undefined> {
  const child = fork(new URL('function-process.ts', import.meta.url), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  let calls = 0;
  let cutAt: string | undefined;
  const kill = () => void child.kill('SIGKILL');
  functions.setFault((call) => {
    // Once in the life of a function, before it does anything: token-keys.test.ts is about it.
    if (call === 'GetSecretValue' || cutAt !== undefined) return cutAt === undefined ? undefined : 'silent';
    if (calls++ !== at) return undefined;
    cutAt = call;
    if (isDone) return 'unanswered';
    kill();
    return 'silent';
  }, kill);
  await once(child, 'message');
  child.send(invocation);
  await ended;
  functions.setFault(undefined);
  return cutAt;
}
