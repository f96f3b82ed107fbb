import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What `ready` gives, or the error of `fail` when the child cannot be run, ends, or is not ready in time. */
export async function awaitReady<T>(
  child: ChildProcess,
  ready: Promise<T>,
  { limitMs, fail }: { limitMs: number; fail: (what: string, cause?: unknown) => Error },
): Promise<T> {
  const settled = new AbortController();
  const { promise: failed, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(fail('was not ready in time')), limitMs);
  once(child, 'exit', settled).then(
    () => reject(fail('ended while starting')),
    (cause) => reject(fail('cannot be run', cause)),
  );
  try {
    return await Promise.race([ready, failed]);
  } finally {
    clearTimeout(timer);
    settled.abort();
  }
}

/** SIGTERM, and SIGKILL after `limitMs`. Resolves when the child has ended. */
export async function endChild(child: ChildProcess, limitMs: number): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  const lastResort = setTimeout(() => child.kill('SIGKILL'), limitMs);
  await exited;
  clearTimeout(lastResort);
}
