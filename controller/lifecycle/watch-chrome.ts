import { constants } from 'node:os';
import type { Chrome, ChromeExit } from '../chrome/launch.ts';
import { describeExit } from '../chrome/terminate.ts';
import type { Emit } from '../events/event-reporter.ts';
import { joinDetails, type SessionEnd } from './end-decision.ts';

/** A Chrome that exits ends its session, unless it exits because the session has ended. */
export function watchChrome(chrome: Chrome, end: Pick<SessionEnd, 'decide' | 'isDecided'>, emit: Emit): void {
  void chrome.exited.then((exit) => {
    const detail = describeExit(exit, chrome);
    // Code 0 without our asking: closed by a command or a signal, and its profile is complete.
    if (exit.code === 0) end.decide('browser_closed', detail);
    // Its event is the platform's, which also knows of a container that is killed whole.
    else if (wasOutOfMemory(exit, chrome)) end.decide('out_of_memory', detail);
    else {
      if (!end.isDecided()) emit('browser.crashed', { detail: joinDetails(detail) ?? '' });
      end.decide('browser_crashed', detail);
    }
  });
}

const wasOutOfMemory = ({ signal }: ChromeExit, { memory }: Chrome): boolean =>
  signal !== null && memory.explains(constants.signals[signal]);
