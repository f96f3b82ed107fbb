/**
 * What of a command, an answer or an event may be written down: an allow-list, so that what a client types, a page holds
 * or a new Chrome brings is masked until somebody has looked at it. Numbers and truth values are shown, texts only under
 * the names below; nothing at all where a value is the page's or the client's own.
 */
import { isObject } from '../../core/domain/is-object.ts';
import type { Json } from '../chrome/connection.ts';
import { LOG_LIMITS } from './limits.ts';
import { maskHeaders } from './mask-headers.ts';
import { maskUrl, maskUrlsIn } from './mask-url.ts';
import { MASKED } from './masked.ts';

/** Words of the protocol's or of Chrome's own. */
const SHOWN: ReadonlySet<string> = new Set(
  `alternateProtocolUsage behavior blockedReason button category charset contentEncoding disposition errorText format
  functionName guid initialPriority jsVersion level media method mimeType mixedContentType navigationType newPriority phase
  pointerType priority product protocol protocolVersion reason referrerPolicy remoteIPAddress resourceType revision
  securityState state subtype transitionType type userAgent`.split(/\s+/),
);
/** The names of things that Chrome numbers. */
const IDENTIFIER = /^(?:id|[a-z]\w*Ids?)$/;
const ADDRESS = /(?:^url|U[Rr][Ll]|^origin|Origin|^referrer)$/;
/** Whose content has names, texts and numbers of the page's or the client's own. */
const OPAQUE: ReadonlySet<string> = new Set(
  `address args arguments card customPreview deepSerializedValue entries location nativeVirtualKeyCode payload preview
  unserializableValue value windowsVirtualKeyCode`.split(/\s+/),
);
/** Texts that only one method has, and that are no secret there. */
const SHOWN_IN: Readonly<Record<string, ReadonlySet<string>>> = {
  'Page.lifecycleEvent': new Set(['name']),
  'Log.entryAdded': new Set(['source', 'text']),
};
/** Where even the harmless headers may not be so: the client has made them up. */
const OWN_HEADERS: readonly string[] = ['Network.setExtraHTTPHeaders', 'Fetch.continueRequest'];

const maskSentence = (text: string): string => {
  const { maxTextCharacters } = LOG_LIMITS;
  return maskUrlsIn(text.slice(0, maxTextCharacters)).slice(0, maxTextCharacters);
};

/** Parameters or a result of this method, as they may be written down. */
export function mask(method: string, content: Json): Json {
  const shownHere = Object.hasOwn(SHOWN_IN, method) ? SHOWN_IN[method] : undefined;
  const hidesHeaders = OWN_HEADERS.includes(method);

  function maskText(name: string, text: string): string {
    if (ADDRESS.test(name)) return maskUrl(text);
    if (shownHere?.has(name)) return maskSentence(text);
    if (SHOWN.has(name)) return text;
    return IDENTIFIER.test(name) && text.length <= LOG_LIMITS.maxNameCharacters ? text : MASKED;
  }

  function maskValue(name: string, value: unknown, depth: number): unknown {
    if (OPAQUE.has(name) || depth > LOG_LIMITS.maxDepth) return MASKED;
    if (typeof value === 'string') return maskText(name, value);
    if (Array.isArray(value)) return value.map((item) => maskValue(name, item, depth + 1));
    if (!isObject(value)) return value;
    if (/headers$/i.test(name)) return hidesHeaders ? MASKED : maskHeaders(value);
    return maskObject(value, depth + 1);
  }

  const maskObject = (object: Json, depth: number): Json =>
    Object.fromEntries(Object.entries(object).map(([name, value]) => [name, maskValue(name, value, depth)]));

  return maskObject(content, 0);
}
