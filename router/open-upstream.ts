import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Clock } from '../core/domain/clock.ts';
import type { Address } from '../core/domain/session.ts';
import type { HeaderList } from '../core/server/forwarded-headers.ts';
import type { Refusal } from '../core/server/refusal.ts';
import type { RouterLimits } from './limits.ts';
import { REFUSALS, RefusedError } from './refusals.ts';

interface Timing extends Pick<RouterLimits, 'connectMs' | 'answerMs' | 'keepAliveMs'> {
  readonly clock: Clock;
}

/** Connects to a session's container. Throws a RefusedError, or the reason of `signal`. */
export async function connectToContainer(
  address: Address,
  signal: AbortSignal,
  timing: Timing,
): Promise<Socket> {
  const socket = connect({
    ...address,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: timing.keepAliveMs,
    // The last bytes of one direction may still be under way when the other has ended.
    allowHalfOpen: true,
  });
  const limit = { limitMs: timing.connectMs, clock: timing.clock, refusal: REFUSALS.unreachable };
  await settle(socket, 'connect', signal, limit);
  // From here on whoever uses the socket hears of its end by 'close'.
  socket.on('error', () => undefined);
  return socket;
}

/** The start of an upgrade as the container gets it. Names and values come from Node's parser: no line ends in them. */
export const upgradeHead = (path: string, { host, port }: Address, headers: HeaderList): Buffer =>
  Buffer.from(
    [
      `GET ${path} HTTP/1.1`,
      `Host: ${host.includes(':') ? `[${host}]` : host}:${port}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      ...headers.map(([name, value]) => `${name}: ${value}`),
      '\r\n',
    ].join('\r\n'),
    'latin1',
  );

/** Waits for the first bytes of the container's answer, and leaves them in the socket. */
export async function awaitAnswer(socket: Socket, signal: AbortSignal, timing: Timing): Promise<void> {
  const limit = { limitMs: timing.answerMs, clock: timing.clock, refusal: REFUSALS.silent };
  const first = await settle(socket, 'data', signal, limit);
  socket.pause();
  socket.unshift(first as Buffer);
}

/** The first value of an event. When it does not come, or the socket ends before it, the socket is destroyed. */
async function settle(
  socket: Socket,
  event: 'connect' | 'data',
  signal: AbortSignal,
  { limitMs, clock, refusal }: { limitMs: number; clock: Clock; refusal: Refusal },
): Promise<unknown> {
  const given = new AbortController();
  const giveUp = (cause: unknown) => given.abort(new RefusedError(refusal, { cause }));
  const onAbort = () => given.abort(signal.reason);
  const onEnd = () => giveUp(new Error('The container closed the connection'));
  const cancelTimeout = clock.setTimer(limitMs, () => giveUp(new Error(`Nothing within ${limitMs} ms`)));
  signal.addEventListener('abort', onAbort);
  socket.once('end', onEnd).once('close', onEnd);
  try {
    if (signal.aborted) onAbort();
    const [value] = await once(socket, event, { signal: given.signal });
    return value;
  } catch (cause) {
    socket.on('error', () => undefined).destroy();
    throw given.signal.aborted ? given.signal.reason : new RefusedError(refusal, { cause });
  } finally {
    cancelTimeout();
    signal.removeEventListener('abort', onAbort);
    socket.off('end', onEnd).off('close', onEnd);
  }
}
