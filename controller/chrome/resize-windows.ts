import type { Viewport } from '../../core/domain/container-settings.ts';
import { type ChromeConnection, ChromeGoneError, ChromeRefusedError } from './connection.ts';
import { desktopOf, MIN_WINDOW_WIDTH, windowOf } from './flags.ts';

const PAGES = {
  autoAttach: true,
  flatten: true,
  // Before its first script runs, a page has its window's size.
  waitForDebuggerOnStart: true,
  filter: [{ type: 'page' }],
};

// A round trip each: together far less than a person would notice.
const MAX_LAYOUTS_ASKED = 100;

type Connection = Pick<ChromeConnection, 'call' | 'listen'>;

export interface Sizes {
  readonly launched: Viewport;
  readonly wanted: Viewport;
}

interface Bounds {
  readonly width: number;
  readonly height: number;
}

/**
 * Gives the windows of a Chrome that was launched for one viewport the size that they would have, had it been launched for
 * another: those that are there, and each that comes, because Chrome opens all of them as its flags say. Resolves when
 * the pages that are there have their size.
 */
export async function resizeWindows(connection: Connection, sizes: Sizes): Promise<void> {
  const resize = await startResizing(connection, sizes);
  const first: Promise<void>[] = [];
  let isFirst = true;

  async function take(targetId: string, cdpSessionId: string): Promise<void> {
    try {
      await resize(targetId, cdpSessionId);
      await connection.call('Runtime.runIfWaitingForDebugger', {}, cdpSessionId);
    } catch (error) {
      // The page, or all of Chrome, is gone already.
      if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) throw error;
    }
  }

  const { sessionId: watcher } = await connection.call('Target.attachToBrowserTarget');
  connection.listen(String(watcher), (method, params) => {
    if (method !== 'Target.attachedToTarget') return;
    const { targetId } = params.targetInfo as { targetId: string };
    const taken = take(targetId, String(params.sessionId));
    if (isFirst) first.push(taken);
  });
  await connection.call('Target.setAutoAttach', PAGES, String(watcher));
  await Promise.all(first);
  isFirst = false;
}

/** Makes room for the windows, and answers what gives the window of a page its size. That resolves when the page has it. */
export async function startResizing(connection: Connection, sizes: Sizes) {
  await resizeDesktop(connection, sizes);
  const knownWindows = new Set<number>();
  return async (targetId: string, cdpSessionId: string): Promise<void> => {
    const bounds = await resizeWindowOf(connection, targetId, { ...sizes, knownWindows });
    if (bounds !== null) await untilLaidOut(connection, cdpSessionId, bounds.width);
  };
}

/** Only where the one that is there is too small: that is the one which the flags would have made larger. */
async function resizeDesktop(connection: Connection, { launched, wanted }: Sizes): Promise<void> {
  const [before, after] = [desktopOf(windowOf(launched)), desktopOf(windowOf(wanted))];
  if (before.width === after.width && before.height === after.height) return;
  const { screenInfos } = await connection.call('Emulation.getScreenInfos');
  const [{ id: screenId } = { id: '' }] = screenInfos as { id: string }[];
  await connection.call('Emulation.updateScreen', { screenId, ...after });
}

/** Its new bounds; null when it keeps its own: one that somebody has given a size, and one that is known. */
async function resizeWindowOf(
  connection: Connection,
  targetId: string,
  { launched, wanted, knownWindows }: Sizes & { readonly knownWindows: Set<number> },
): Promise<Bounds | null> {
  const found = await connection.call('Browser.getWindowForTarget', { targetId }).catch(unlessRefused);
  if (found === undefined || knownWindows.has(Number(found.windowId))) return null;
  knownWindows.add(Number(found.windowId));
  const bounds = resizedBounds(found.bounds as Bounds, { launched, wanted });
  if (bounds !== null) await connection.call('Browser.setWindowBounds', { windowId: found.windowId, bounds });
  return bounds;
}

/**
 * A popup has another frame than a window with tabs, and is as much higher than its flags say. What is too narrow for a
 * window, Chrome itself widens, and not in a popup. It is asked for no less: a page that is emulated would not hear of it.
 */
function resizedBounds({ width, height }: Bounds, { launched, wanted }: Sizes): Bounds | null {
  const [flagged, resized] = [windowOf(launched), windowOf(wanted)];
  const frame = height - flagged.height;
  if (width !== flagged.width || frame < 0) return null;
  const isPopup = frame > 0;
  return {
    width: isPopup ? resized.width : Math.max(resized.width, MIN_WINDOW_WIDTH),
    height: Math.min(resized.height + frame, desktopOf(resized).height),
  };
}

/**
 * Chrome says at once that a window has its size, and its page has it a moment later. A page that is emulated has a size of
 * its own, and one that a script has opened may have it only when it goes on: so it is not asked for ever.
 */
async function untilLaidOut(connection: Connection, cdpSessionId: string, width: number): Promise<void> {
  for (let asked = 0; asked < MAX_LAYOUTS_ASKED; asked += 1) {
    const { cssLayoutViewport } = await connection.call('Page.getLayoutMetrics', {}, cdpSessionId);
    if ((cssLayoutViewport as { clientWidth: number }).clientWidth === width) return;
  }
}

/** No page in a window: one that is hidden. */
function unlessRefused(error: unknown): undefined {
  if (!(error instanceof ChromeRefusedError)) throw error;
}
