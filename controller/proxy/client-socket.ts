import { WebSocket } from 'ws';
import { CLOSE_NOTES } from './close-codes.ts';

const { messageTooLarge, tooManyFragments } = CLOSE_NOTES;

/** ws closes a socket for its message's size or fragments with a code and no reason; here it has one. */
export class ClientSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    const note = [messageTooLarge, tooManyFragments].find((known) => known.code === code);
    super.close(code, reason ?? note?.text);
  }
}
