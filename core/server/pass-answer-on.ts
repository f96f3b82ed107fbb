import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { endOnceRead, isStillComing } from './end-answer.ts';

/**
 * Ends an answer that has begun and that nobody is to take for whole. By a reset: to who speaks HTTP/1.0, such as nginx where
 * it is not told otherwise, the end of the connection is the end of the body.
 */
export function cutAnswer(response: ServerResponse): void {
  response.socket?.resetAndDestroy();
  response.destroy();
}

/** The body of an answer from behind, to its end. Where it breaks off, `response` is cut, and this rejects. */
export async function passAnswerOn(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  // Before the pipeline hears of it, which would close the connection as if all had been said.
  answer.once('error', () => cutAnswer(response));
  if (!isStillComing(response.req)) return pipeline(answer, response);
  response.flushHeaders();
  await pipeline(answer, response, { end: false });
  endOnceRead(response);
}
