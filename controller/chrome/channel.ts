import type { Json } from './json.ts';
import type { SendWindow } from './send-window.ts';
import type { OwnedSession } from './session-owners.ts';
import { withSession } from './trailing-session.ts';
import type { WaitingTargets } from './waiting-targets.ts';

export interface ChannelEvents {
  onMessage(message: Buffer): void;
  /** The page, or all of Chrome, is gone. */
  onLost(what: 'page' | 'browser'): void;
  /** The session of CDP in which this was asked has gone, and Chrome says no more. */
  onUnanswered(id: number): void;
  /** A new target waits at its start for this client to let it go on. */
  onWaiting(): void;
  /** Chrome sent a message above the limit; it was dropped. */
  onOversized(): void;
  /** Chrome takes commands again. */
  onDrain(): void;
}

/** What has to be known of a command to send it. */
export interface SentCommand {
  readonly id: number;
  /** Where it was read. */
  readonly method?: string | undefined;
  /** The session of CDP it names; none: the channel's own. */
  readonly cdpSessionId?: string | undefined;
  /** Where they were read. */
  readonly params?: Json | undefined;
}

/** Hears of what passes through a channel, and changes nothing of it. */
export interface ChannelTap {
  /** Sent to Chrome. `targetIds`: the target that it was sent to, and those within which that one is. */
  onCommand(command: SentCommand, message: string | Buffer, targetIds: readonly string[]): void;
  /** From Chrome. */
  onMessage(message: Buffer): void;
  onClose(): void;
}

/** A client's own channel to Chrome. */
export interface ChromeChannel {
  /** From now on events are delivered; what came before is delivered first. */
  listen(events: ChannelEvents): void;
  /**
   * Sends a command, as JSON text of an object with an id.
   * `unknown`: that session is not this client's. `full`: sent, but send no more until `onDrain`.
   */
  send(message: string | Buffer, command: SentCommand): 'sent' | 'full' | 'unknown';
  /** Whether the client has fallen behind; Chrome waits for it where that harms nobody else. */
  setBehind(isBehind: boolean): void;
  /** From now on; beside those that listen already. */
  tap(tap: ChannelTap): void;
  hasWaiting(): boolean;
  /** Lets every target go on that waits for this client. */
  resumeWaiting(): void;
  /** Ends all its sessions in Chrome. No event comes after it. */
  close(): void;
}

/** What the connection sees of a channel. */
export interface HostedChannel extends ChromeChannel {
  readonly rootCdpSessionId: string;
  deliver(message: Buffer): void;
  unanswered(id: number): void;
  waiting(): void;
  drained(): void;
  lost(what: 'page' | 'browser'): void;
  oversized(): void;
  isBehind(): boolean;
}

export interface ChannelHost {
  /** The session of CDP, when it is this channel's. */
  sessionOf(channel: HostedChannel, cdpSessionId: string): OwnedSession | undefined;
  write(message: string | Buffer, session: OwnedSession, command: SentCommand): boolean;
  /** The session's own target first, then those of the sessions that it came by. */
  targetsOf(session: OwnedSession): readonly string[];
  readonly waiting: WaitingTargets;
  openWindow(onOpen: () => void): SendWindow;
  updateFlow(): void;
  leave(channel: HostedChannel): void;
}

const DEAF: ChannelEvents = {
  onMessage() {},
  onLost() {},
  onUnanswered() {},
  onWaiting() {},
  onOversized() {},
  onDrain() {},
};

export function createChannel(host: ChannelHost, rootCdpSessionId: string): HostedChannel {
  let events: ChannelEvents | null = null;
  let early: ((events: ChannelEvents) => void)[] = [];
  let isBehind = false;
  let taps: readonly ChannelTap[] = [];

  const notify = (event: (events: ChannelEvents) => void) => {
    if (events === null) early.push(event);
    else event(events);
  };
  const window = host.openWindow(() => events?.onDrain());
  const channel: HostedChannel = {
    rootCdpSessionId,
    listen(listener) {
      events = listener;
      const kept = early;
      early = [];
      // It may be closed by one of them.
      for (const event of kept) if (events === listener) event(listener);
    },
    send(message, command) {
      const { cdpSessionId } = command;
      const session = host.sessionOf(channel, cdpSessionId ?? rootCdpSessionId);
      if (session === undefined) return 'unknown';
      const addressed =
        cdpSessionId === undefined ? withSession(message.toString(), rootCdpSessionId) : message;
      const hasRoom = host.write(addressed, session, command);
      if (taps.length > 0) {
        const targetIds = host.targetsOf(session);
        for (const tap of taps) tap.onCommand(command, message, targetIds);
      }
      return window.noteSent(addressed.length) && hasRoom ? 'sent' : 'full';
    },
    tap(tap) {
      taps = [...taps, tap];
    },
    setBehind(value) {
      if (value === isBehind) return;
      isBehind = value;
      window.setBehind(value);
      host.updateFlow();
    },
    hasWaiting: () => host.waiting.has(channel),
    resumeWaiting: () => host.waiting.resume(channel),
    close() {
      events = DEAF;
      window.close();
      for (const tap of taps) tap.onClose();
      taps = [];
      host.leave(channel);
    },
    deliver(message) {
      for (const tap of taps) tap.onMessage(message);
      if (events === null) notify((them) => them.onMessage(message));
      else events.onMessage(message);
    },
    unanswered: (id) => notify((them) => them.onUnanswered(id)),
    waiting: () => notify((them) => them.onWaiting()),
    drained() {
      if (window.isOpen()) events?.onDrain();
    },
    lost: (what) => notify((them) => them.onLost(what)),
    oversized: () => notify((them) => them.onOversized()),
    isBehind: () => isBehind,
  };
  return channel;
}
