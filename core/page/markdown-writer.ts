import { escapeLineStart, escapeTarget, escapeText, fenceFor } from './escape-markdown.ts';

/** What a mark around some text opens and closes with. */
export interface Mark {
  readonly open: string;
  readonly close: string;
}

export const STRONG: Mark = { open: '**', close: '**' };
export const EMPHASIS: Mark = { open: '*', close: '*' };
export const STRUCK: Mark = { open: '~~', close: '~~' };
export const linkTo = (href: string): Mark => ({ open: '[', close: `](${escapeTarget(href)})` });

/** The Markdown would be longer than is written: a link of a few letters may stand for a long address. */
export class MarkdownTooLongError extends Error {
  override readonly name = 'MarkdownTooLongError';
}

export interface Budget {
  characters: number;
}

export const newBudget = (): Budget => ({ characters: MAX_CHARACTERS });

// Twice what a page has itself: everything in it may have to be escaped.
const MAX_CHARACTERS = 2_200_000;

// A page may nest without end; nobody reads more levels, and each costs every line below it.
const MAX_MARKS = 12;
const MAX_LEVELS = 12;

interface Level {
  /** Before the first line of it; then as `rest`. */
  first: string;
  isBegun: boolean;
  /** Before each further line. */
  readonly rest: string;
  /** Whether it follows what is before it without a line between: an item of a list after another. */
  readonly isTight: boolean;
}

/**
 * Writes Markdown block by block: texts and marks are gathered until a block ends, then its lines go out behind what they
 * stand in, lists and quotes. Takes time in proportion to what it is given, whatever that is.
 */
export class MarkdownWriter {
  readonly #budget: Budget;
  readonly #lines: string[] = [];
  readonly #levels: Level[] = [];
  readonly #marks: { readonly mark: Mark; readonly at: number }[] = [];
  #parts: string[] = [];
  #isBlank = true;
  #blockPrefix = '';
  #ignoredMarks = 0;
  #ignoredLevels = 0;

  /** Throws a MarkdownTooLongError when more is written than what `budget` has, which others may share. */
  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** Text of a page: white space is one blank, and what Markdown would read as a mark is escaped. */
  text(text: string): void {
    const collapsed = text.replace(/\s+/g, ' ');
    const shown = this.#isBlank ? collapsed.trimStart() : collapsed;
    if (shown === '') return;
    this.#put(escapeText(shown));
    this.#spend(shown.length);
    this.#isBlank = shown.endsWith(' ');
  }

  /** Text that is Markdown already. */
  raw(markdown: string): void {
    if (markdown === '') return;
    this.#put(markdown);
    this.#spend(markdown.length);
    this.#isBlank = false;
  }

  code(text: string): void {
    const collapsed = text.replace(/\s+/g, ' ').trim();
    if (collapsed === '') return;
    const fence = fenceFor(collapsed, false);
    const gap = collapsed.startsWith('`') || collapsed.endsWith('`') ? ' ' : '';
    this.raw(`${fence}${gap}${collapsed}${gap}${fence}`);
  }

  breakLine(): void {
    if (this.#parts.length === 0) return;
    this.#put('\\\n');
    this.#isBlank = true;
  }

  openMark(mark: Mark): void {
    if (this.#marks.length >= MAX_MARKS) {
      this.#ignoredMarks += 1;
      return;
    }
    const last = this.#parts.at(-1);
    // Otherwise the link after it would be a picture.
    if (mark.open === '[' && last?.endsWith('!')) this.#parts.push(`${this.#parts.pop()?.slice(0, -1)}\\!`);
    this.#marks.push({ mark, at: this.#parts.length });
    this.#put(mark.open);
    this.#spend(mark.close.length);
  }

  closeMark(): void {
    if (this.#ignoredMarks > 0) {
      this.#ignoredMarks -= 1;
      return;
    }
    const last = this.#marks.pop();
    if (last !== undefined) this.#finishMark(last.mark, last.at);
  }

  /** Ends the block before, and begins one with `prefix` before its text, such as `## `. */
  beginBlock(prefix = ''): void {
    this.endBlock();
    this.#blockPrefix = prefix;
  }

  endBlock(): void {
    const open = this.#marks.map(({ mark }) => mark);
    while (this.#marks.length > 0) {
      const last = this.#marks.pop() as { mark: Mark; at: number };
      this.#finishMark(last.mark, last.at);
    }
    const text = withoutEnd(this.#parts.join(''));
    const prefix = this.#blockPrefix;
    this.#parts = [];
    this.#isBlank = true;
    this.#blockPrefix = '';
    if (text !== '') {
      const lines = text.split('\n').map((line) => escapeLineStart(line.trimStart()));
      // A heading is one line.
      this.#write(prefix === '' ? lines : [prefix + lines.map((line) => line.replace(/\\$/, '')).join(' ')]);
    }
    for (const mark of open) {
      this.#marks.push({ mark, at: this.#parts.length });
      this.#put(mark.open);
      // A mark that is never closed is written in each block after it.
      if (text !== '') this.#spend(mark.open.length + mark.close.length);
    }
  }

  /** Everything until `leave` stands behind `first` on its first line, and behind `rest` on each further one. */
  enter(first: string, rest: string, isTight = false): void {
    this.endBlock();
    if (this.#levels.length >= MAX_LEVELS) this.#ignoredLevels += 1;
    else this.#levels.push({ first, rest, isTight, isBegun: false });
  }

  leave(): void {
    this.endBlock();
    if (this.#ignoredLevels > 0) this.#ignoredLevels -= 1;
    else this.#levels.pop();
  }

  /** Lines that are Markdown already, as a block: a table, a rule, code. */
  block(lines: readonly string[]): void {
    this.endBlock();
    this.#write(lines);
  }

  codeBlock(text: string, language: string): void {
    const code = text.replace(/^\r?\n/, '').trimEnd();
    if (code === '') return;
    const fence = fenceFor(code, true);
    this.block([fence + language, ...code.split(/\r?\n/), fence]);
  }

  end(): string {
    this.endBlock();
    return this.#lines.length === 0 ? '' : `${this.#lines.join('\n')}\n`;
  }

  #put(part: string): void {
    this.#parts.push(part);
  }

  #spend(characters: number): void {
    this.#budget.characters -= characters;
    if (this.#budget.characters < 0)
      throw new MarkdownTooLongError(`its Markdown is longer than ${MAX_CHARACTERS} characters`);
  }

  /** Marks go around the text itself, not around blanks at its ends; around nothing there are none. */
  #finishMark({ open, close }: Mark, at: number): void {
    const inner = this.#parts.splice(at).slice(1).join('');
    const core = inner.trim();
    if (core === '' || core === '\\') {
      if (inner !== '') this.#put(inner);
      return;
    }
    const begin = inner.length - inner.trimStart().length;
    const end = inner.length - inner.trimEnd().length;
    this.#put(inner.slice(0, begin) + open + core + close + inner.slice(inner.length - end));
  }

  #write(lines: readonly string[]): void {
    if (this.#lines.length > 0 && !this.#follows()) this.#lines.push(this.#prefixBetween().trimEnd());
    for (const line of lines) this.#lines.push((this.#prefix() + line).trimEnd());
  }

  #follows(): boolean {
    return this.#levels.find(({ isBegun }) => !isBegun)?.isTight === true;
  }

  #prefix(): string {
    let prefix = '';
    for (const level of this.#levels) {
      prefix += level.first;
      level.first = level.rest;
      level.isBegun = true;
    }
    this.#spend(prefix.length);
    return prefix;
  }

  /** The line between two blocks belongs to what both stand in. */
  #prefixBetween(): string {
    const next = this.#levels.findIndex(({ isBegun }) => !isBegun);
    return this.#levels
      .slice(0, next === -1 ? undefined : next)
      .map(({ rest }) => rest)
      .join('');
  }
}

/**
 * Without the blanks and line breaks at its end. By hand: a pattern would look from each of them for the end anew, and a page
 * may have nothing else.
 */
function withoutEnd(text: string): string {
  let end = text.length;
  for (;;) {
    if (end >= 2 && text.startsWith('\\\n', end - 2)) end -= 2;
    else if (/\s/.test(text.charAt(end - 1))) end -= 1;
    else return text.slice(0, end);
  }
}
