import { type RawData, WebSocket } from 'ws';
import type { CastMessage } from '../../core/domain/cast-messages.ts';
import type { Clock } from '../../core/domain/clock.ts';
import { CAST_CLOSES, type CloseNote, fitReason, PROXY_CLOSES } from '../../core/domain/close-codes.ts';
import { createRateLimit } from '../../core/server/rate-limit.ts';
import type { CastHub, HubViewer } from './cast-hub.ts';
import type { Frame } from './frame.ts';
import { CAST_LIMITS } from './limits.ts';
import { isWatching, readViewerMessage, ViewerMessageError } from './read-viewer-message.ts';

export interface ViewerOptions {
  readonly socket: WebSocket;
  readonly hub: Pick<CastHub, 'join' | 'leave' | 'take'>;
  readonly onlyPageId: string | null;
  readonly canAct: boolean;
  readonly clock: Clock;
  readonly events: {
    onEnd(code: number): void;
    onFault(error: unknown): void;
  };
}

/** A person's live view: what its socket says and is told. */
export class Viewer implements HubViewer {
  readonly onlyPageId: string | null;
  readonly canAct: boolean;
  readonly #socket: WebSocket;
  readonly #options: ViewerOptions;

  constructor(options: ViewerOptions) {
    const { socket, hub, onlyPageId, canAct, clock, events } = options;
    this.#options = options;
    this.#socket = socket;
    this.onlyPageId = onlyPageId;
    this.canAct = canAct;
    const rate = createRateLimit({
      burst: CAST_LIMITS.messageBurst,
      perSecond: CAST_LIMITS.messagesPerSecond,
      clock,
    });
    socket.on('message', (data, isBinary) => {
      if (!rate.take()) this.close(CAST_CLOSES.tooMany);
      else if (isBinary) this.close(CAST_CLOSES.binary);
      else this.#take(data);
    });
    socket.on('error', (error) => events.onFault(error));
    socket.on('close', (code) => {
      hub.leave(this);
      events.onEnd(code);
    });
    this.tell({ type: 'hello', mode: canAct ? 'control' : 'view', hasTabs: onlyPageId === null });
    hub.join(this).catch((error: unknown) => {
      events.onFault(error);
      this.close(PROXY_CLOSES.pageGone);
    });
  }

  showFrame({ message }: Frame): void {
    this.#send(message);
  }

  tell(message: CastMessage): void {
    this.#send(JSON.stringify(message));
  }

  pageGone(): void {
    this.close(PROXY_CLOSES.pageGone);
  }

  close({ code, text }: CloseNote): void {
    this.#socket.close(code, fitReason(text));
  }

  cut(): void {
    this.#socket.terminate();
  }

  unsentBytes(): number {
    return this.#socket.readyState === WebSocket.OPEN ? this.#socket.bufferedAmount : 0;
  }

  #send(data: Buffer | string): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    if (this.#socket.bufferedAmount > CAST_LIMITS.maxUnsentBytes) this.close(PROXY_CLOSES.tooSlow);
    else this.#socket.send(data);
  }

  #take(data: RawData): void {
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    try {
      const message = readViewerMessage(data.toString());
      if (!this.canAct && !isWatching(message)) this.close(CAST_CLOSES.viewOnly);
      else this.#options.hub.take(this, message);
    } catch (error) {
      if (!(error instanceof ViewerMessageError)) throw error;
      this.close({ code: CAST_CLOSES.badMessage.code, text: error.message });
    }
  }
}
