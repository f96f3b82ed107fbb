import type { Readable, Writable } from 'node:stream';
import type { ChromeChannel } from './channel.ts';
import { createChannels } from './channels.ts';
import type { ClientChoosers } from './client-choosers.ts';
import { ClientMessages } from './client-messages.ts';
import { createHeldCloses } from './held-closes.ts';
import type { Json } from './json.ts';
import { createLeftEmulation, type LeftEmulation } from './left-emulation.ts';
import { createMessageGate, type MessageGate } from './message-gate.ts';
import { createOwnMessages, detachFrom, type OwnEventListener } from './own-messages.ts';
import { createOwnTargets, type OwnTargets } from './own-targets.ts';
import { createPaintedPages } from './painted-pages.ts';
import { type Call, createPendingCalls, type PendingCalls } from './pending-calls.ts';
import { createChromePipe, type PipeEvents } from './pipe.ts';
import { createScreenshots } from './screenshots.ts';
import { createSessionOwners } from './session-owners.ts';
import { readTrailingSession } from './trailing-session.ts';
import { createUnansweredCommands } from './unanswered-commands.ts';

export type { Json } from './json.ts';
export { ChromeGoneError, ChromeRefusedError } from './pending-calls.ts';

/** The one connection to Chrome, shared by the controller's own commands and any number of clients. */
export interface ChromeConnection {
  /** A command of the controller's own, by default to the browser. */
  call(method: string, params?: object, cdpSessionId?: string): Promise<Json>;
  /** Opens an empty page in a target that no client hears of. Its id. */
  openHiddenTarget(): Promise<string>;
  /** Delivers the events of a session of CDP that `call` opened. */
  listen(cdpSessionId: string, onEvent: OwnEventListener): void;
  /** Ends a session of CDP that `call` opened; what is still asked in it is rejected. */
  closeSession(cdpSessionId: string): void;
  /** A client's own channel: to the browser, or to one page. Rejects with ChromeRefusedError for a page that is not there. */
  openChannel(pageId: string | null): Promise<ChromeChannel>;
  /** Until the answer is called, commands that close pages wait, and all that come after them. */
  holdCloses(): () => void;
  /** Pages that have lost the size that a client gave them. */
  readonly leftEmulation: Pick<LeftEmulation, 'listen' | 'isHeld'>;
  /** Whose file choosers a client takes itself. */
  readonly clientChoosers: Pick<ClientChoosers, 'areTaken'>;
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
    onMessage: (message) => gate.take(message),
    onOversized: (tail) => owners.get(readTrailingSession(tail)?.cdpSessionId)?.channel.oversized(),
    onDrain: () => channels.drained(),
    onClose() {
      calls.close();
      channels.lost();
    },
  };
  const gate = createMessageGate((message) => {
    const tail = readTrailingSession(message);
    const session = owners.get(tail?.cdpSessionId);
    if (tail === null || session === undefined) own.take(message, tail?.cdpSessionId);
    else clients.take(message, tail, session);
  });
  const pipe = createChromePipe(toChrome, fromChrome, { maxMessageBytes, events });
  const closes = createHeldCloses(pipe.write, () => channels.drained());
  const calls = createPendingCalls(closes.writeOwn, () => channels.updateFlow());
  const ownTargets = createOwnTargets(owners);
  const unanswered = createUnansweredCommands(owners, calls);
  const emulation = createLeftEmulation(owners);
  const screenshots = createScreenshots(createPaintedPages({ call, closeSession }));
  const ofClients = { calls, owners, emulation, screenshots, unanswered };
  const channels = createChannels({ ...ofClients, pipe, toChrome: closes });
  const own = createOwnMessages({ calls, owners, ownTargets, unanswered });
  const clients = new ClientMessages({ ...ofClients, ownTargets });

  function visit(params: object & { targetId?: unknown } = {}): Promise<Json> {
    const leave = ownTargets.visit(params.targetId);
    const visited = ask(calls, { method: 'Target.attachToTarget', params }, (result) => {
      own.opened(String(result.sessionId), leave);
      return result;
    });
    visited.catch(leave);
    return visited;
  }

  function call(method: string, params?: object, cdpSessionId?: string): Promise<Json> {
    const isVisit = method === 'Target.attachToTarget';
    return isVisit ? visit(params) : ask(calls, { method, params, cdpSessionId }, (result) => result);
  }

  function closeSession(cdpSessionId: string): void {
    own.forgetSession(cdpSessionId);
    detachFrom(calls, cdpSessionId);
  }

  return {
    call,
    openHiddenTarget: () => openHiddenTarget(calls, gate, ownTargets),
    listen: own.listen,
    closeSession,
    openChannel: (pageId) =>
      ask(calls, attachTo(pageId), ({ sessionId }) => channels.add(String(sessionId), pageId)),
    holdCloses: closes.hold,
    leftEmulation: emulation,
    clientChoosers: channels.clientChoosers,
    isHeldBack: channels.isHeldBack,
  };
}

/** `read` runs in the same turn as the answer: what follows it may already be for the session that it opened. */
const ask = <T>(calls: PendingCalls, call: Call, read: (result: Json) => T): Promise<T> =>
  new Promise((resolve, reject) => {
    calls.request(call, (error, result) => (error === null ? resolve(read(result)) : reject(error)));
  });

/** What Chrome announces before its answer waits for that: it may be about this target. */
const openHiddenTarget = (calls: PendingCalls, gate: MessageGate, ownTargets: OwnTargets): Promise<string> =>
  new Promise((resolve, reject) => {
    const call = { method: 'Target.createTarget', params: { url: 'about:blank', hidden: true } };
    let id: number | undefined;
    id = calls.request(call, (error, { targetId }) => {
      if (error === null) {
        ownTargets.add(String(targetId));
        resolve(String(targetId));
      } else reject(error);
      if (id !== undefined) gate.release(id);
    });
    // Not when Chrome was gone already.
    if (calls.has(id)) gate.hold(id);
  });
