import type { SentCommand } from './channel.ts';
import type { OwnedSession, SessionOwners } from './session-owners.ts';

const METHOD = 'Page.setInterceptFileChooserDialog';

/** Which file choosers are a client's: it has asked Chrome for them. */
export interface ClientChoosers {
  noteSent(session: OwnedSession, command: Pick<SentCommand, 'method' | 'params'>): void;
  /** Those of a page, or of a frame that is a target of its own. */
  areTaken(targetId: string): boolean;
}

export function createClientChoosers(owners: Pick<SessionOwners, 'all'>): ClientChoosers {
  // What a session asks for ends with it.
  const taking = new WeakSet<OwnedSession>();
  return {
    noteSent(session, { method, params }) {
      if (method !== METHOD) return;
      if (params?.enabled === true) taking.add(session);
      else taking.delete(session);
    },
    areTaken: (targetId) =>
      [...owners.all()].some((session) => session.targetId === targetId && taking.has(session)),
  };
}
