import type { Viewport } from '../../core/domain/container-settings.ts';
import { type ChromeConnection, ChromeGoneError, ChromeRefusedError } from './connection.ts';
import { type Sizes, startResizing } from './resize-windows.ts';
import { metricsOf } from './restore-viewports.ts';

const PAGES = {
  autoAttach: true,
  flatten: true,
  // Before its first script runs, a page has its width.
  waitForDebuggerOnStart: true,
  filter: [{ type: 'page' }],
};

/**
 * Gives every page a viewport that is narrower than any window of Chrome, by emulation. Resolves when the pages that are
 * there have it. A client's own emulation goes before it, until that client leaves. `sizes`: its window has to be resized,
 * too, and before: one that changes its size takes the emulated one from its page.
 */
export async function narrowPages(
  connection: Pick<ChromeConnection, 'call' | 'listen' | 'leftEmulation'>,
  viewport: Viewport,
  sizes?: Sizes,
): Promise<void> {
  const resize = sizes === undefined ? undefined : await startResizing(connection, sizes);
  const first: Promise<void>[] = [];
  const cdpSessions = new Map<string, string>();
  let isFirst = true;

  const emulate = (cdpSessionId: string) =>
    connection.call('Emulation.setDeviceMetricsOverride', metricsOf(viewport), cdpSessionId);

  async function take(targetId: string, cdpSessionId: string): Promise<void> {
    try {
      await resize?.(targetId, cdpSessionId);
      await emulate(cdpSessionId);
      await connection.call('Runtime.runIfWaitingForDebugger', {}, cdpSessionId);
    } catch (error) {
      unlessGone(error);
    }
  }

  // Chrome ends all emulation of a page with a client's, and takes the size that it believes we have for nothing new.
  async function reapply(cdpSessionId: string): Promise<void> {
    const cleared = connection.call('Emulation.clearDeviceMetricsOverride', {}, cdpSessionId);
    await Promise.all([cleared.catch(() => undefined), emulate(cdpSessionId).catch(unlessGone)]);
  }

  const { sessionId: watcher } = await connection.call('Target.attachToBrowserTarget');
  connection.listen(String(watcher), (method, params) => {
    if (method !== 'Target.attachedToTarget') return;
    const { targetId } = params.targetInfo as { targetId: string };
    cdpSessions.set(targetId, String(params.sessionId));
    const taken = take(targetId, String(params.sessionId));
    if (isFirst) first.push(taken);
  });
  connection.leftEmulation.listen('viewport', (targetId) => {
    const cdpSessionId = cdpSessions.get(targetId);
    if (cdpSessionId !== undefined) void reapply(cdpSessionId);
  });
  await connection.call('Target.setAutoAttach', PAGES, String(watcher));
  isFirst = false;
  await Promise.all(first);
}

/** The page, or all of Chrome, is gone already. */
function unlessGone(error: unknown): void {
  if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) throw error;
}
