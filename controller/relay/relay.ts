import type { WebSocket } from 'ws';
import type { Clock } from '../../core/domain/clock.ts';
import { type CloseNote, fitReason, PROXY_CLOSES } from '../../core/domain/close-codes.ts';
import type { ChromeChannel } from '../chrome/channel.ts';
import { type ClientBackPressure, createClientBackPressure } from './back-pressure.ts';
import { CHROME_WORDS, errorAnswer } from './chrome-words.ts';
import { type ClientSender, createClientSender } from './client-sender.ts';
import { createForwardCommand } from './forward-command.ts';
import type { RelayLimits } from './limits.ts';
import { isPageMessage } from './page-commands.ts';
import type { ContextProxyOf } from './rewrite-command.ts';
import type { UploadPathOf } from './rewrite-files.ts';
import type { Rights } from './rights.ts';

export interface RelayEvents {
  /** A message passes; `bytes` is its size. */
  onMessage(direction: 'toChrome' | 'toClient', bytes: number): void;
  /** A client that may end the browser sent Browser.close, and has its answer. */
  onBrowserClose(): void;
  /** A new target waits at its start for this client. */
  onWaiting(): void;
  /** The client's socket is closed, and its sessions in Chrome are ended. */
  onEnd(code: number): void;
  onFault(error: Error): void;
}

export interface RelayOptions {
  readonly client: WebSocket;
  readonly chrome: ChromeChannel;
  /** What the client's token lets it do with what it has reached. */
  readonly rights: Rights;
  readonly downloadsFolder: string;
  readonly uploadPathOf: UploadPathOf;
  readonly contextProxy?: ContextProxyOf | undefined;
  readonly limits: Omit<RelayLimits, 'maxUnsentBytes' | 'maxUnfinishedBytes'>;
  readonly clock: Clock;
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

/** Carries messages between one client and its channel to Chrome, both ways. */
export function startRelay(options: RelayOptions): Relay {
  return new ClientRelay(options);
}

class ClientRelay implements Relay {
  readonly #client: WebSocket;
  readonly #chrome: ChromeChannel;
  readonly #options: RelayOptions;
  readonly #backPressure: ClientBackPressure;
  readonly #sender: ClientSender;
  #cancelLossTimer = () => {};

  constructor(options: RelayOptions) {
    const { client, chrome, limits } = options;
    this.#options = options;
    this.#client = client;
    this.#chrome = chrome;
    this.#backPressure = createClientBackPressure(client);
    this.#sender = createClientSender({
      client,
      limits,
      evictSlowest: (bytes) => options.evictSlowest(this, bytes),
      events: { onBehind: () => chrome.setBehind(true), onCaughtUp: () => this.#catchUp() },
    });
    this.#listenToClient();
    this.#listenToChrome();
  }

  close({ code, text }: CloseNote): void {
    this.#cancelLossTimer();
    this.#backPressure.releaseAll();
    this.#client.close(code, fitReason(text));
  }

  cut(): void {
    this.#client.terminate();
  }

  unsentBytes(): number {
    return this.#client.readyState === this.#client.OPEN ? this.#sender.unsentBytes() : 0;
  }

  #listenToClient(): void {
    const { events, rights } = this.#options;
    const forward = createForwardCommand({
      ...this.#options,
      answer: (text) => this.#answer(text),
      onFull: () => this.#backPressure.hold('chrome'),
      onBrowserClose: () => {
        if (rights.has('end')) events.onBrowserClose();
        else this.close(PROXY_CLOSES.browserClosed);
      },
    });
    this.#client.on('message', (data: Buffer, isBinary) => {
      if (isBinary) return this.close(PROXY_CLOSES.binary);
      events.onMessage('toChrome', data.length);
      forward(data);
    });
    this.#client.on('error', events.onFault);
    this.#client.on('close', (code) => {
      this.#cancelLossTimer();
      this.#chrome.close();
      events.onEnd(code);
    });
  }

  #listenToChrome(): void {
    const { events, rights } = this.#options;
    const seesAll = rights.has('browser');
    this.#chrome.listen({
      onMessage: (message) => {
        if (!seesAll && !isPageMessage(message)) return;
        events.onMessage('toClient', message.length);
        this.#sender.send(message);
      },
      onWaiting: events.onWaiting,
      onUnanswered: (id) => this.#answer(errorAnswer(CHROME_WORDS.unknownSession, id)),
      onOversized: () => this.close(PROXY_CLOSES.answerTooLarge),
      onDrain: () => this.#backPressure.release('chrome'),
      onLost: (what) => (what === 'page' ? this.close(PROXY_CLOSES.pageGone) : this.#loseBrowser()),
    });
  }

  /** An answer of the relay's own. Whoever does not read them is not read either: each could be one to junk. */
  #answer(text: string): void {
    this.#sender.send(Buffer.from(text));
    if (this.#sender.isBehind()) this.#backPressure.hold('answers');
  }

  #catchUp(): void {
    this.#chrome.setBehind(false);
    this.#backPressure.release('answers');
  }

  /** All of Chrome is gone: the session's end has the better reason, and is about to come. */
  #loseBrowser(): void {
    const { clock, limits } = this.#options;
    this.#cancelLossTimer = clock.setTimer(limits.chromeLossGraceMs, () =>
      this.close(PROXY_CLOSES.chromeDropped),
    );
  }
}
