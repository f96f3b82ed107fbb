import { type Chrome, type ChromeExit, killGroup } from './launch.ts';
import { CHROME_LIMITS } from './limits.ts';

export interface TerminateOptions {
  /** For `Browser.close`: Chrome writes its profile in this time. */
  readonly closeMs: number;
  /** For SIGTERM after that, with the same effect when only CDP is stuck. */
  readonly termMs: number;
  /** Aborted: kill at once. */
  readonly killNow: AbortSignal;
}

/**
 * Ends Chrome: asked over CDP, then by SIGTERM, then by SIGKILL, always the whole group. Resolves with how it exited;
 * code 0 means that it left on its own and its profile is complete.
 */
export async function terminateChrome(chrome: Chrome, options: TerminateOptions): Promise<ChromeExit> {
  const { closeMs, termMs, killNow } = options;
  // The answer does not matter, the exit does; a broken pipe makes Chrome exit as well.
  const asked = chrome.connection.call('Browser.close').catch(() => undefined);
  if (!(await exitsWithin(chrome, closeMs, killNow))) {
    if (!killNow.aborted) killGroup(chrome.pid, 'SIGTERM');
    if (!(await exitsWithin(chrome, termMs, killNow))) killGroup(chrome.pid);
  }
  const exit = await chrome.exited;
  await asked;
  return exit;
}

async function exitsWithin(chrome: Chrome, ms: number, killNow: AbortSignal): Promise<boolean> {
  if (killNow.aborted) return false;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const giveUp = () => resolve(false);
  const timer = setTimeout(giveUp, ms);
  killNow.addEventListener('abort', giveUp, { once: true });
  chrome.exited.then(() => resolve(true));
  const hasExited = await promise;
  clearTimeout(timer);
  killNow.removeEventListener('abort', giveUp);
  return hasExited;
}

/** One sentence on how Chrome ended, with its stderr tail when it did not end well. */
export function describeExit(
  exit: ChromeExit,
  chrome: Chrome,
  maxCharacters: number = CHROME_LIMITS.exitTailCharacters,
): string {
  const how =
    exit.signal === null ? `Chrome exited with code ${exit.code}` : `Chrome was killed by ${exit.signal}`;
  const tail = exit.code === 0 ? '' : chrome.stderrTail.read(maxCharacters - how.length - 20);
  return tail === '' ? how : `${how}. The last lines of its stderr: ${tail}`;
}
