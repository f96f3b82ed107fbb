import type { Socket } from 'node:net';

/**
 * Calls `onStall` each time that `socket` has taken nothing for `stallMs` of what waits for it. As long as it does not,
 * nobody reads the other side either, and so nobody hears that it has ended. Returns how to stop.
 */
export function watchStall(socket: Socket, stallMs: number, onStall: () => void): () => void {
  const takenBytes = () => socket.bytesWritten - socket.writableLength;
  let lastTakenBytes = takenBytes();
  const timer = setInterval(() => {
    const taken = takenBytes();
    if (socket.writableLength > 0 && taken === lastTakenBytes) onStall();
    lastTakenBytes = taken;
  }, stallMs);
  return () => clearInterval(timer);
}
