import type { ClientRequest, IncomingMessage } from 'node:http';

/**
 * Sends the body of `request` on with `call`, as it comes and as fast as it is taken. Who refuses it answers before it has all
 * of it: what is left is then dropped, and the answer is not lost. `onDone`: nothing is sent on any more.
 */
export function forwardBody(
  call: ClientRequest,
  request: IncomingMessage,
  { length, onDone = () => {} }: { readonly length: string | undefined; readonly onDone?: () => void },
): void {
  const drop = () => {
    onDone();
    request.unpipe(call);
    request.resume();
  };
  // One that closes the connection with bytes unread resets it, and its answer may go with it.
  call.setHeader('connection', 'keep-alive');
  if (length !== undefined) call.setHeader('content-length', length);
  call.once('response', (answer) => {
    drop();
    answer.once('close', () => call.destroy());
  });
  call.once('close', drop);
  request.once('end', onDone);
  request.pipe(call);
}
