import { WebSocket } from 'ws';
import { PROXY_CLOSES } from '../../core/domain/close-codes.ts';

const { messageTooLarge, notUtf8, tooManyFragments } = PROXY_CLOSES;

/** ws closes a socket for its message's size, fragments or encoding with a code and no reason; here it has one. */
export class ClientSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    const note = [messageTooLarge, notUtf8, tooManyFragments].find((known) => known.code === code);
    super.close(code, reason ?? note?.text);
  }
}
