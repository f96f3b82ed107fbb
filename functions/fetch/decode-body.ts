/** What a body is: a text with the name of its encoding, or bytes. */
export type Decoded =
  | { readonly kind: 'text'; readonly text: string; readonly encoding: string }
  | { readonly kind: 'bytes'; readonly base64: string };

// The web's own rule looks for it in the first 1024 bytes (HTML Standard, 13.2.3.2).
const PRESCAN_BYTES = 1_024;
const IN_CONTENT_TYPE = /;\s*charset\s*=\s*"?([^\s";]+)/i;
const IN_META = /<meta\b[^>]*?\bcharset\s*=\s*["']?\s*([\w.:-]+)/i;
// Of the control characters a text has these at most: tab, line feed, form feed, carriage return. JSON takes six letters
// for each of the others.
const BINARY = /[^\t\n\f\r\P{Cc}\x7f-\x9f]/u;
const TEXT_TYPES =
  /^(?:text\/|application\/(?:[\w.-]+\+)?(?:json|xml)\b|application\/(?:x-)?(?:javascript|ecmascript|ndjson|yaml|toml|x-www-form-urlencoded)\b|image\/svg\+xml)/;

/** The media type alone, in small letters; '' where none is said. */
export const mediaTypeOf = (contentType = ''): string =>
  (contentType.split(';')[0] as string).trim().toLowerCase();

export const isHtml = (mediaType: string): boolean =>
  mediaType === 'text/html' || mediaType === 'application/xhtml+xml';

export const isJson = (mediaType: string): boolean =>
  /^(?:application|text)\/(?:[\w.-]+\+)?json$/.test(mediaType);

/**
 * A text by the encoding that its byte order mark, its content-type or, of HTML, its `meta` element names; else UTF-8, and
 * windows-1252 where that is none. What says that it is no text, or has bytes that
 * no text has, stays bytes.
 */
export function decodeBody(body: Buffer, contentType = ''): Decoded {
  const mediaType = mediaTypeOf(contentType);
  const isText = mediaType === '' || TEXT_TYPES.test(mediaType);
  const named = encodingOf(body, contentType, isHtml(mediaType));
  if (!isText) return toBytes(body);
  const text = named === undefined ? undefined : decode(body, named);
  if (text !== undefined) return asText(body, text, named as string);
  const utf8 = decode(body, 'utf-8', true);
  return utf8 === undefined
    ? asText(body, decode(body, 'windows-1252') ?? '', 'windows-1252')
    : asText(body, utf8, 'utf-8');
}

const toBytes = (body: Buffer): Decoded => ({ kind: 'bytes', base64: body.toString('base64') });

const asText = (body: Buffer, text: string, encoding: string): Decoded =>
  BINARY.test(text) ? toBytes(body) : { kind: 'text', text, encoding };

function encodingOf(body: Buffer, contentType: string, isPage: boolean): string | undefined {
  if (body.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) return 'utf-8';
  if (body.subarray(0, 2).equals(Buffer.from([0xff, 0xfe]))) return 'utf-16le';
  if (body.subarray(0, 2).equals(Buffer.from([0xfe, 0xff]))) return 'utf-16be';
  const said = IN_CONTENT_TYPE.exec(contentType)?.[1];
  const written = isPage ? IN_META.exec(body.toString('latin1', 0, PRESCAN_BYTES))?.[1] : undefined;
  return labelOf(said) ?? labelOf(written);
}

/** The usual name of an encoding; undefined for one that nobody knows. */
function labelOf(label: string | undefined): string | undefined {
  if (label === undefined) return undefined;
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** Undefined where `isStrict` and the bytes are none of that encoding. */
function decode(body: Buffer, encoding: string, isStrict = false): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: isStrict }).decode(body);
  } catch {
    return undefined;
  }
}
