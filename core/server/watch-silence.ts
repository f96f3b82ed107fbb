import type { IncomingMessage } from 'node:http';
import { type Clock, repeat } from '../domain/clock.ts';

/** Cuts a request off of whose body nothing came for `silentMs`. Returns how to stop. */
export function watchSilence(
  request: IncomingMessage,
  {
    silentMs,
    clock,
    onBytes,
  }: { readonly silentMs: number; readonly clock: Clock; readonly onBytes?: () => void },
): () => void {
  let lastBytes = request.socket.bytesRead;
  const stop = repeat(clock, silentMs, () => {
    const { bytesRead } = request.socket;
    if (bytesRead === lastBytes && !request.complete)
      request.destroy(new Error(`Nothing came for ${silentMs} ms`));
    else onBytes?.();
    lastBytes = bytesRead;
  });
  request.once('close', stop);
  return stop;
}
