import { Parser } from 'htmlparser2';

/** The page's elements stand in one another deeper than is looked at. */
export class PageTooDeepError extends Error {
  override readonly name = 'PageTooDeepError';
}

/** Chrome itself goes no deeper than 512. The parser compares every end tag with all that is open. */
export const MAX_DEPTH = 1_000;

export type Attributes = Readonly<Record<string, string>>;

export interface PageReader {
  /** `depth` is 1 for the outermost element. */
  open(name: string, attributes: Attributes, depth: number): void;
  text(text: string): void;
  /** Of every element that was opened, the inner ones first. */
  close(name: string, depth: number): void;
}

/** Goes through a page once, in time that grows with its length alone. Throws a PageTooDeepError. */
export function parseHtml(html: string, reader: PageReader): void {
  let depth = 0;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        depth += 1;
        if (depth > MAX_DEPTH)
          throw new PageTooDeepError(`the page's elements are nested more than ${MAX_DEPTH} deep`);
        reader.open(name, attributes, depth);
      },
      ontext: (text) => reader.text(text),
      onclosetag(name) {
        reader.close(name, depth);
        depth -= 1;
      },
    },
    { decodeEntities: true },
  );
  parser.end(html);
}
