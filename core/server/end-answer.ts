import type { IncomingMessage, ServerResponse } from 'node:http';
import { systemClock } from '../clock/system-clock.ts';
import type { Clock } from '../domain/clock.ts';
import { CONNECTION } from '../domain/timing.ts';
import { UPLOAD_LIMITS } from '../domain/uploads.ts';
import { watchSilence } from './watch-silence.ts';

// Of what comes after an answer: as much as the largest body that is taken anywhere.
const MAX_DROPPED_BYTES = UPLOAD_LIMITS.maxFileBytes;

const written = new WeakSet<ServerResponse>();

/** Whether an answer that has not ended is waiting for nothing but its request. */
export const isAllWritten = (response: ServerResponse): boolean => written.has(response);

/** Whether something of a request's body has not come yet. */
export const isStillComing = ({ complete, destroyed, headers }: IncomingMessage): boolean =>
  !complete &&
  !destroyed &&
  (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0');

/** Ends an answer whose headers say how long it is with all of its body. Its request may still be coming. */
export function endAnswer(
  response: ServerResponse,
  body: string | Uint8Array,
  clock: Clock = systemClock,
): void {
  if (!isStillComing(response.req)) {
    response.end(body);
    return;
  }
  response.write(body);
  // Those of an answer without a body have not left with it.
  response.flushHeaders();
  endOnceRead(response, clock);
}

/**
 * Ends an answer of which all is written. What still comes of its request is read and dropped before that, for a bounded time:
 * a connection that is closed with bytes unread is reset, and a client that has not read its answer by then has lost it.
 */
export function endOnceRead(response: ServerResponse, clock: Clock = systemClock): void {
  const { req: request } = response;
  written.add(response);
  const cut = () => void request.destroy();
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_DROPPED_BYTES) cut();
  });
  watchSilence(request, { silentMs: CONNECTION.lingerMs, clock });
  request.once('close', clock.setTimer(CONNECTION.dropMs, cut));
  request.once('end', () => response.end());
  request.resume();
}
