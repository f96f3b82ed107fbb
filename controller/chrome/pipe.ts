import type { Readable, Writable } from 'node:stream';

export class PipeClosedError extends Error {
  override readonly name = 'PipeClosedError';
}

type Answer = {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message?: string };
};

export interface ChromePipe {
  send(method: string): Promise<unknown>;
}

/**
 * CDP over --remote-debugging-pipe: JSON messages, each ended by a NUL. It is the controller's own line to Chrome; no
 * client is ever on it, so it works when the proxy is full or closed.
 */
export function createChromePipe(toChrome: Writable, fromChrome: Readable): ChromePipe {
  const pending = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
  let nextId = 1;
  let isClosed = false;
  let partial = '';

  const close = () => {
    isClosed = true;
    for (const { reject } of pending.values()) reject(new PipeClosedError('Chrome closed its pipe'));
    pending.clear();
  };
  const settle = (message: string) => {
    const answer = JSON.parse(message) as Answer;
    const call = answer.id === undefined ? undefined : pending.get(answer.id);
    if (answer.id === undefined || call === undefined) return;
    pending.delete(answer.id);
    if (answer.error === undefined) call.resolve(answer.result);
    else call.reject(new Error(`Chrome refused: ${answer.error.message ?? 'without a reason'}`));
  };
  fromChrome.setEncoding('utf8').on('data', (chunk: string) => {
    const messages = (partial + chunk).split('\0');
    partial = messages.pop() ?? '';
    messages.forEach(settle);
  });
  for (const stream of [toChrome, fromChrome]) stream.on('error', close).on('close', close);

  return {
    send: (method) =>
      new Promise((resolve, reject) => {
        if (isClosed) return reject(new PipeClosedError('Chrome closed its pipe'));
        const id = nextId++;
        pending.set(id, { resolve, reject });
        toChrome.write(`${JSON.stringify({ id, method })}\0`);
      }),
  };
}
