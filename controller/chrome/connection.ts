import type { Readable, Writable } from 'node:stream';
import type { ChromeChannel } from './channel.ts';
import { createChannels } from './channels.ts';
import { createClientMessages } from './client-messages.ts';
import type { Json } from './json.ts';
import { createOwnMessages, detachFrom, type OwnEventListener } from './own-messages.ts';
import { type Call, createPendingCalls, type PendingCalls } from './pending-calls.ts';
import { createChromePipe, type PipeEvents } from './pipe.ts';
import { createSessionOwners } from './session-owners.ts';
import { readTrailingSession } from './trailing-session.ts';
import { createUnansweredCommands } from './unanswered-commands.ts';

export type { Json } from './json.ts';
export { ChromeGoneError, ChromeRefusedError } from './pending-calls.ts';

/** The one connection to Chrome, shared by the controller's own commands and any number of clients. */
export interface ChromeConnection {
  /** A command of the controller's own, by default to the browser. */
  call(method: string, params?: object, cdpSessionId?: string): Promise<Json>;
  /** Delivers the events of a session of CDP that `call` opened. */
  listen(cdpSessionId: string, onEvent: OwnEventListener): void;
  /** Ends a session of CDP that `call` opened; what is still asked in it is rejected. */
  closeSession(cdpSessionId: string): void;
  /** A client's own channel: to the browser, or to one page. Rejects with ChromeRefusedError for a page that is not there. */
  openChannel(pageId: string | null): Promise<ChromeChannel>;
  /** Whether Chrome waits because the only client does not read. */
  isHeldBack(): boolean;
}

const attachTo = (pageId: string | null): Call =>
  pageId === null
    ? { method: 'Target.attachToBrowserTarget' }
    : { method: 'Target.attachToTarget', params: { targetId: pageId, flatten: true } };

/**
 * Shares one debugging pipe. Each client has a session of CDP of its own on the browser (`Target.attachToBrowserTarget`)
 * or on a page, and speaks as if it were alone: that session's id is put into its commands and taken out of the answers;
 * the sessions it opens itself are its own, by the events that tell of them.
 */
export function createChromeConnection(
  toChrome: Writable,
  fromChrome: Readable,
  { maxMessageBytes }: { maxMessageBytes: number },
): ChromeConnection {
  const owners = createSessionOwners();
  const events: PipeEvents = {
    onMessage(message) {
      const tail = readTrailingSession(message);
      const session = owners.get(tail?.cdpSessionId);
      if (tail === null || session === undefined) own.take(message, tail?.cdpSessionId);
      else clients.take(message, tail, session);
    },
    onOversized: (tail) => owners.get(readTrailingSession(tail)?.cdpSessionId)?.channel.oversized(),
    onDrain: () => channels.drained(),
    onClose() {
      calls.close();
      channels.lost();
    },
  };
  const pipe = createChromePipe(toChrome, fromChrome, { maxMessageBytes, events });
  const calls = createPendingCalls(
    (message) => void pipe.write(message),
    () => channels.updateFlow(),
  );
  const unanswered = createUnansweredCommands(owners, calls);
  const channels = createChannels({ pipe, calls, owners, unanswered });
  const own = createOwnMessages({ calls, owners, unanswered });
  const clients = createClientMessages({ calls, owners, unanswered });
  return {
    call: (method, params, cdpSessionId) => ask(calls, { method, params, cdpSessionId }, (result) => result),
    listen: own.listen,
    closeSession(cdpSessionId) {
      own.forgetSession(cdpSessionId);
      detachFrom(calls, cdpSessionId);
    },
    openChannel: (pageId) => ask(calls, attachTo(pageId), ({ sessionId }) => channels.add(String(sessionId))),
    isHeldBack: channels.isHeldBack,
  };
}

/** `read` runs in the same turn as the answer: what follows it may already be for the session that it opened. */
const ask = <T>(calls: PendingCalls, call: Call, read: (result: Json) => T): Promise<T> =>
  new Promise((resolve, reject) => {
    calls.request(call, (error, result) => (error === null ? resolve(read(result)) : reject(error)));
  });
