import {
  type ChromeConnection,
  ChromeGoneError,
  ChromeRefusedError,
  type Json,
} from '../chrome/connection.ts';

const attachTo = (...types: string[]) => ({
  autoAttach: true,
  flatten: true,
  // No page waits for its log.
  waitForDebuggerOnStart: false,
  filter: types.map((type) => ({ type })),
});

/** Chrome is to keep nothing of what is loaded for this session of CDP, which never asks for it. */
const KEEPS_NOTHING = { maxTotalBufferSize: 0, maxResourceBufferSize: 0, maxPostDataSize: 0 };
/** Not Runtime: a page can tell that it is enabled. */
const ENABLED: readonly (readonly [method: string, params?: object])[] = [
  ['Network.enable', KEEPS_NOTHING],
  ['Page.enable'],
  ['Log.enable'],
  // Frames of other sites are targets of their own.
  ['Target.setAutoAttach', attachTo('iframe')],
];
const LOGGED = /^(?:Page|Network|Log)\./;
/** As many as there are bytes, and each tells nothing that the others do not. */
const SKIPPED: ReadonlySet<string> = new Set([
  'Network.dataReceived',
  'Network.webSocketFrameSent',
  'Network.webSocketFrameReceived',
  'Network.resourceChangedPriority',
  'Network.policyUpdated',
]);

export interface PageEvents {
  /** A page is there: its number. */
  onPage(targetId: string): number;
  onEvent(method: string, pageId: number, params: Json): void;
}

/**
 * Hears of what happens in every page, in sessions of CDP of the controller's own that no client sees. Resolves, when all
 * pages that are there are being watched, with what ends it.
 */
export async function watchPages(
  connection: Pick<ChromeConnection, 'call' | 'listen' | 'closeSession'>,
  { onPage, onEvent }: PageEvents,
): Promise<() => void> {
  function follow(cdpSessionId: string, pageId: number): void {
    connection.listen(cdpSessionId, (method, params) => {
      if (method === 'Target.attachedToTarget') follow(String(params.sessionId), pageId);
      else if (LOGGED.test(method) && !SKIPPED.has(method)) onEvent(method, pageId, params);
    });
    for (const [method, params] of ENABLED) connection.call(method, params, cdpSessionId).catch(ignoreGone);
  }

  const { sessionId } = await connection.call('Target.attachToBrowserTarget');
  const watcher = String(sessionId);
  connection.listen(watcher, (method, params) => {
    if (method !== 'Target.attachedToTarget') return;
    const { targetId } = params.targetInfo as { targetId: string };
    follow(String(params.sessionId), onPage(targetId));
  });
  await connection.call('Target.setAutoAttach', attachTo('page'), watcher);
  return () => connection.closeSession(watcher);
}

/** The page, or all of Chrome, is gone already. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) throw error;
}
