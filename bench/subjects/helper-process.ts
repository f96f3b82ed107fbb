/** A file of the bench in a process of its own: it says what there is to know, once, and ends when it is let go. */
import { fork } from 'node:child_process';
import { once } from 'node:events';

export interface HelperProcess<Said> {
  readonly said: Said;
  /** Resolves when it has ended. */
  end(): Promise<void>;
}

/** Rejects when it ends before it has said anything. */
export async function startHelper<Said>(
  file: URL,
  args: readonly string[] = [],
): Promise<HelperProcess<Said>> {
  const child = fork(file, [...args]);
  const ended = once(child, 'exit');
  const early = ended.then(([code]) => Promise.reject(new Error(`${file.pathname} ended with ${code}`)));
  const [said] = await Promise.race([once(child, 'message'), early]);
  early.catch(() => undefined);
  return {
    said: said as Said,
    async end() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
