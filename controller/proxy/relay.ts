import type { WebSocket } from 'ws';
import { CLOSE_NOTES, type CloseNote, fitReason, noteForClient } from './close-codes.ts';
import type { Inspection } from './inspect-command.ts';
import type { ProxyLimits } from './limits.ts';

export interface RelayEvents {
  /** A message passes; `bytes` is its size. */
  onMessage(direction: 'toChrome' | 'toClient', bytes: number): void;
  /** The client sent Browser.close, and has its answer. */
  onBrowserClose(): void;
  /** Both sockets are done with. */
  onEnd(code: number): void;
  onFault(error: Error): void;
}

export interface RelayOptions {
  readonly client: WebSocket;
  readonly chrome: WebSocket;
  readonly isPage: boolean;
  readonly limits: Pick<ProxyLimits, 'highWaterBytes' | 'lowWaterBytes' | 'chromeLossGraceMs'>;
  readonly inspect: (data: Buffer) => Inspection;
  readonly events: RelayEvents;
}

export interface Relay {
  /** Closes the client's socket with a code and a sentence; Chrome's follows. */
  close(note: CloseNote): void;
  /** Cuts both at once. */
  cut(): void;
}

/** Carries messages between one client and Chrome, both ways, as they are. */
export function startRelay({ client, chrome, isPage, limits, inspect, events }: RelayOptions): Relay {
  let lossTimer: NodeJS.Timeout | undefined;
  const toChrome = createPump(client, chrome, limits);
  const toClient = createPump(chrome, client, limits);

  client.on('message', (data: Buffer, isBinary) => {
    events.onMessage('toChrome', data.length);
    const inspection = inspect(data);
    if (inspection.action === 'pass') toChrome(data, isBinary);
    else if (inspection.action === 'replace') toChrome(Buffer.from(inspection.message), isBinary);
    else {
      client.send(inspection.message);
      if (inspection.closesBrowser) events.onBrowserClose();
    }
  });
  chrome.on('message', (data: Buffer, isBinary) => {
    events.onMessage('toClient', data.length);
    toClient(data, isBinary);
  });

  client.on('error', events.onFault);
  chrome.on('error', (error: Error & { code?: string }) => {
    events.onFault(error);
    if (error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') close(CLOSE_NOTES.messageTooLarge);
  });
  client.on('close', (code) => {
    clearTimeout(lossTimer);
    // Chrome is on loopback and owes nobody a closing handshake.
    chrome.terminate();
    events.onEnd(code);
  });
  chrome.on('close', (code, reason) => {
    const note = noteForClient(code, reason.toString(), isPage);
    // All of Chrome may be gone: then the session's end has the better reason, and is about to come.
    if (code === 1006) lossTimer = setTimeout(() => close(note), limits.chromeLossGraceMs);
    else close(note);
  });

  const close = ({ code, text }: CloseNote) => {
    clearTimeout(lossTimer);
    // A paused socket would never read the peer's close frame.
    client.resume();
    client.close(code, fitReason(text));
  };
  return {
    close,
    cut() {
      client.terminate();
      chrome.terminate();
    },
  };
}

/** Sends to `target`, and stops reading `source` while `target` is the slower one. */
function createPump(
  source: WebSocket,
  target: WebSocket,
  { highWaterBytes, lowWaterBytes }: RelayOptions['limits'],
): (data: Buffer, isBinary: boolean) => void {
  const onFlushed = () => {
    if (source.isPaused && target.bufferedAmount <= lowWaterBytes) source.resume();
  };
  return (data, isBinary) => {
    // A socket that is closing drops the message by itself; its 'close' ends the relay.
    if (target.readyState !== target.OPEN) return;
    // A small message to a target that has nothing unsent cannot fill it: no need to hear when it is through.
    const canFill = target.bufferedAmount > 0 || data.length > lowWaterBytes;
    target.send(data, { binary: isBinary, compress: false }, canFill ? onFlushed : undefined);
    if (target.bufferedAmount > highWaterBytes) source.pause();
  };
}
