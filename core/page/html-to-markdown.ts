import { EMPHASIS, linkTo, MarkdownWriter, newBudget, STRONG, STRUCK } from './markdown-writer.ts';
import { type Attributes, type PageReader, parseHtml } from './parse-html.ts';
import { writeTable } from './write-table.ts';

/** Nothing of these is text that a person would read. */
const UNSEEN: ReadonlySet<string> = new Set([
  ...['script', 'style', 'noscript', 'template', 'head', 'title', 'svg', 'math', 'iframe', 'object'],
  ...['canvas', 'audio', 'video', 'select', 'datalist', 'textarea', 'dialog', 'noframes', 'noembed'],
]);
const BLOCKS: ReadonlySet<string> = new Set([
  ...['address', 'article', 'aside', 'body', 'center', 'dd', 'details', 'div', 'dl', 'dt', 'fieldset'],
  ...['figcaption', 'figure', 'footer', 'form', 'header', 'hgroup', 'html', 'legend', 'main', 'nav', 'p'],
  ...['search', 'section', 'summary', 'caption'],
]);
const MARKS = {
  strong: STRONG,
  b: STRONG,
  em: EMPHASIS,
  i: EMPHASIS,
  del: STRUCK,
  s: STRUCK,
  strike: STRUCK,
};
const CODE: ReadonlySet<string> = new Set(['pre', 'code', 'samp', 'kbd', 'tt']);
/** Each link is read against it, so that a long one costs its length as often as there are links. */
const MAX_BASE_CHARACTERS = 2_048;
const HEADING = /^h([1-6])$/;

interface Code {
  readonly depth: number;
  readonly isBlock: boolean;
  readonly text: string[];
  language: string;
}

interface List {
  readonly isOrdered: boolean;
  next: number;
}

/**
 * The page as Markdown (CommonMark with the tables of GFM), in one pass: headings, lists, quotes, code, tables, links and
 * pictures with whole addresses; what is not shown as text is left out. Throws a PageTooDeepError or a
 * MarkdownTooLongError.
 */
export function htmlToMarkdown(html: string, address: string): string {
  const reader = new MarkdownReader(address);
  parseHtml(html, reader);
  return reader.end();
}

class MarkdownReader implements PageReader {
  readonly #address: string;
  readonly #budget = newBudget();
  readonly #page = new MarkdownWriter(this.#budget);
  readonly #lists: List[] = [];
  /** Of the table that is read, its cells as Markdown. */
  #rows: string[][] = [];
  #tableDepth = 0;
  #cell: MarkdownWriter | undefined;
  #isFirstItem = false;
  /** Of the element with all its content that is passed over; undefined where the page is read. */
  #unseenSince: number | undefined;
  #code: Code | undefined;
  /** Of each open `a`, whether it is a link. */
  readonly #links: boolean[] = [];
  #base: string;

  constructor(address: string) {
    this.#address = address;
    this.#base = address;
  }

  open(name: string, attributes: Attributes, depth: number): void {
    if (name === 'base') this.#setBase(attributes.href);
    if (this.#unseenSince !== undefined) return;
    if (UNSEEN.has(name) || isHidden(attributes)) this.#unseenSince = depth;
    else if (this.#code !== undefined) this.#openInCode(name, attributes);
    else if (CODE.has(name)) this.#openCode(name, attributes, depth);
    else this.#open(name, attributes);
  }

  text(text: string): void {
    if (this.#unseenSince !== undefined) return;
    if (this.#code !== undefined) this.#code.text.push(text);
    else this.#writer.text(text);
  }

  close(name: string, depth: number): void {
    if (this.#unseenSince !== undefined) {
      if (depth === this.#unseenSince) this.#unseenSince = undefined;
    } else if (this.#code === undefined) this.#close(name);
    else if (depth === this.#code.depth) this.#endCode();
  }

  end(): string {
    return this.#page.end();
  }

  get #writer(): MarkdownWriter {
    return this.#cell ?? this.#page;
  }

  #setBase(href: string | undefined): void {
    if (href !== undefined && href.length <= MAX_BASE_CHARACTERS)
      this.#base = URL.parse(href, this.#address)?.href ?? this.#base;
  }

  #open(name: string, attributes: Attributes): void {
    const heading = HEADING.exec(name);
    if (heading !== null) this.#writer.beginBlock(`${'#'.repeat(Number(heading[1]))} `);
    else if (BLOCKS.has(name)) this.#writer.beginBlock();
    else if (Object.hasOwn(MARKS, name)) this.#writer.openMark(MARKS[name as keyof typeof MARKS]);
    else this.#openOther(name, attributes);
  }

  #openOther(name: string, attributes: Attributes): void {
    if (name === 'a') this.#openLink(attributes.href);
    else if (name === 'img') this.#picture(attributes);
    else if (name === 'br') this.#writer.breakLine();
    else if (name === 'hr') this.#writer.block(['---']);
    else if (name === 'blockquote') this.#writer.enter('> ', '> ');
    else if (name === 'ul' || name === 'ol' || name === 'menu') this.#openList(name, attributes.start);
    else if (name === 'li') this.#openItem();
    else if (name === 'table') this.#openTable();
    else if (name === 'tr' || name === 'td' || name === 'th') this.#openInTable(name);
  }

  #close(name: string): void {
    if (HEADING.test(name) || BLOCKS.has(name)) this.#writer.endBlock();
    else if (Object.hasOwn(MARKS, name)) this.#writer.closeMark();
    else if (name === 'a') this.#closeLink();
    else if (name === 'blockquote' || name === 'li') this.#writer.leave();
    else if (name === 'ul' || name === 'ol' || name === 'menu') this.#closeList();
    else if (name === 'table') this.#closeTable();
    else if (name === 'td' || name === 'th') this.#closeCell();
  }

  #openCode(name: string, attributes: Attributes, depth: number): void {
    this.#code = { depth, isBlock: name === 'pre', text: [], language: languageOf(attributes) };
  }

  #openInCode(name: string, attributes: Attributes): void {
    if (this.#code === undefined) return;
    if (name === 'br') this.#code.text.push('\n');
    if (name === 'code' && this.#code.language === '') this.#code.language = languageOf(attributes);
  }

  #endCode(): void {
    const { text, isBlock, language } = this.#code as Code;
    this.#code = undefined;
    if (isBlock) this.#writer.codeBlock(text.join(''), language);
    else this.#writer.code(text.join(''));
  }

  #addressOf(reference: string | undefined): string | undefined {
    if (reference === undefined) return undefined;
    const url = URL.parse(reference, this.#base);
    return url !== null && /^(https?|mailto|tel):$/.test(url.protocol) ? url.href : undefined;
  }

  #openLink(href: string | undefined): void {
    const address = this.#addressOf(href);
    this.#links.push(address !== undefined);
    if (address !== undefined) this.#writer.openMark(linkTo(address));
  }

  #closeLink(): void {
    if (this.#links.pop()) this.#writer.closeMark();
  }

  #picture({ src, alt = '' }: Attributes): void {
    const address = this.#addressOf(src);
    if (address === undefined) return;
    const mark = linkTo(address);
    this.#writer.raw(`!${mark.open}${alt.replace(/\s+/g, ' ').replace(/[[\]\\]/g, '\\$&')}${mark.close}`);
  }

  #openList(name: string, start = '1'): void {
    this.#writer.endBlock();
    const first = Number.parseInt(start, 10);
    this.#lists.push({ isOrdered: name === 'ol', next: first >= 0 && first < 1e9 ? first : 1 });
    if (this.#lists.length === 1) this.#isFirstItem = true;
  }

  #openItem(): void {
    const list = this.#lists.at(-1);
    const mark = list?.isOrdered ? `${list.next++}. ` : '- ';
    this.#writer.enter(mark, ' '.repeat(mark.length), !this.#isFirstItem);
    this.#isFirstItem = false;
  }

  #closeList(): void {
    this.#writer.endBlock();
    this.#lists.pop();
  }

  #openTable(): void {
    this.#writer.endBlock();
    this.#tableDepth += 1;
    if (this.#tableDepth === 1) this.#rows = [];
  }

  /** A table in a table is its text: Markdown has none of those. */
  #openInTable(name: string): void {
    if (this.#tableDepth !== 1) this.#writer.endBlock();
    else if (name === 'tr') this.#rows.push([]);
    else this.#cell = new MarkdownWriter(this.#budget);
  }

  #closeCell(): void {
    if (this.#tableDepth !== 1 || this.#cell === undefined) {
      this.#writer.endBlock();
      return;
    }
    if (this.#rows.length === 0) this.#rows.push([]);
    this.#rows.at(-1)?.push(this.#cell.end());
    this.#cell = undefined;
  }

  #closeTable(): void {
    this.#writer.endBlock();
    this.#tableDepth -= 1;
    if (this.#tableDepth === 0) writeTable(this.#rows, this.#page);
  }
}

const isHidden = (attributes: Attributes): boolean =>
  'hidden' in attributes ||
  attributes['aria-hidden'] === 'true' ||
  /display:\s*none/.test(attributes.style ?? '');

const languageOf = ({ class: names = '' }: Attributes): string =>
  /(?:^|\s)lang(?:uage)?-([\w+#-]{1,30})/.exec(names)?.[1] ?? '';
