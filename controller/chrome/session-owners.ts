import type { HostedChannel } from './channel.ts';
import type { Answer } from './pending-calls.ts';

// Chrome writes the method first.
const SESSION_EVENTS = ['Target.attachedToTarget', 'Target.detachedFromTarget'].map((method) =>
  Buffer.from(`{"method":"${method}"`),
);

export interface SessionOwners {
  add(cdpSessionId: string, channel: HostedChannel): void;
  of(cdpSessionId: string | undefined): HostedChannel | undefined;
  /** Notes whether a message of this channel says that sessions of CDP came or went: they are its own then. */
  learnFrom(message: Buffer, channel: HostedChannel): void;
  /** The channel has left, with every session it owned. */
  forget(channel: HostedChannel): void;
}

/** Whose each session of CDP is. They come and go by events, always before anything else of theirs. */
export function createSessionOwners(): SessionOwners {
  const owners = new Map<string, HostedChannel>();

  function note({ method, params }: Answer, channel: HostedChannel): void {
    if (params?.sessionId === undefined) return;
    if (method === 'Target.attachedToTarget') owners.set(params.sessionId, channel);
    else if (method === 'Target.detachedFromTarget') owners.delete(params.sessionId);
  }

  return {
    add: (cdpSessionId, channel) => void owners.set(cdpSessionId, channel),
    of: (cdpSessionId) => (cdpSessionId === undefined ? undefined : owners.get(cdpSessionId)),
    learnFrom(message, channel) {
      if (!SESSION_EVENTS.some((start) => startsWith(message, start))) return;
      note(JSON.parse(message.toString()) as Answer, channel);
    },
    forget(channel) {
      for (const [cdpSessionId, owner] of owners) if (owner === channel) owners.delete(cdpSessionId);
    },
  };
}

const startsWith = (message: Buffer, start: Buffer): boolean =>
  message.length > start.length && message.compare(start, 0, start.length, 0, start.length) === 0;
