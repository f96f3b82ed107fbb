/**
 * What the proxy changes in a client's commands: where downloads land, and what `Browser.close` means.
 *
 * All else passes byte for byte, and is not even parsed: a search for a few bytes decides. A method's name can also be
 * written with \u00XX escapes (or, in a message within a message, with those escaped again), so these bytes make a
 * message suspect too. What is suspect and not JSON is refused, not passed.
 */
export type Inspection =
  | { readonly action: 'pass' }
  | { readonly action: 'replace'; readonly message: string }
  | { readonly action: 'answer'; readonly message: string; readonly closesBrowser: boolean };

type Json = Record<string, unknown>;

const PASS: Inspection = Object.freeze({ action: 'pass' });
const SUSPECT_BYTES = ['setDownloadBehavior', 'Browser.close', '\\u00'].map((text) => Buffer.from(text));
const DOWNLOAD_METHODS: readonly unknown[] = ['Browser.setDownloadBehavior', 'Page.setDownloadBehavior'];
// Target.sendMessageToTarget carries a message as text, which can again be one of those.
const MAX_NESTING = 4;
const NOT_JSON = JSON.stringify({ error: { code: -32700, message: 'The message is not JSON' } });

/** Looks at one message of a client. */
export function inspectCommand(data: Buffer, downloadsFolder: string): Inspection {
  return SUSPECT_BYTES.some((bytes) => data.includes(bytes))
    ? inspectText(data.toString(), downloadsFolder, 0)
    : PASS;
}

function inspectText(text: string, downloadsFolder: string, nesting: number): Inspection {
  const message = parse(text);
  if (message === null) return { action: 'answer', message: NOT_JSON, closesBrowser: false };
  if (message.method === 'Browser.close') return closeBrowser(message);
  if (DOWNLOAD_METHODS.includes(message.method)) return moveDownloads(message, downloadsFolder);
  if (message.method === 'Target.sendMessageToTarget')
    return inspectNested(message, downloadsFolder, nesting);
  return PASS;
}

/** Chrome stays: the session ends as by a release, which closes it with its profile saved. */
function closeBrowser(message: Json): Inspection {
  // Without a usable id it is no command; Chrome says so.
  if (!Number.isInteger(message.id)) return PASS;
  return { action: 'answer', message: successOf(message), closesBrowser: true };
}

/**
 * A client's path means nothing in a container. `allowAndName` (Playwright's) names files by their guid, for a client
 * that finds them in a folder it shares with the browser; here people fetch them by name, so it becomes `allow`.
 * `default` becomes `allow` too: in a headless Chrome it would mean the last path somebody set. The events, which
 * carry the guid, stay as they were asked for.
 */
function moveDownloads(message: Json, downloadsFolder: string): Inspection {
  const params = isObject(message.params) ? message.params : {};
  const behavior =
    params.behavior === 'allowAndName' || params.behavior === 'default' ? 'allow' : params.behavior;
  return replaceParams(message, { ...params, behavior, downloadPath: downloadsFolder });
}

function inspectNested(message: Json, downloadsFolder: string, nesting: number): Inspection {
  const params = isObject(message.params) ? message.params : {};
  if (typeof params.message !== 'string') return PASS;
  if (nesting >= MAX_NESTING) return { action: 'answer', message: NOT_JSON, closesBrowser: false };
  const inner = inspectText(params.message, downloadsFolder, nesting + 1);
  if (inner.action === 'pass') return PASS;
  if (inner.action === 'replace') return replaceParams(message, { ...params, message: inner.message });
  return inner.closesBrowser ? { ...inner, message: successOf(message) } : inner;
}

const replaceParams = (message: Json, params: Json): Inspection => ({
  action: 'replace',
  message: JSON.stringify({ ...message, params }),
});

const successOf = ({ id, sessionId }: Json): string => JSON.stringify({ id, result: {}, sessionId });

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}
