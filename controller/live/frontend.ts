import { withTimeout } from '../../core/server/with-timeout.ts';
import { type ChromeConnection, ChromeRefusedError, type Json } from '../chrome/connection.ts';

export interface FrontendFile {
  readonly contentType: string;
  readonly body: Buffer;
}

export interface Frontend {
  /** One file of Chrome's own DevTools, by its path below `/devtools/`; null when Chrome has none. */
  read(path: string): Promise<FrontendFile | null>;
  stop(): void;
}

interface Opened {
  readonly targetId: string;
  readonly sessionId: string;
}

// Of the same build as the browser, so that both speak one protocol.
const ROOT = 'devtools://devtools/bundled/';
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
export function createFrontend(
  connection: ChromeConnection,
  { idleMs, answerMs }: { idleMs: number; answerMs: number },
): Frontend {
  let opened: Promise<Opened> | undefined;
  let closeTimer: NodeJS.Timeout | undefined;
  let reading = 0;

  async function open(): Promise<Opened> {
    const created = await connection.call('Target.createTarget', { url: 'about:blank', hidden: true });
    const targetId = String(created.targetId);
    const attached = await connection.call('Target.attachToTarget', { targetId, flatten: true });
    const sessionId = String(attached.sessionId);
    // Answered when the page is there: one that still loads would forget what it was asked.
    await connection.call('Page.navigate', { url: `${ROOT}inspector.html` }, sessionId);
    return { targetId, sessionId };
  }

  function close(): void {
    const closing = opened;
    opened = undefined;
    closing
      ?.then(({ targetId, sessionId }) => {
        connection.closeSession(sessionId);
        return connection.call('Target.closeTarget', { targetId });
      })
      // A target that could not be opened, or whose Chrome is gone, needs no closing.
      .catch(() => undefined);
  }

  async function evaluate(path: string, target: Promise<Opened>): Promise<Json> {
    const { sessionId } = await target;
    return connection.call(
      'Runtime.evaluate',
      {
        expression: `(${READ})(${JSON.stringify(ROOT + path)})`,
        awaitPromise: true,
        returnByValue: true,
      },
      sessionId,
    );
  }

  async function readOnce(path: string): Promise<FrontendFile | null> {
    opened ??= open();
    const target = opened;
    try {
      // A client that stops every new target at its start stops this one too.
      const answer = await withTimeout(evaluate(path, target), answerMs);
      if (answer === undefined) throw new Error('Chrome did not read a file of its own frontend in time');
      const { result, exceptionDetails } = answer;
      if (exceptionDetails !== undefined) throw new Error('Chrome could not read a file of its own frontend');
      const { value } = result as { value: readonly [string | null, string] | null };
      if (value === null) return null;
      return { contentType: value[0] ?? 'application/octet-stream', body: Buffer.from(value[1], 'base64') };
    } catch (error) {
      // Not the one that another request has opened meanwhile.
      if (opened === target) close();
      throw error;
    }
  }

  return {
    async read(path) {
      if (!PATH.test(path)) return null;
      clearTimeout(closeTimer);
      reading += 1;
      try {
        return await readOnce(path).catch((error: Error) => {
          if (!(error instanceof ChromeRefusedError)) throw error;
          // Somebody closed the target, or it had not quite opened: another one will do.
          return readOnce(path);
        });
      } finally {
        reading -= 1;
        if (reading === 0) closeTimer = setTimeout(close, idleMs);
      }
    },
    stop: () => clearTimeout(closeTimer),
  };
}
