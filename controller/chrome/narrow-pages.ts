import type { Viewport } from '../../core/domain/container-settings.ts';
import { type ChromeConnection, ChromeGoneError, ChromeRefusedError } from './connection.ts';

const PAGES = {
  autoAttach: true,
  flatten: true,
  // Before its first script runs, a page has its width.
  waitForDebuggerOnStart: true,
  filter: [{ type: 'page' }],
};

/**
 * Gives every page a viewport that is narrower than any window of Chrome, by emulation. Resolves when the pages that are
 * there have it. A client's own emulation goes before it, and ends it for its page when that client leaves.
 */
export async function narrowPages(
  connection: Pick<ChromeConnection, 'call' | 'listen'>,
  { width, height }: Viewport,
): Promise<void> {
  const first: Promise<void>[] = [];
  let isFirst = true;

  async function apply(cdpSessionId: string): Promise<void> {
    const metrics = { width, height, deviceScaleFactor: 0, mobile: false };
    try {
      await connection.call('Emulation.setDeviceMetricsOverride', metrics, cdpSessionId);
      await connection.call('Runtime.runIfWaitingForDebugger', {}, cdpSessionId);
    } catch (error) {
      // The page, or all of Chrome, is gone already.
      if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) throw error;
    }
  }

  const { sessionId: watcher } = await connection.call('Target.attachToBrowserTarget');
  connection.listen(String(watcher), (method, params) => {
    if (method !== 'Target.attachedToTarget') return;
    const applied = apply(String(params.sessionId));
    if (isFirst) first.push(applied);
  });
  await connection.call('Target.setAutoAttach', PAGES, String(watcher));
  isFirst = false;
  await Promise.all(first);
}
