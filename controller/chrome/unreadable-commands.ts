import type { HostedChannel } from './channel.ts';

type Receiver = Pick<HostedChannel, 'deliver'>;

export interface UnreadableCommands {
  /** A command went to Chrome; `isParsed`: it had been parsed before. */
  noteSent(channel: Receiver, isParsed: boolean): void;
  forget(channel: Receiver): void;
  /** Chrome's error names nothing of the command. */
  notifyLastSender(error: Buffer): void;
  /** Chrome's error names the command's id, and no session of CDP. */
  notifyOnlySuspect(error: Buffer): void;
}

/** Whom to notify when Chrome could not read a command, and so cannot say whose it was. */
export function createUnreadableCommands(): UnreadableCommands {
  let lastSender: Receiver | undefined;
  /** Who has sent what was not parsed here. */
  const suspects = new Set<Receiver>();
  return {
    noteSent(channel, isParsed) {
      lastSender = channel;
      if (!isParsed) suspects.add(channel);
    },
    forget(channel) {
      if (lastSender === channel) lastSender = undefined;
      suspects.delete(channel);
    },
    // Nearly always the last command's.
    notifyLastSender: (error) => lastSender?.deliver(error),
    /**
     * Chrome could read the id and no more. What has been parsed here never comes to that; of the others, only one can
     * have sent it, or nobody is notified: a client must not hear of a command that is not its own.
     */
    notifyOnlySuspect(error) {
      const [only] = suspects;
      if (suspects.size === 1) only?.deliver(error);
    },
  };
}
