import type { Socket } from 'node:net';
import { type Clock, repeat } from '../core/domain/clock.ts';

/**
 * Calls `onStall` each time that `socket` has taken nothing for `stallMs` of what waits for it. As long as it does not,
 * nobody reads the other side either, and so nobody hears that it has ended. Returns how to stop.
 */
export function watchStall(socket: Socket, stallMs: number, clock: Clock, onStall: () => void): () => void {
  const takenBytes = () => socket.bytesWritten - socket.writableLength;
  let lastTakenBytes = takenBytes();
  return repeat(clock, stallMs, () => {
    const taken = takenBytes();
    if (socket.writableLength > 0 && taken === lastTakenBytes) onStall();
    lastTakenBytes = taken;
  });
}
