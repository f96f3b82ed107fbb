import { createBackPressure } from './back-pressure.ts';
import { type ChannelHost, type ChromeChannel, createChannel, type HostedChannel } from './channel.ts';
import { type ClientChoosers, createClientChoosers } from './client-choosers.ts';
import type { HeldCloses } from './held-closes.ts';
import type { LeftEmulation } from './left-emulation.ts';
import { detachFrom } from './own-messages.ts';
import type { PendingCalls } from './pending-calls.ts';
import type { ChromePipe } from './pipe.ts';
import type { Screenshots } from './screenshots.ts';
import { createSendWindow } from './send-window.ts';
import type { SessionOwners } from './session-owners.ts';
import type { UnansweredCommands } from './unanswered-commands.ts';
import { createWaitingTargets, isResume } from './waiting-targets.ts';

export interface ChannelsDeps {
  readonly pipe: Pick<ChromePipe, 'pause' | 'resume'>;
  /** Where all that is for Chrome goes. */
  readonly toChrome: Pick<HeldCloses, 'write'>;
  readonly calls: PendingCalls;
  readonly owners: SessionOwners;
  readonly emulation: Pick<LeftEmulation, 'noteSent' | 'take'>;
  readonly screenshots: Pick<Screenshots, 'noteSent' | 'take'>;
  readonly unanswered: Pick<UnansweredCommands, 'noteSent' | 'forget'>;
}

export interface Channels {
  readonly clientChoosers: Pick<ClientChoosers, 'areTaken'>;
  /** A new client's channel, whose session of CDP has just been opened: on the browser, or on one page. */
  add(rootCdpSessionId: string, pageId: string | null): ChromeChannel;
  drained(): void;
  /** All of Chrome is gone. */
  lost(): void;
  updateFlow(): void;
  isHeldBack(): boolean;
}

/** The channels of all clients, on one pipe. */
export function createChannels(deps: ChannelsDeps): Channels {
  const { pipe, toChrome, calls, owners, emulation, screenshots, unanswered } = deps;
  const clientChoosers = createClientChoosers(owners);
  const channels = new Set<HostedChannel>();
  const backPressure = createBackPressure(pipe, channels, calls);
  const waiting = createWaitingTargets(owners, calls);
  const host: ChannelHost = {
    sessionOf(channel, cdpSessionId) {
      const session = owners.get(cdpSessionId);
      return session?.channel === channel ? session : undefined;
    },
    write(message, session, command) {
      const { id, method } = command;
      const sentAs = typeof message === 'string' ? 'parsed' : 'unparsed';
      if (isResume(method)) session.isWaiting = false;
      clientChoosers.noteSent(session, command);
      emulation.noteSent(session, method);
      unanswered.noteSent(session, id, method === 'Target.getTargets' ? 'targets' : sentAs);
      const isTaken = toChrome.write(message, method);
      screenshots.noteSent(session, id, method);
      return isTaken;
    },
    targetsOf: owners.targetsOf,
    waiting,
    openWindow: (onOpen) => createSendWindow(calls, onOpen),
    updateFlow: backPressure.update,
    leave(channel) {
      if (!channels.delete(channel)) return;
      unanswered.forget(channel);
      const gone = owners.forget(channel);
      for (const { cdpSessionId } of gone) calls.forgetSession(cdpSessionId);
      backPressure.update();
      // Chrome ends the sessions below it, and frees what they held: overrides, paused requests, contexts.
      detachFrom(calls, channel.rootCdpSessionId);
      emulation.take(gone);
      screenshots.take(gone);
    },
  };
  return {
    clientChoosers,
    add(rootCdpSessionId, pageId) {
      const channel = createChannel(host, rootCdpSessionId);
      channels.add(channel);
      owners.add({ cdpSessionId: rootCdpSessionId, channel, targetId: pageId ?? undefined });
      backPressure.update();
      return channel;
    },
    drained() {
      for (const channel of channels) channel.drained();
    },
    lost() {
      for (const channel of [...channels]) channel.lost('browser');
    },
    updateFlow: backPressure.update,
    isHeldBack: backPressure.isHeldBack,
  };
}
