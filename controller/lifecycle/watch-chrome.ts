import type { Chrome } from '../chrome/launch.ts';
import { describeExit } from '../chrome/terminate.ts';
import type { SessionEnd } from './end-decision.ts';

/** A Chrome that exits ends its session, unless it exits because the session has ended. */
export function watchChrome(chrome: Chrome, end: Pick<SessionEnd, 'decide'>): void {
  void chrome.exited.then((exit) => {
    const detail = describeExit(exit, chrome);
    // Code 0 without our asking: closed by a command or a signal, and its profile is complete.
    end.decide(exit.code === 0 ? 'browser_closed' : 'browser_crashed', detail);
  });
}
