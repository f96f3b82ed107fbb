import { AppError } from '../../core/domain/errors.ts';
import { htmlToMarkdown } from '../../core/page/html-to-markdown.ts';
import { MarkdownTooLongError } from '../../core/page/markdown-writer.ts';
import { dataOfJson, dataOfPage } from '../../core/page/page-data.ts';
import { PageTooDeepError } from '../../core/page/parse-html.ts';
import { type Schema, SchemaError } from '../../core/page/read-schema.ts';
import { type DataSource, MissingDataError, shapeBySchema } from '../../core/page/shape-by-schema.ts';
import { type Decoded, isHtml, isJson } from './decode-body.ts';

export interface Page {
  /** Where it was found, redirects followed. */
  readonly address: string;
  readonly mediaType: string;
  readonly decoded: Decoded;
}

/** The body as it came: a text, or base64 of bytes. */
export const toRaw = ({ decoded }: Page): string => (decoded.kind === 'text' ? decoded.text : decoded.base64);

/** HTML as Markdown; plain text and Markdown as they are. */
export function toMarkdown({ address, mediaType, decoded }: Page): string {
  if (decoded.kind === 'text' && isHtml(mediaType))
    return refusingBadPages(() => htmlToMarkdown(decoded.text, address));
  if (decoded.kind === 'text' && /^text\/(?:plain|markdown|x-markdown)$/.test(mediaType)) return decoded.text;
  throw new AppError('FETCH_FORMAT', ['markdown', nameOf(mediaType)]);
}

/** What JSON or a page declares, in the form of the schema. */
export function toData(page: Page, schema: Schema): Record<string, unknown> {
  const source = sourceOf(page);
  try {
    return shapeBySchema(schema, source);
  } catch (error) {
    if (error instanceof SchemaError) throw new AppError('BAD_REQUEST', [error.message], { cause: error });
    if (error instanceof MissingDataError)
      throw new AppError('FETCH_DATA_MISSING', [error.message], { cause: error });
    throw error;
  }
}

function sourceOf({ address, mediaType, decoded }: Page): DataSource {
  if (decoded.kind === 'text' && isJson(mediaType)) return dataOfJson(parseJson(decoded.text));
  if (decoded.kind === 'text' && isHtml(mediaType))
    return refusingBadPages(() => dataOfPage(decoded.text, address));
  throw new AppError('FETCH_FORMAT', ['json', nameOf(mediaType)]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AppError('FETCH_FAILED', ['The answer says that it is JSON, and is not'], { cause: error });
  }
}

function refusingBadPages<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof PageTooDeepError || error instanceof MarkdownTooLongError)
      throw new AppError('FETCH_FAILED', [`It cannot be read: ${error.message}`], { cause: error });
    throw error;
  }
}

const nameOf = (mediaType: string): string =>
  /^[\w.+-]{1,80}\/[\w.+-]{1,80}$/.test(mediaType) ? mediaType : 'of a type that it does not say';
