import { CHROME_LIMITS } from './limits.ts';
import type { PendingCalls } from './pending-calls.ts';

/** How far one client may be ahead of Chrome. */
export interface SendWindow {
  /** A command of so many bytes was sent. False: no more until the window opens. */
  noteSent(bytes: number): boolean;
  isOpen(): boolean;
  /** For a client that does not read, nothing more is asked: Chrome is held back only while the controller waits for nothing. */
  setBehind(isBehind: boolean): void;
  close(): void;
}

export type WindowLimits = Pick<
  { readonly [Name in keyof typeof CHROME_LIMITS]: number },
  'maxBatches' | 'batchCommands' | 'batchBytes'
>;

/**
 * Chrome reads its pipe to the end at once, and works off what it has read in that order: behind a client that floods it,
 * everybody else would wait for all of that. So after each batch of a client's commands the controller asks something of
 * its own, and with too many batches unanswered the client is not read. A command may take as long as it likes: what counts
 * is that Chrome has come past it.
 */
export function createSendWindow(
  calls: Pick<PendingCalls, 'request'>,
  onOpen: () => void,
  { batchCommands, batchBytes, maxBatches }: WindowLimits = CHROME_LIMITS,
): SendWindow {
  let commands = 0;
  let sentBytes = 0;
  let unanswered = 0;
  let isBehind = false;
  let isClosed = false;

  const isFull = () => commands >= batchCommands || sentBytes >= batchBytes;
  const mayAsk = () => unanswered < maxBatches && !isBehind && !isClosed;

  function endBatch(): void {
    commands = 0;
    sentBytes = 0;
    unanswered += 1;
    calls.request({ method: 'Browser.getVersion' }, onPassed);
  }

  // Chrome's refusal, or its end, is an answer as well.
  function onPassed(): void {
    unanswered -= 1;
    openIfPossible();
  }

  function openIfPossible(): void {
    if (!isFull() || !mayAsk()) return;
    endBatch();
    onOpen();
  }

  return {
    noteSent(bytes) {
      commands += 1;
      sentBytes += bytes;
      if (isFull() && mayAsk()) endBatch();
      return !isFull();
    },
    isOpen: () => !isFull(),
    setBehind(value) {
      isBehind = value;
      openIfPossible();
    },
    close() {
      isClosed = true;
    },
  };
}
