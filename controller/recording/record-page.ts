import { type Clock, pause, repeat } from '../../core/domain/clock.ts';
import { type ChromeConnection, ChromeGoneError, ChromeRefusedError } from '../chrome/connection.ts';
import { isInactivePage } from '../chrome/inactive-page.ts';
import { RECORDER_LIMITS, type RecorderLimits } from './limits.ts';

export type RecorderConnection = Pick<ChromeConnection, 'call' | 'listen' | 'closeSession' | 'holdCloses'>;

export interface PartDeps {
  readonly connection: RecorderConnection;
  readonly clock: Clock;
  /** What Chrome has written, in its order. */
  onBytes(bytes: Buffer): void;
  /** Whether a piece that was begun is not there yet. */
  isWhole(): boolean;
  /** Nothing more can be read: the page has gone. */
  onGone(): void;
  readonly limits?: RecorderLimits;
}

/** A recording that runs. */
export interface RunningPart {
  /** Resolves when all of it has been read that will be. */
  stop(): Promise<void>;
}

/** This Chrome, or the Chromium that it is made of, has no recorder: no page can be recorded. */
export class NoRecorderError extends Error {
  override readonly name = 'NoRecorderError';
}

/** The page is on its way to another address, or has crashed: it may be recorded a moment later. */
export class InactivePageError extends Error {
  override readonly name = 'InactivePageError';
}

// Of the protocol's own: "'Page.startScreenRecording' wasn't found".
const UNKNOWN_METHOD = /wasn't found/;
const REREAD_MS = 50;

/**
 * Has Chrome record one page and reads what it writes, every two seconds. Rejects with a NoRecorderError, an InactivePageError
 * or what else Chrome has answered; resolves when the recording runs. Nobody closes the page meanwhile.
 */
export async function recordPage(targetId: string, deps: PartDeps): Promise<RunningPart> {
  const { connection, clock, limits = RECORDER_LIMITS } = deps;
  const release = connection.holdCloses();
  const cancel = clock.setTimer(limits.startMs, release);
  try {
    return await startRecorder(targetId, deps);
  } finally {
    cancel();
    release();
  }
}

async function startRecorder(targetId: string, deps: PartDeps): Promise<RunningPart> {
  const { connection, clock, limits = RECORDER_LIMITS } = deps;
  const attached = await connection.call('Target.attachToTarget', { targetId, flatten: true });
  const cdpSessionId = String(attached.sessionId);
  try {
    const { frameRate, maxWidth, maxHeight } = limits;
    const params = { frameRate, maxWidth, maxHeight };
    const { stream } = await connection.call('Page.startScreenRecording', params, cdpSessionId);
    const reader = createReader({ ...deps, limits, cdpSessionId, handle: String(stream) });
    const cancel = repeat(clock, limits.readEveryMs, () => void reader.read());
    return {
      async stop() {
        cancel();
        await reader.finish();
        connection.closeSession(cdpSessionId);
      },
    };
  } catch (error) {
    connection.closeSession(cdpSessionId);
    throw inOurWords(error);
  }
}

function inOurWords(error: unknown): unknown {
  if (!(error instanceof ChromeRefusedError)) return error;
  const { message } = error;
  if (UNKNOWN_METHOD.test(message)) return new NoRecorderError(message, { cause: error });
  return isInactivePage(error) ? new InactivePageError(message, { cause: error }) : error;
}

interface ReaderDeps extends PartDeps {
  readonly limits: RecorderLimits;
  readonly cdpSessionId: string;
  readonly handle: string;
}

/** Reads of one recording, one at a time. What can be read no more, because its page or Chrome is gone, is no fault of ours. */
function createReader({ connection, clock, cdpSessionId, handle, limits, ...deps }: ReaderDeps) {
  let reading: Promise<void> = Promise.resolve();
  let isGone = false;

  const ask = (method: string, params?: object) => connection.call(method, params, cdpSessionId);

  async function readAll(): Promise<void> {
    for (let isMore = !isGone; isMore; ) {
      const { data, eof, base64Encoded } = await ask('IO.read', { handle, size: limits.readBytes });
      const bytes = Buffer.from(String(data), base64Encoded === true ? 'base64' : 'latin1');
      if (bytes.length > 0) deps.onBytes(bytes);
      // Of a file that grows: there is no more yet.
      isMore = eof !== true && bytes.length > 0;
    }
  }

  const read = (): Promise<void> => {
    reading = reading.then(readAll).catch(noteGone);
    return reading;
  };

  function noteGone(error: unknown): void {
    if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) throw error;
    if (isGone) return;
    isGone = true;
    deps.onGone();
  }

  return {
    read,
    async finish(): Promise<void> {
      await reading;
      if (isGone) return;
      const untilMs = clock.now() + limits.restMs;
      await ask('Page.stopScreenRecording').catch(noteGone);
      await read();
      // It answers before its last bytes are written.
      while (!deps.isWhole() && !isGone && clock.now() < untilMs) {
        await pause(clock, REREAD_MS);
        await read();
      }
      if (!isGone) await ask('IO.close', { handle }).catch(noteGone);
    },
  };
}
