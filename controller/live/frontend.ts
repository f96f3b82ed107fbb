import type { Clock } from '../../core/domain/clock.ts';
import { withTimeout } from '../../core/server/with-timeout.ts';
import { type ChromeConnection, ChromeRefusedError, type Json } from '../chrome/connection.ts';
import { type HiddenTarget, openHiddenTarget } from './hidden-target.ts';

export interface FrontendFile {
  readonly contentType: string;
  readonly body: Buffer;
}

export interface FrontendOptions {
  /** How long the hidden target stays after the last file. */
  readonly idleMs: number;
  /** For one file. */
  readonly answerMs: number;
  readonly clock: Clock;
}

// Of the same build as the browser, so that both speak one protocol.
const ROOT = 'devtools://devtools/bundled/';
// A page of that origin which is nearly empty. The frontend's own, `inspector.html`, would start all of DevTools in the
// hidden target, beside the one that somebody waits for.
const READING_PAGE = `${ROOT}device_mode_emulation_frame.html`;
const PATH = /^(?!.*\.\.)[\w-][\w./@-]*$/;

// Run in the hidden target. A data URL is the quickest way for bytes into a string.
const READ = `async (url) => {
  const response = await fetch(url).catch(() => null);
  if (response === null || !response.ok) return null;
  const reader = new FileReader();
  reader.readAsDataURL(await response.blob());
  await new Promise((resolve) => { reader.onloadend = resolve; });
  return [response.headers.get('content-type'), reader.result.slice(reader.result.indexOf(',') + 1)];
}`;

/**
 * The DevTools frontend that is built into Chrome. Without a debugging port Chrome serves it to nobody but itself, so
 * a hidden target reads the files; it exists only while somebody asks for them.
 */
export class Frontend {
  readonly #connection: ChromeConnection;
  readonly #options: FrontendOptions;
  #target: HiddenTarget | undefined;
  #reads = 0;
  #cancelClosing = () => {};

  constructor(connection: ChromeConnection, options: FrontendOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** One file of Chrome's own DevTools, by its path below `/devtools/`; null when Chrome has none. */
  async read(path: string): Promise<FrontendFile | null> {
    if (!PATH.test(path)) return null;
    this.#cancelClosing();
    this.#reads += 1;
    try {
      return await this.#readOnce(path).catch((error: Error) => {
        if (!(error instanceof ChromeRefusedError)) throw error;
        // Somebody closed the target, or it had not quite opened: another one will do.
        return this.#readOnce(path);
      });
    } finally {
      this.#reads -= 1;
      if (this.#reads === 0) this.#closeWhenIdle();
    }
  }

  stop(): void {
    this.#cancelClosing();
  }

  async #readOnce(path: string): Promise<FrontendFile | null> {
    this.#target ??= openHiddenTarget(this.#connection, READING_PAGE);
    const target = this.#target;
    try {
      const answer = await withTimeout(this.#evaluate(path, target), this.#options.answerMs);
      if (answer === undefined) throw new Error('Chrome did not read a file of its own frontend in time');
      return fileOf(answer);
    } catch (error) {
      // Not the one that another request has opened meanwhile.
      if (this.#target === target) this.#close();
      throw error;
    }
  }

  async #evaluate(path: string, target: HiddenTarget): Promise<Json> {
    const cdpSessionId = await target.ready;
    const expression = `(${READ})(${JSON.stringify(ROOT + path)})`;
    const params = { expression, awaitPromise: true, returnByValue: true };
    return this.#connection.call('Runtime.evaluate', params, cdpSessionId);
  }

  #closeWhenIdle(): void {
    const { clock, idleMs } = this.#options;
    this.#cancelClosing = clock.setTimer(idleMs, () => this.#close());
  }

  #close(): void {
    const closing = this.#target;
    this.#target = undefined;
    // A target that could not be opened, or whose Chrome is gone, needs no closing.
    closing?.close().catch(() => undefined);
  }
}

function fileOf({ result, exceptionDetails }: Json): FrontendFile | null {
  if (exceptionDetails !== undefined) throw new Error('Chrome could not read a file of its own frontend');
  const { value } = result as { value: readonly [contentType: string | null, base64: string] | null };
  if (value === null) return null;
  return { contentType: value[0] ?? 'application/octet-stream', body: Buffer.from(value[1], 'base64') };
}
