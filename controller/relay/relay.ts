import type { WebSocket } from 'ws';
import { type CloseNote, fitReason, PROXY_CLOSES } from '../../core/domain/close-codes.ts';
import type { ChromeChannel } from '../chrome/channel.ts';
import type { ProxyLimits } from '../proxy/limits.ts';
import { createReading } from './back-pressure.ts';
import {
  type ClientCommand,
  readClientCommand,
  tooLargeAnswer,
  unknownSessionAnswer,
} from './client-command.ts';
import { createClientSender } from './client-sender.ts';
import { rewriteCommand } from './rewrite-command.ts';

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
    'highWaterBytes' | 'lowWaterBytes' | 'messageOverheadBytes' | 'maxMessageBytes' | 'chromeLossGraceMs'
  >;
  readonly evictSlowest: (relay: Relay, bytes: number) => boolean;
  readonly events: RelayEvents;
}

export interface Relay {
  /** Closes the client's socket with a code and a sentence. */
  close(note: CloseNote): void;
  /** Cuts it at once. */
  cut(): void;
  /** What waits for the client to read it; 0 when it is being closed. */
  unsentBytes(): number;
}

/** Carries messages between one client and its line to Chrome, both ways. */
export function startRelay(options: RelayOptions): Relay {
  const { client, chrome, downloadsFolder, limits, events } = options;
  const reading = createReading(client);
  let lossTimer: NodeJS.Timeout | undefined;

  /** An answer of the proxy's own. Whoever does not read them is not read either: each could be one to junk. */
  function answer(text: string): void {
    toClient.send(Buffer.from(text));
    if (toClient.isBehind()) reading.hold('answers');
  }

  function toChrome(message: string | Buffer, command: Exclude<ClientCommand, { kind: 'invalid' }>): void {
    // Numbers may be longer than the client wrote them, and Chrome reads its pipe no further than a message too large.
    const isTooLarge = typeof message === 'string' && Buffer.byteLength(message) > limits.maxMessageBytes;
    const outcome = isTooLarge ? 'too large' : chrome.send(message, command.sessionId);
    if (outcome === 'too large') answer(tooLargeAnswer(command));
    else if (outcome === 'unknown') answer(unknownSessionAnswer(command));
    else if (outcome === 'full') reading.hold('chrome');
  }

  function onCommand(command: ClientCommand): void {
    if (command.kind === 'invalid') answer(command.answer);
    else if (command.kind === 'large') toChrome(command.bytes, command);
    else onParsedCommand(command);
  }

  function onParsedCommand(command: Extract<ClientCommand, { kind: 'parsed' }>): void {
    const inspection = rewriteCommand(command.json, downloadsFolder);
    if (inspection.action === 'pass') toChrome(command.text, command);
    else if (inspection.action === 'replace') toChrome(inspection.message, command);
    else {
      answer(inspection.message);
      if (inspection.closesBrowser) events.onBrowserClose();
    }
  }

  client.on('message', (data: Buffer, isBinary) => {
    if (isBinary) return close(PROXY_CLOSES.binary);
    events.onMessage('toChrome', data.length);
    onCommand(readClientCommand(data));
  });
  client.on('error', events.onFault);
  client.on('close', (code) => {
    clearTimeout(lossTimer);
    chrome.close();
    events.onEnd(code);
  });
  const close = ({ code, text }: CloseNote) => {
    clearTimeout(lossTimer);
    reading.releaseAll();
    client.close(code, fitReason(text));
  };
  const relay: Relay = {
    close,
    cut: () => client.terminate(),
    unsentBytes: () => (client.readyState === client.OPEN ? toClient.unsentBytes() : 0),
  };
  const toClient = createClientSender({
    client,
    limits,
    evictSlowest: (bytes) => options.evictSlowest(relay, bytes),
    events: {
      onBehind: () => chrome.setBehind(true),
      onCaughtUp() {
        chrome.setBehind(false);
        reading.release('answers');
      },
    },
  });
  chrome.listen({
    onMessage(message) {
      events.onMessage('toClient', message.length);
      toClient.send(message);
    },
    onOversized: () => close(PROXY_CLOSES.answerTooLarge),
    onDrain: () => reading.release('chrome'),
    onLost(what) {
      if (what === 'page') return close(PROXY_CLOSES.pageGone);
      // All of Chrome is gone: the session's end has the better reason, and is about to come.
      lossTimer = setTimeout(() => close(PROXY_CLOSES.chromeDropped), limits.chromeLossGraceMs);
    },
  });
  return relay;
}
