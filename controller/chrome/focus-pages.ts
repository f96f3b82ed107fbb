import { type ChromeConnection, ChromeGoneError, ChromeRefusedError } from './connection.ts';

const PAGES = { autoAttach: true, flatten: true, waitForDebuggerOnStart: false, filter: [{ type: 'page' }] };
const METHOD = 'Emulation.setFocusEmulationEnabled';

/**
 * Lets every page work as if it were the one in front: in the others no animation frame comes, and what waits for one (a
 * click of Playwright's, `waitForFunction` of Puppeteer's) never ends. Playwright asks Chrome for it itself.
 */
export async function focusPages(
  connection: Pick<ChromeConnection, 'call' | 'listen' | 'leftEmulation'>,
): Promise<void> {
  const cdpSessions = new Map<string, string>();
  const enable = (enabled: boolean, cdpSessionId: string): void =>
    void connection.call(METHOD, { enabled }, cdpSessionId).catch(ignoreGone);

  // Chrome ends it for everybody with a client's, and takes what it believes we have for nothing new.
  function enableAgain(targetId: string): void {
    const cdpSessionId = cdpSessions.get(targetId);
    if (cdpSessionId === undefined) return;
    enable(false, cdpSessionId);
    enable(true, cdpSessionId);
  }

  const { sessionId: watcher } = await connection.call('Target.attachToBrowserTarget');
  connection.listen(String(watcher), (method, params) => {
    if (method === 'Target.detachedFromTarget') cdpSessions.delete(String(params.targetId));
    if (method !== 'Target.attachedToTarget') return;
    const { targetId } = params.targetInfo as { targetId: string };
    cdpSessions.set(targetId, String(params.sessionId));
    enable(true, String(params.sessionId));
  });
  connection.leftEmulation.listen('focus', enableAgain);
  await connection.call('Target.setAutoAttach', PAGES, String(watcher));
}

/** The page, or all of Chrome, is gone already. */
function ignoreGone(error: unknown): void {
  if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) throw error;
}
