import type { Readable, Writable } from 'node:stream';
import { readTrailingSession, withoutTrailingSession } from './cdp-session-id.ts';
import { type ChannelHost, type ChromeChannel, createChannel, type HostedChannel } from './channel.ts';
import { type Answer, type Call, createPendingCalls, type Json, type Settle } from './pending-calls.ts';
import { createChromePipe } from './pipe.ts';

export { ChromeGoneError, ChromeRefusedError, type Json } from './pending-calls.ts';

/** The one line to Chrome, shared by the controller's own commands and any number of clients. */
export interface ChromeConnection {
  /** A command of the controller's own, by default to the browser. */
  call(method: string, params?: object, sessionId?: string): Promise<Json>;
  /** Tells the events of a session that `call` opened. */
  listen(sessionId: string, onEvent: OwnEventListener): void;
  /** Ends a session that `call` opened; what is still asked in it is rejected. */
  closeSession(sessionId: string): void;
  /** A client's own line: to the browser, or to one page. Rejects with ChromeRefusedError for a page that is not there. */
  openChannel(pageId: string | null): Promise<ChromeChannel>;
  /** Whether Chrome waits because the only client does not read. */
  isHeldBack(): boolean;
}

export type OwnEventListener = (method: string, params: Json) => void;

const ATTACH_TO_BROWSER: Call = { method: 'Target.attachToBrowserTarget' };
const attachToPage = (targetId: string): Call => ({
  method: 'Target.attachToTarget',
  params: { targetId, flatten: true },
});
// Chrome writes the method first.
const SESSION_EVENTS = ['Target.attachedToTarget', 'Target.detachedFromTarget'].map((method) =>
  Buffer.from(`{"method":"${method}"`),
);
/** The controller itself asks for nothing that would be larger, while it waits for nothing. */
const MAX_UNASKED_BYTES = 65_536;

/**
 * Shares one debugging pipe. Each client has a CDP session of its own on the browser (`Target.attachToBrowserTarget`) or
 * on a page, and speaks as if it were alone: its session's id is put into its commands and taken out of the answers;
 * the sessions it opens itself are its own, by the events that tell of them.
 */
export function createChromeConnection(
  toChrome: Writable,
  fromChrome: Readable,
  { maxMessageBytes }: { maxMessageBytes: number },
): ChromeConnection {
  const listeners = new Map<string, OwnEventListener>();
  const channels = new Set<HostedChannel>();
  const owners = new Map<string, HostedChannel>();
  let lastSender: HostedChannel | undefined;
  const unread = new Set<HostedChannel>();
  let isPaused = false;

  const pipe = createChromePipe(toChrome, fromChrome, {
    maxMessageBytes,
    events: {
      onMessage: dispatch,
      onOversized: (tail) => ownerOf(readTrailingSession(tail)?.sessionId)?.oversized(),
      onDrain: () => {
        for (const channel of channels) channel.drained();
      },
      onClose() {
        calls.close();
        for (const channel of [...channels]) channel.lost('browser');
      },
    },
  });

  const calls = createPendingCalls((message) => void pipe.write(message), updateFlow);

  const ownerOf = (sessionId: string | undefined) =>
    sessionId === undefined ? undefined : owners.get(sessionId);

  function dispatch(message: Buffer): void {
    const tail = readTrailingSession(message);
    const channel = ownerOf(tail?.sessionId);
    if (tail === null || channel === undefined) takeOwn(message, tail?.sessionId);
    else {
      if (SESSION_EVENTS.some((start) => startsWith(message, start))) noteSessions(message, channel);
      const isRoot = tail.sessionId === channel.rootSessionId;
      channel.deliver(isRoot ? withoutTrailingSession(message, tail) : message);
    }
  }

  /** Sessions come and go by these events, always before anything else of theirs. */
  function noteSessions(message: Buffer, channel: HostedChannel): void {
    const { method, params } = JSON.parse(message.toString()) as Answer;
    if (params?.sessionId === undefined) return;
    if (method === 'Target.attachedToTarget') owners.set(params.sessionId, channel);
    else if (method === 'Target.detachedFromTarget') owners.delete(params.sessionId);
  }

  /** What is for no client: answers to the controller, the browser's own events, leftovers of clients that left. */
  function takeOwn(bytes: Buffer, sessionId: string | undefined): void {
    if (calls.size() === 0 && bytes.length > MAX_UNASKED_BYTES) return;
    const message = JSON.parse(bytes.toString()) as Answer;
    if (message.id === undefined) takeEvent(message, bytes, sessionId);
    else if (calls.has(message.id)) calls.answer(message.id, message, sessionId);
    else if (message.error !== undefined && sessionId === undefined) tellUnread(bytes);
  }

  /**
   * Chrome could read a command's id and no more. What has been parsed here never comes to that; of the others, only
   * one can have sent it, or nobody is told: a client must not hear of a command that is not its own.
   */
  function tellUnread(bytes: Buffer): void {
    const [only] = unread;
    if (unread.size === 1) only?.deliver(bytes);
  }

  function takeEvent({ method, params, error }: Answer, bytes: Buffer, sessionId: string | undefined): void {
    if (sessionId !== undefined) listeners.get(sessionId)?.(method ?? '', params ?? {});
    else if (method === 'Target.detachedFromTarget') takeDetached(String(params?.sessionId));
    // Chrome could not read a command, and so cannot say whose it was: nearly always the last one's.
    else if (error !== undefined) lastSender?.deliver(bytes);
  }

  function takeDetached(sessionId: string): void {
    const channel = owners.get(sessionId);
    if (channel === undefined) forgetSession(sessionId);
    else channel.lost('page');
  }

  function forgetSession(sessionId: string): void {
    listeners.delete(sessionId);
    calls.forgetSession(sessionId);
  }

  /**
   * Chrome is held back only for a client that is alone, and while the controller itself waits for nothing, such as the
   * line of a second client: nobody's slowness is to be somebody else's.
   */
  function updateFlow(): void {
    const [only] = channels;
    const shouldPause = channels.size === 1 && calls.size() === 0 && only?.isBehind() === true;
    if (shouldPause === isPaused) return;
    isPaused = shouldPause;
    if (isPaused) pipe.pause();
    else pipe.resume();
  }

  function detach(sessionId: string): void {
    calls.request({ method: 'Target.detachFromTarget', params: { sessionId } }, () => undefined);
  }

  const host: ChannelHost = {
    owns: (channel, sessionId) => owners.get(sessionId) === channel,
    write(channel, message) {
      lastSender = channel;
      if (typeof message !== 'string') unread.add(channel);
      return pipe.write(message);
    },
    updateFlow,
    leave(channel) {
      if (!channels.delete(channel)) return;
      if (lastSender === channel) lastSender = undefined;
      unread.delete(channel);
      for (const [sessionId, owner] of owners) if (owner === channel) owners.delete(sessionId);
      updateFlow();
      // Chrome ends the sessions below it, and frees what they held: overrides, paused requests, contexts.
      detach(channel.rootSessionId);
    },
  };

  /** In the same turn as the answer: what follows it may already be for the new session. */
  function addChannel(sessionId: string): ChromeChannel {
    const channel = createChannel(host, sessionId);
    channels.add(channel);
    owners.set(sessionId, channel);
    updateFlow();
    return channel;
  }

  return {
    call: (method, params, sessionId) =>
      new Promise((resolve, reject) => {
        const settle: Settle = (error, result) => (error === null ? resolve(result) : reject(error));
        calls.request({ method, params, sessionId }, settle);
      }),
    listen: (sessionId, onEvent) => void listeners.set(sessionId, onEvent),
    closeSession(sessionId) {
      forgetSession(sessionId);
      detach(sessionId);
    },
    openChannel: (pageId) =>
      new Promise((resolve, reject) => {
        const settle: Settle = (error, result) =>
          error === null ? resolve(addChannel(String(result.sessionId))) : reject(error);
        calls.request(pageId === null ? ATTACH_TO_BROWSER : attachToPage(pageId), settle);
      }),
    isHeldBack: () => isPaused,
  };
}

const startsWith = (message: Buffer, start: Buffer): boolean =>
  message.length > start.length && message.compare(start, 0, start.length, 0, start.length) === 0;
