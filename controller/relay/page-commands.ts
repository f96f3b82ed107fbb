import { isObject } from '../../core/domain/is-object.ts';
import type { Json } from '../chrome/connection.ts';
import { CHROME_WORDS, type ProtocolError, unknownMethod } from './chrome-words.ts';
import { isPageMethod } from './page-methods.ts';

/** What becomes of a command on a connection with control of one page. */
export type PageDecision = { readonly params?: Json } | { readonly refusal: ProtocolError };

const PASS: PageDecision = Object.freeze({});
const NOT_ALLOWED: PageDecision = Object.freeze({ refusal: CHROME_WORDS.notAllowed });
/** Where a person may go by an address bar. The others show the machine's files, or are the browser's own pages. */
const OPEN_SCHEMES: readonly string[] = ['http:', 'https:', 'about:', 'data:'];
/** A page that another opened is nothing of its own. `{}` is every other type. */
const FRAMES_AND_WORKERS = [
  ...['browser', 'tab', 'page'].map((type) => ({ type, exclude: true })),
  {},
] as const;

/** Methods whose parameters decide. */
const BY_PARAMS: Readonly<Record<string, (params: Json) => PageDecision>> = {
  'Page.navigate'({ url }) {
    // What is no text Chrome refuses itself, in its own words.
    if (typeof url !== 'string') return PASS;
    // What is no address here may be one for Chrome: `chrome://settings:99999/` is.
    return OPEN_SCHEMES.includes(URL.parse(url)?.protocol ?? '')
      ? PASS
      : { refusal: CHROME_WORDS.invalidUrl };
  },
  // Spelt so in the protocol. Such a world reads every site, with its cookies.
  'Page.createIsolatedWorld': ({ grantUniveralAccess, grantUniversalAccess }) =>
    grantUniveralAccess || grantUniversalAccess ? NOT_ALLOWED : PASS,
  // Otherwise commands would come as text within a command.
  'Target.setAutoAttach': (params) =>
    params.flatten === true ? { params: { ...params, filter: FRAMES_AND_WORKERS } } : NOT_ALLOWED,
  // Of the target in which it is asked: the frontend names no other.
  'Target.getTargetInfo': () => ({ params: {} }),
};

/** Decides by the method, and where needed by its parameters. Pure. */
export function decidePageCommand(command: Json): PageDecision {
  const method = String(command.method);
  if (!isPageMethod(method)) return { refusal: unknownMethod(method) };
  const decide = Object.hasOwn(BY_PARAMS, method) ? BY_PARAMS[method] : undefined;
  return decide === undefined ? PASS : decide(isObject(command.params) ? command.params : {});
}

/**
 * What such a connection is not told: of other targets, and of headers with cookies in them, which no script of the page
 * may read.
 */
const HIDDEN_EVENTS = [
  ...[
    'targetCreated',
    'targetDestroyed',
    'targetCrashed',
    'targetInfoChanged',
    'receivedMessageFromTarget',
  ].map((name) => `Target.${name}`),
  ...['requestWillBeSentExtraInfo', 'responseReceivedExtraInfo', 'responseReceivedEarlyHints'].map(
    (name) => `Network.${name}`,
  ),
  ...['webSocketWillSendHandshakeRequest', 'webSocketHandshakeResponseReceived'].map(
    (name) => `Network.${name}`,
  ),
].map((method) => Buffer.from(`{"method":"${method}"`));

/** Whether a message of Chrome's is for a connection with control of one page. Chrome writes an event's method first. */
export const isPageMessage = (message: Buffer): boolean =>
  !HIDDEN_EVENTS.some((start) => message.subarray(0, start.length).equals(start));
