import { WebSocket } from 'ws';
import { CLOSE_NOTES } from './close-codes.ts';

/** ws closes an oversized message's socket with 1009 and no reason; here it has one. */
export class ClientSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    const { messageTooLarge } = CLOSE_NOTES;
    super.close(code, code === messageTooLarge.code && reason === undefined ? messageTooLarge.text : reason);
  }
}
