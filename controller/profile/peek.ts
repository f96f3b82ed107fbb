import type { Readable } from 'node:stream';

/** The first bytes of a stream, at least `bytes` of them where it has so many; whoever reads it next reads them again. */
export async function peek(source: Readable, bytes: number): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < bytes) {
    const chunk = source.read() as Buffer | null;
    if (chunk !== null) head = Buffer.concat([head, chunk]);
    else if (source.readableEnded || !(await hasMore(source))) break;
  }
  if (head.length > 0 && !source.readableEnded && !source.destroyed) source.unshift(head);
  return head;
}

/** Whether there is something to read, or nothing will come any more. */
function hasMore(source: Readable): Promise<boolean> {
  if (source.errored) return Promise.reject(source.errored);
  if (source.destroyed) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    const settle = (settled: () => void) => () => {
      for (const [event, listener] of listeners) source.off(event, listener);
      settled();
    };
    const listeners: readonly (readonly [string, (error: Error) => void])[] = [
      ['readable', settle(() => resolve(true))],
      ['end', settle(() => resolve(false))],
      ['close', settle(() => resolve(false))],
      ['error', (error) => settle(() => reject(error))()],
    ];
    for (const [event, listener] of listeners) source.once(event, listener);
  });
}
