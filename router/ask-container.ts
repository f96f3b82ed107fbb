import http, { type IncomingMessage } from 'node:http';
import type { Clock } from '../core/domain/clock.ts';
import type { Address } from '../core/domain/session.ts';
import { failWhenCut } from '../core/server/fail-when-cut.ts';
import { forwardBody } from '../core/server/forward-body.ts';
import type { HeaderList } from '../core/server/forwarded-headers.ts';
import { watchSilence } from '../core/server/watch-silence.ts';
import type { RouterLimits } from './limits.ts';
import { REFUSALS, RefusedError } from './refusals.ts';

/** What a container is asked. */
export interface Call {
  readonly method: string | undefined;
  readonly path: string;
  readonly address: Address;
  readonly headers: HeaderList;
  readonly body?: Buffer;
  /** It goes on as it comes, as fast as the container takes it. */
  readonly file?: { readonly request: IncomingMessage; readonly length: string };
}

interface AnswerTimes extends Pick<RouterLimits, 'answerMs' | 'uploadSilentMs'> {
  readonly clock: Clock;
}

/** The head of its answer. Throws a RefusedError, or the reason of `signal`. */
export function askContainer(
  { method, path, address, headers, body, file }: Call,
  signal: AbortSignal,
  { answerMs, uploadSilentMs, clock }: AnswerTimes,
): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // No kept connections: another session's container may have the address a moment later.
  const request = http.request({ ...address, method, path, agent: false, signal });
  for (const [name, value] of headers) request.appendHeader(name, value);
  const giveUp = () => request.destroy(new Error(`Nothing within ${answerMs} ms`));
  let cancelTimeout = clock.setTimer(answerMs, giveUp);
  if (file !== undefined) {
    // How long that takes is the client's business.
    request.once('socket', (socket) => socket.once('connect', () => cancelTimeout()));
    request.once('finish', () => {
      cancelTimeout = clock.setTimer(answerMs, giveUp);
    });
  }
  request.once('close', () => cancelTimeout());
  request.once('response', (answer) => {
    cancelTimeout();
    failWhenCut(request, answer);
    resolve(answer);
  });
  request.on('error', (cause) =>
    reject(signal.aborted ? signal.reason : new RefusedError(REFUSALS.unreachable, { cause })),
  );
  if (file !== undefined) {
    const onDone = watchSilence(file.request, { silentMs: uploadSilentMs, clock });
    forwardBody(request, file.request, { length: file.length, onDone });
  } else if (body === undefined) request.end();
  else request.setHeader('content-length', body.length).end(body);
  return promise;
}
