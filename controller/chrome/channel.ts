import { withSession } from './cdp-session-id.ts';

export interface ChannelEvents {
  onMessage(message: Buffer): void;
  /** The page, or all of Chrome, is gone. */
  onLost(what: 'page' | 'browser'): void;
  /** Chrome sent a message above the limit; it was dropped. */
  onOversized(): void;
  /** Chrome takes commands again. */
  onDrain(): void;
}

/** A client's own line to Chrome. */
export interface ChromeChannel {
  /** From now on events are told; what came before is told first. */
  listen(events: ChannelEvents): void;
  /**
   * Sends a command, as JSON text of an object with an id: to the session it names, or to the channel's own.
   * `unknown`: that session is not this client's. `full`: sent, but send no more until `onDrain`.
   */
  send(message: string | Buffer, sessionId: string | undefined): 'sent' | 'full' | 'unknown';
  /** Whether the client has fallen behind; Chrome waits for it where that harms nobody else. */
  setBehind(isBehind: boolean): void;
  /** Ends all its sessions in Chrome. No event comes after it. */
  close(): void;
}

/** What the connection sees of a channel. */
export interface HostedChannel extends ChromeChannel {
  readonly rootSessionId: string;
  deliver(message: Buffer): void;
  drained(): void;
  lost(what: 'page' | 'browser'): void;
  oversized(): void;
  isBehind(): boolean;
}

export interface ChannelHost {
  owns(channel: HostedChannel, sessionId: string): boolean;
  write(channel: HostedChannel, message: string | Buffer): boolean;
  updateFlow(): void;
  leave(channel: HostedChannel): void;
}

export function createChannel(host: ChannelHost, rootSessionId: string): HostedChannel {
  let events: ChannelEvents | null = null;
  let early: ((events: ChannelEvents) => void)[] = [];
  let isBehind = false;

  const tell = (event: (events: ChannelEvents) => void) => {
    if (events === null) early.push(event);
    else event(events);
  };
  const channel: HostedChannel = {
    rootSessionId,
    listen(listener) {
      events = listener;
      for (const event of early) event(listener);
      early = [];
    },
    send(message, sessionId) {
      if (sessionId !== undefined && !host.owns(channel, sessionId)) return 'unknown';
      const addressed = sessionId === undefined ? withSession(message.toString(), rootSessionId) : message;
      return host.write(channel, addressed) ? 'sent' : 'full';
    },
    setBehind(value) {
      if (value === isBehind) return;
      isBehind = value;
      host.updateFlow();
    },
    close() {
      events = { onMessage() {}, onLost() {}, onOversized() {}, onDrain() {} };
      host.leave(channel);
    },
    deliver: (message) =>
      events === null ? tell((them) => them.onMessage(message)) : events.onMessage(message),
    drained: () => events?.onDrain(),
    lost: (what) => tell((them) => them.onLost(what)),
    oversized: () => tell((them) => them.onOversized()),
    isBehind: () => isBehind,
  };
  return channel;
}
