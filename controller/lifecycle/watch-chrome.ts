import type { Chrome } from '../chrome/launch.ts';
import { describeExit } from '../chrome/terminate.ts';
import type { Emit } from '../events/event-reporter.ts';
import { joinDetails, type SessionEnd } from './end-decision.ts';

/** A Chrome that exits ends its session, unless it exits because the session has ended. */
export function watchChrome(chrome: Chrome, end: Pick<SessionEnd, 'decide' | 'isDecided'>, emit: Emit): void {
  void chrome.exited.then((exit) => {
    const detail = describeExit(exit, chrome);
    const isCrash = exit.code !== 0;
    if (isCrash && !end.isDecided()) emit('browser.crashed', { detail: joinDetails(detail) ?? '' });
    // Code 0 without our asking: closed by a command or a signal, and its profile is complete.
    end.decide(isCrash ? 'browser_crashed' : 'browser_closed', detail);
  });
}
