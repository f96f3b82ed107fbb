import type { Json } from './json.ts';
import type { OwnTargets } from './own-targets.ts';
import type { Answer, PendingCalls } from './pending-calls.ts';
import type { SessionOwners } from './session-owners.ts';
import type { UnansweredCommands } from './unanswered-commands.ts';

export type OwnEventListener = (method: string, params: Json) => void;

export interface OwnMessages {
  take(message: Buffer, cdpSessionId: string | undefined): void;
  listen(cdpSessionId: string, onEvent: OwnEventListener): void;
  /** The controller has attached to a target; `leave` is called when that session of CDP ends. */
  opened(cdpSessionId: string, leave: () => void): void;
  /** The controller is done with a session of CDP that it opened itself. */
  forgetSession(cdpSessionId: string): void;
}

export interface OwnMessagesDeps {
  readonly calls: PendingCalls;
  readonly owners: Pick<SessionOwners, 'get'>;
  readonly ownTargets: Pick<OwnTargets, 'visit'>;
  readonly unanswered: Pick<UnansweredCommands, 'takeError'>;
}

/** Nothing larger is for the controller, while it waits for nothing and listens to nothing. */
const MAX_UNASKED_BYTES = 65_536;

/** What is for no client: answers to the controller, the browser's own events, leftovers of clients that left. */
export function createOwnMessages({ calls, owners, ownTargets, unanswered }: OwnMessagesDeps): OwnMessages {
  const listeners = new Map<string, OwnEventListener>();
  const visits = new Map<string, () => void>();

  function forgetSession(cdpSessionId: string): void {
    listeners.delete(cdpSessionId);
    visits.get(cdpSessionId)?.();
    visits.delete(cdpSessionId);
    calls.forgetSession(cdpSessionId);
  }

  function takeDetached(cdpSessionId: string): void {
    const channel = owners.get(cdpSessionId)?.channel;
    if (channel === undefined) forgetSession(cdpSessionId);
    else channel.lost('page');
  }

  /** An event of a session of CDP that the controller opened itself; one may open others. */
  function takeOwnEvent({ method = '', params = {} }: Answer, cdpSessionId: string): void {
    const { sessionId, targetInfo } = params;
    if (sessionId !== undefined && method === 'Target.attachedToTarget')
      visits.set(sessionId, ownTargets.visit(targetInfo?.targetId));
    else if (sessionId !== undefined && method === 'Target.detachedFromTarget') forgetSession(sessionId);
    listeners.get(cdpSessionId)?.(method, params);
  }

  function takeEvent(event: Answer, cdpSessionId: string | undefined): void {
    const { method, params } = event;
    if (cdpSessionId !== undefined) takeOwnEvent(event, cdpSessionId);
    else if (method === 'Target.detachedFromTarget') takeDetached(String(params?.sessionId));
  }

  return {
    forgetSession,
    opened: (cdpSessionId, leave) => void visits.set(cdpSessionId, leave),
    listen: (cdpSessionId, onEvent) => void listeners.set(cdpSessionId, onEvent),
    take(bytes, cdpSessionId) {
      const isAwaited = calls.size() > 0 || (cdpSessionId !== undefined && listeners.has(cdpSessionId));
      if (!isAwaited && bytes.length > MAX_UNASKED_BYTES) return;
      const message = JSON.parse(bytes.toString()) as Answer;
      const { id, error } = message;
      if (id !== undefined && calls.has(id)) calls.answer(id, message, cdpSessionId);
      else if (error === undefined && id === undefined) takeEvent(message, cdpSessionId);
      else if (error !== undefined && cdpSessionId === undefined)
        unanswered.takeError({ id, code: error.code, bytes });
    },
  };
}

/** Ends a session of CDP; nobody waits for Chrome's answer. */
export const detachFrom = (
  calls: Pick<PendingCalls, 'request'>,
  cdpSessionId: string,
  parentId?: string | undefined,
): void => {
  const params = { sessionId: cdpSessionId };
  calls.request({ method: 'Target.detachFromTarget', params, cdpSessionId: parentId }, () => undefined);
};
