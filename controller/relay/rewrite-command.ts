import { isObject } from '../../core/domain/is-object.ts';
import type { Json } from '../chrome/connection.ts';
import { CHROME_WORDS, errorAnswer, type ProtocolError } from './chrome-words.ts';
import { faultOfText, parseObject } from './client-command.ts';
import { opensOwnPage } from './ending-address.ts';
import { namesFiles, rewriteFiles, type UploadPathOf } from './rewrite-files.ts';

/** What the proxy changes in a client's commands: where downloads land and uploads lie, and what `Browser.close` means. */
export type Rewrite =
  | { readonly action: 'pass' }
  | { readonly action: 'replace'; readonly message: string }
  | { readonly action: 'answer'; readonly message: string; readonly closesBrowser: boolean };

const PASS: Rewrite = Object.freeze({ action: 'pass' });
// The second gives a page commands of its own, which pass by here: Browser.close would be one of them.
const ENDING_METHODS: readonly unknown[] = ['Browser.crash', 'Target.exposeDevToolsProtocol'];
// It names a folder of the container, whichever it likes.
const LOAD_EXTENSION = 'Extensions.loadUnpacked';
// Of a page, and older: it knows no `allowAndName`.
const PAGE_DOWNLOADS = 'Page.setDownloadBehavior';
const DOWNLOAD_METHODS: readonly unknown[] = ['Browser.setDownloadBehavior', PAGE_DOWNLOADS];
const CREATE_CONTEXT = 'Target.createBrowserContext';
// Target.sendMessageToTarget carries a message as text, which can again be one of those.
const MAX_NESTING = 4;

export interface RewriteRules {
  readonly downloadsFolder: string;
  readonly uploadPathOf: UploadPathOf;
  /** What becomes of a proxy that a client names for a context; undefined: Chrome goes to it by itself. */
  readonly contextProxy?: ContextProxyOf | undefined;
  /** Whether the client may end the browser for everybody. */
  readonly mayEnd: boolean;
}

type LedProxy =
  | { readonly proxyServer: string; readonly proxyBypassList: string }
  | { readonly refusal: ProtocolError };

/** What Chrome is told instead of a client's proxy and its bypass list, or why it is not; undefined: it is told just that. */
export type ContextProxyOf = (server: string, bypassList: string) => LedProxy | undefined;

/** Decides on one command of a client. */
export function rewriteCommand(message: Json, rules: RewriteRules, nesting = 0): Rewrite {
  if (message.method === 'Browser.close') return closeBrowser(message);
  if (!rules.mayEnd && isEnding(message)) return refuse(message, CHROME_WORDS.kept);
  if (message.method === LOAD_EXTENSION) return refuse(message, CHROME_WORDS.folderOfTheContainer);
  if (DOWNLOAD_METHODS.includes(message.method)) return moveDownloads(message, rules.downloadsFolder);
  if (message.method === CREATE_CONTEXT) return leadContext(message, rules.contextProxy);
  if (namesFiles(message.method)) return findFiles(message, message.method, rules.uploadPathOf);
  if (message.method === 'Target.sendMessageToTarget') return rewriteNested(message, rules, nesting);
  return PASS;
}

const isEnding = ({ method, params }: Json): boolean =>
  ENDING_METHODS.includes(method) || opensOwnPage(method, isObject(params) ? params.url : undefined);

/**
 * Chrome stays. The session ends as by a release, which closes it with its profile saved; one that is kept alive ends for
 * this client alone.
 */
function closeBrowser(message: Json): Rewrite {
  // Without a usable id it is no command; Chrome says so.
  if (!Number.isInteger(message.id)) return PASS;
  return { action: 'answer', message: successOf(message), closesBrowser: true };
}

/**
 * A client's path means nothing in a container. Files go where all of the session's go, each under its own id, so that none
 * meets another: `allow` and `default` become `allowAndName`. People fetch them by name (functions/downloads/). The events stay
 * as they were asked for, and who wants no downloads gets none.
 */
function moveDownloads(message: Json, downloadsFolder: string): Rewrite {
  const params = isObject(message.params) ? message.params : {};
  const isUsual = params.behavior === 'allow' || params.behavior === 'default';
  // What it asks for is so already.
  if (message.method === PAGE_DOWNLOADS && isUsual && Number.isInteger(message.id))
    return { action: 'answer', message: successOf(message), closesBrowser: false };
  const behavior = isUsual ? 'allowAndName' : params.behavior;
  return replaceParams(message, { ...params, behavior, downloadPath: downloadsFolder });
}

/** A context of a guarded browser goes by the guard, whatever proxy it has. */
function leadContext(message: Json, contextProxy: ContextProxyOf | undefined): Rewrite {
  const params = isObject(message.params) ? message.params : {};
  const { proxyServer, proxyBypassList = '' } = params;
  // What is no text Chrome refuses, and what is empty it takes for none.
  const isText = typeof proxyServer === 'string' && typeof proxyBypassList === 'string';
  if (contextProxy === undefined || !isText || proxyServer === '') return PASS;
  const led = contextProxy(proxyServer, proxyBypassList);
  if (led === undefined) return PASS;
  return 'refusal' in led ? refuse(message, led.refusal) : replaceParams(message, { ...params, ...led });
}

function findFiles(message: Json, method: string, uploadPathOf: UploadPathOf): Rewrite {
  const rewritten = rewriteFiles(method, message.params, uploadPathOf);
  if (rewritten === null) return PASS;
  return 'refusal' in rewritten
    ? refuse(message, rewritten.refusal)
    : replaceParams(message, rewritten.params);
}

function rewriteNested(message: Json, rules: RewriteRules, nesting: number): Rewrite {
  const params = isObject(message.params) ? message.params : {};
  if (typeof params.message !== 'string') return PASS;
  const nested = parseObject(params.message);
  // What is not JSON for us might still be for Chrome.
  if (nested === null) return refuse(message, faultOfText(params.message));
  if (nesting >= MAX_NESTING) return refuse(message, CHROME_WORDS.tooDeep);
  const inner = rewriteCommand(nested, rules, nesting + 1);
  if (inner.action === 'pass') return PASS;
  if (inner.action === 'replace') return replaceParams(message, { ...params, message: inner.message });
  if (inner.closesBrowser) return { ...inner, message: successOf(message) };
  // What is refused within a message is answered as the command that carries it.
  return refuse(message, (parseObject(inner.message) as { error: ProtocolError }).error);
}

const refuse = ({ id, sessionId }: Json, fault: ProtocolError): Rewrite => ({
  action: 'answer',
  message: errorAnswer(fault, id, sessionId),
  closesBrowser: false,
});

const replaceParams = (message: Json, params: Json): Rewrite => ({
  action: 'replace',
  message: JSON.stringify({ ...message, params }),
});

const successOf = ({ id, sessionId }: Json): string => JSON.stringify({ id, result: {}, sessionId });
