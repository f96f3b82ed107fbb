/** Characters that Markdown reads as marks wherever they stand. */
const MARKS = /[\\`*_~[\]<>]/g;
// At the begin of a line these make headings, lists, rules and tables.
const LINE_MARKS = /^(#{1,6}(?=\s|$)|[-+](?=\s|$)|[-=]+\s*$|\||\d{1,9}[.)](?=\s|$))/;

/** A text of a page, so that Markdown shows it as it is. */
export const escapeText = (text: string): string => text.replace(MARKS, '\\$&');

/** What is left to escape when it is known that the text begins a line. */
export const escapeLineStart = (line: string): string =>
  line.replace(LINE_MARKS, (mark) =>
    /^\d/.test(mark) ? `${mark.slice(0, -1)}\\${mark.slice(-1)}` : `\\${mark}`,
  );

/** An address as the target of a link. */
export const escapeTarget = (href: string): string =>
  href.replace(/[\s()<>\\]/g, (character) =>
    character === '(' || character === ')'
      ? `%${character.charCodeAt(0).toString(16)}`
      : encodeURIComponent(character),
  );

/** The fewest backticks, three at least where `isBlock`, that do not stand in `code`. */
export function fenceFor(code: string, isBlock: boolean): string {
  let longest = 0;
  for (const [run] of code.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  return '`'.repeat(Math.max(isBlock ? 3 : 1, longest + 1));
}
