import type { ClientRequest, IncomingMessage } from 'node:http';

/**
 * Node takes a connection that is reset, or that we give up, for the end of a body that ends with its connection. After this
 * whoever reads `answer` fails, as with a body of any other kind that is cut.
 */
export function failWhenCut(request: ClientRequest, answer: IncomingMessage): void {
  request.on('error', (error) => {
    if (!answer.complete) answer.destroy(error);
  });
  // Whoever reads it hears of it.
  answer.on('error', () => undefined);
}
