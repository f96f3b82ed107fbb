import type { Socket } from 'node:net';
import { REFUSALS, RefusedError } from './refusals.ts';

/** Why an upgrade that was under way is of no use any more. */
export class ClientGoneError extends Error {
  override readonly name = 'ClientGoneError';
}

export interface HeldClient {
  /** Aborts when the client has gone away, or sent more than it may. */
  readonly signal: AbortSignal;
  abort(reason: Error): void;
  /** Stops holding: what the client has sent meanwhile. From here on its socket is the caller's. */
  release(): Buffer;
}

/**
 * Keeps a client's socket while its upgrade is not answered. A socket that nobody reads does not show that the client
 * has gone: so it is read, and what a client says too early is kept for later, to a bound.
 */
export function holdClient(socket: Socket, head: Buffer, maxEarlyBytes: number): HeldClient {
  const gone = new AbortController();
  const early: Buffer[] = [head];
  let earlyBytes = head.length;
  const onGone = () => gone.abort(new ClientGoneError('The client went away'));
  const onData = (chunk: Buffer) => {
    earlyBytes += chunk.length;
    if (earlyBytes <= maxEarlyBytes) early.push(chunk);
    else gone.abort(new RefusedError(REFUSALS.spokeTooEarly));
  };
  socket.once('end', onGone).once('close', onGone).on('data', onData);
  return {
    signal: gone.signal,
    abort: (reason) => gone.abort(reason),
    release() {
      socket.pause();
      socket.off('end', onGone).off('close', onGone).off('data', onData);
      return Buffer.concat(early);
    },
  };
}
