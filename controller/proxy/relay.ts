import type { WebSocket } from 'ws';
import type { ChromeChannel } from '../chrome/channel.ts';
import {
  type ClientCommand,
  readClientCommand,
  tooLargeAnswer,
  unknownSessionAnswer,
} from './client-command.ts';
import { CLOSE_NOTES, type CloseNote, fitReason } from './close-codes.ts';
import { inspectCommand } from './inspect-command.ts';
import type { ProxyLimits } from './limits.ts';

export interface RelayEvents {
  /** A message passes; `bytes` is its size. */
  onMessage(direction: 'toChrome' | 'toClient', bytes: number): void;
  /** The client sent Browser.close, and has its answer. */
  onBrowserClose(): void;
  /** The client's socket is closed, and its sessions in Chrome are ended. */
  onEnd(code: number): void;
  onFault(error: Error): void;
}

export interface RelayOptions {
  readonly client: WebSocket;
  readonly chrome: ChromeChannel;
  readonly downloadsFolder: string;
  readonly limits: Pick<
    ProxyLimits,
    'highWaterBytes' | 'lowWaterBytes' | 'maxUnsentBytes' | 'maxMessageBytes' | 'chromeLossGraceMs'
  >;
  readonly events: RelayEvents;
}

export interface Relay {
  /** Closes the client's socket with a code and a sentence. */
  close(note: CloseNote): void;
  /** Cuts it at once. */
  cut(): void;
}

/** Carries messages between one client and its line to Chrome, both ways. */
export function startRelay({ client, chrome, downloadsFolder, limits, events }: RelayOptions): Relay {
  let lossTimer: NodeJS.Timeout | undefined;

  const toClient = createClientSender(client, chrome, limits, () => close(CLOSE_NOTES.tooSlow));
  function toChrome(message: string | Buffer, command: Exclude<ClientCommand, { kind: 'invalid' }>): void {
    // Numbers may be longer than the client wrote them, and Chrome reads its pipe no further than a message too large.
    const isTooLarge = typeof message === 'string' && Buffer.byteLength(message) > limits.maxMessageBytes;
    const outcome = isTooLarge ? 'too large' : chrome.send(message, command.sessionId);
    if (outcome === 'too large') client.send(tooLargeAnswer(command));
    else if (outcome === 'unknown') client.send(unknownSessionAnswer(command));
    else if (outcome === 'full') client.pause();
  }

  function onCommand(command: ClientCommand): void {
    if (command.kind === 'invalid') client.send(command.answer);
    else if (command.kind === 'large') toChrome(command.bytes, command);
    else onParsedCommand(command);
  }

  function onParsedCommand(command: Extract<ClientCommand, { kind: 'parsed' }>): void {
    const inspection = inspectCommand(command.json, downloadsFolder);
    if (inspection.action === 'pass') toChrome(command.text, command);
    else if (inspection.action === 'replace') toChrome(inspection.message, command);
    else {
      client.send(inspection.message);
      if (inspection.closesBrowser) events.onBrowserClose();
    }
  }

  client.on('message', (data: Buffer, isBinary) => {
    if (isBinary) return close(CLOSE_NOTES.binary);
    events.onMessage('toChrome', data.length);
    onCommand(readClientCommand(data));
  });
  client.on('error', events.onFault);
  client.on('close', (code) => {
    clearTimeout(lossTimer);
    chrome.close();
    events.onEnd(code);
  });
  chrome.listen({
    onMessage(message) {
      events.onMessage('toClient', message.length);
      toClient(message);
    },
    onOversized: () => close(CLOSE_NOTES.answerTooLarge),
    onDrain: () => client.resume(),
    onLost(what) {
      if (what === 'page') return close(CLOSE_NOTES.pageGone);
      // All of Chrome is gone: the session's end has the better reason, and is about to come.
      lossTimer = setTimeout(() => close(CLOSE_NOTES.chromeDropped), limits.chromeLossGraceMs);
    },
  });

  const close = ({ code, text }: CloseNote) => {
    clearTimeout(lossTimer);
    // A paused socket would never read the peer's close frame.
    client.resume();
    client.close(code, fitReason(text));
  };
  return { close, cut: () => client.terminate() };
}

/** Sends to the client, tells the channel when it falls behind, and gives it up when it is hopelessly so. */
function createClientSender(
  client: WebSocket,
  chrome: ChromeChannel,
  { highWaterBytes, lowWaterBytes, maxUnsentBytes }: RelayOptions['limits'],
  onTooSlow: () => void,
): (message: Buffer) => void {
  const onFlushed = () => {
    if (client.bufferedAmount <= lowWaterBytes) chrome.setBehind(false);
  };
  return (message) => {
    // A socket that is closing drops the message by itself; its 'close' ends the relay.
    if (client.readyState !== client.OPEN) return;
    if (client.bufferedAmount > 0 && client.bufferedAmount + message.length > maxUnsentBytes)
      return onTooSlow();
    // A small message to a client that has nothing unsent cannot fill it: no need to hear when it is through.
    const canFill = client.bufferedAmount > 0 || message.length > lowWaterBytes;
    client.send(message, { binary: false, compress: false }, canFill ? onFlushed : undefined);
    if (client.bufferedAmount > highWaterBytes) chrome.setBehind(true);
  };
}
