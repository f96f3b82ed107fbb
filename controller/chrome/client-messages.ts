import type { Answer, PendingCalls } from './pending-calls.ts';
import { isSessionEvent, readAnswerId } from './read-message.ts';
import type { OwnedSession, SessionOwners } from './session-owners.ts';
import { type TrailingSession, withoutTrailingSession } from './trailing-session.ts';
import type { UnansweredCommands } from './unanswered-commands.ts';

export interface ClientMessagesDeps {
  readonly calls: Pick<PendingCalls, 'has' | 'answer'>;
  readonly owners: Pick<SessionOwners, 'add' | 'remove'>;
  readonly unanswered: Pick<UnansweredCommands, 'settle'>;
}

/** What Chrome says in a client's session of CDP, and what there is to learn from it. Large messages are not parsed. */
export function createClientMessages({ calls, owners, unanswered }: ClientMessagesDeps) {
  function takeAnswer(id: number, message: Buffer, session: OwnedSession): void {
    const wasAsked = session.unanswered.delete(id);
    if (!wasAsked && calls.has(id))
      calls.answer(id, JSON.parse(message.toString()) as Answer, session.cdpSessionId);
    else session.channel.deliver(message);
  }

  /** Sessions of CDP came or went: they are this client's. */
  function takeSessionEvent(message: Buffer, { channel, cdpSessionId: parentId }: OwnedSession): void {
    const { method, params } = JSON.parse(message.toString()) as Answer;
    const cdpSessionId = params?.sessionId;
    const isNew = method === 'Target.attachedToTarget';
    if (isNew && cdpSessionId !== undefined) owners.add({ cdpSessionId, channel, parentId });
    channel.deliver(message);
    // After the news: a library has given up by itself what it asked there.
    if (!isNew && cdpSessionId !== undefined) unanswered.settle(owners.remove(cdpSessionId));
  }

  return {
    take(message: Buffer, tail: TrailingSession, session: OwnedSession): void {
      session.hasSpoken = true;
      const isRoot = tail.cdpSessionId === session.channel.rootCdpSessionId;
      const hidden = isRoot ? withoutTrailingSession(message, tail) : message;
      const id = readAnswerId(hidden);
      if (id !== undefined) takeAnswer(id, hidden, session);
      else if (isSessionEvent(hidden)) takeSessionEvent(hidden, session);
      else session.channel.deliver(hidden);
    },
  };
}
