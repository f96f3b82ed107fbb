import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../domain/clock.ts';
import { type Refusal, refuseOnSocket } from './refusal.ts';

export const TOO_SLOW: Refusal = { status: 408, message: 'The request took too long' };

/**
 * Ends a request that is not all here after `limitMs`. Node's own limit is one for all requests of a server, and a file may
 * take longer than any other. Returns how to let this one go on.
 */
export function boundRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { limitMs, clock }: { readonly limitMs: number; readonly clock: Clock },
): () => void {
  const { 'content-length': length = '0', 'transfer-encoding': coding } = request.headers;
  if (length === '0' && coding === undefined) return () => undefined;
  const cancel = clock.setTimer(limitMs, () => {
    if (request.complete) return;
    if (response.headersSent) request.destroy();
    else refuseOnSocket(request.socket, TOO_SLOW, clock);
  });
  // A request that was answered before all of it had come does not close when its client leaves: its socket does.
  const { socket } = request;
  const stop = () => {
    cancel();
    socket.off('close', stop);
  };
  request.once('close', stop);
  socket.once('close', stop);
  return stop;
}
