import { withSession } from './trailing-session.ts';

export interface ChannelEvents {
  onMessage(message: Buffer): void;
  /** The page, or all of Chrome, is gone. */
  onLost(what: 'page' | 'browser'): void;
  /** Chrome sent a message above the limit; it was dropped. */
  onOversized(): void;
  /** Chrome takes commands again. */
  onDrain(): void;
}

/** A client's own channel to Chrome. */
export interface ChromeChannel {
  /** From now on events are delivered; what came before is delivered first. */
  listen(events: ChannelEvents): void;
  /**
   * Sends a command, as JSON text of an object with an id: to the session of CDP it names, or to the channel's own.
   * `unknown`: that session is not this client's. `full`: sent, but send no more until `onDrain`.
   */
  send(message: string | Buffer, cdpSessionId: string | undefined): 'sent' | 'full' | 'unknown';
  /** Whether the client has fallen behind; Chrome waits for it where that harms nobody else. */
  setBehind(isBehind: boolean): void;
  /** Ends all its sessions in Chrome. No event comes after it. */
  close(): void;
}

/** What the connection sees of a channel. */
export interface HostedChannel extends ChromeChannel {
  readonly rootCdpSessionId: string;
  deliver(message: Buffer): void;
  drained(): void;
  lost(what: 'page' | 'browser'): void;
  oversized(): void;
  isBehind(): boolean;
}

export interface ChannelHost {
  owns(channel: HostedChannel, cdpSessionId: string): boolean;
  write(channel: HostedChannel, message: string | Buffer): boolean;
  updateFlow(): void;
  leave(channel: HostedChannel): void;
}

const DEAF: ChannelEvents = { onMessage() {}, onLost() {}, onOversized() {}, onDrain() {} };

export function createChannel(host: ChannelHost, rootCdpSessionId: string): HostedChannel {
  let events: ChannelEvents | null = null;
  let early: ((events: ChannelEvents) => void)[] = [];
  let isBehind = false;

  const notify = (event: (events: ChannelEvents) => void) => {
    if (events === null) early.push(event);
    else event(events);
  };
  const channel: HostedChannel = {
    rootCdpSessionId,
    listen(listener) {
      events = listener;
      const kept = early;
      early = [];
      // It may be closed by one of them.
      for (const event of kept) if (events === listener) event(listener);
    },
    send(message, cdpSessionId) {
      if (cdpSessionId !== undefined && !host.owns(channel, cdpSessionId)) return 'unknown';
      const addressed =
        cdpSessionId === undefined ? withSession(message.toString(), rootCdpSessionId) : message;
      return host.write(channel, addressed) ? 'sent' : 'full';
    },
    setBehind(value) {
      if (value === isBehind) return;
      isBehind = value;
      host.updateFlow();
    },
    close() {
      events = DEAF;
      host.leave(channel);
    },
    deliver: (message) =>
      events === null ? notify((them) => them.onMessage(message)) : events.onMessage(message),
    drained: () => events?.onDrain(),
    lost: (what) => notify((them) => them.onLost(what)),
    oversized: () => notify((them) => them.onOversized()),
    isBehind: () => isBehind,
  };
  return channel;
}
