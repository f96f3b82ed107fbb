/** The parts of a Markdown page that tests hold against the code: its prose, blocks, tables and links. */

const FENCE = /^ {0,3}```/;
const INDENTED = /^ {4}/;
const TABLE_ROW = /^\s*\|/;
const STARTS_BLOCK = /^\s*(?:[-*]|\d+\.|#+|>)\s+/;

/** The fenced blocks of a language, without their fences. */
export const fencedBlocks = (page: string, language: string): readonly string[] =>
  [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, name, code = '']) =>
    name === language ? [code] : [],
  );

/** The cells of every table row, header rows and rules included, in the page's order. */
export const tableRows = (page: string): readonly (readonly string[])[] =>
  page
    .split('\n')
    .filter((line) => TABLE_ROW.test(line))
    .map((line) =>
      line
        .trim()
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );

/** What stands between backticks outside of fenced blocks. */
export const codeSpans = (page: string): readonly string[] =>
  [...withoutFences(page).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

/** Where the links of the page point to, with neither anchors nor addresses of other sites. */
export const localLinks = (page: string): readonly string[] =>
  [...withoutFences(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target.split('#')[0] ?? '')
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target));

/** Paragraphs, list items and headings, each as one line. No code blocks and no tables. */
export function proseBlocks(page: string): readonly string[] {
  const blocks: string[] = [];
  let current = '';
  const finish = () => {
    if (current !== '') blocks.push(current);
    current = '';
  };
  for (const line of withoutFences(page).split('\n')) {
    const isProse = line.trim() !== '' && !INDENTED.test(line) && !TABLE_ROW.test(line);
    if (!isProse || STARTS_BLOCK.test(line)) finish();
    if (isProse) current = `${current} ${line.replace(STARTS_BLOCK, '').trim()}`.trim();
  }
  finish();
  return blocks;
}

/** The sentences of the prose with more words than `maxWords`. Code between backticks counts as one word. */
export const longSentences = (page: string, maxWords: number): readonly string[] =>
  proseBlocks(page)
    .flatMap((block) => plainText(block).split(/(?<=[.!?]["')]?)\s+/))
    .filter((sentence) => sentence.split(/\s+/).filter((word) => /\w/.test(word)).length > maxWords);

const plainText = (block: string): string =>
  block
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/`[^`]*`/g, 'code')
    .replace(/[*_]{1,2}(?=\S)|(?<=\S)[*_]{1,2}/g, '');

function withoutFences(page: string): string {
  let isFenced = false;
  return page
    .split('\n')
    .filter((line) => {
      if (!FENCE.test(line)) return !isFenced;
      isFenced = !isFenced;
      return false;
    })
    .join('\n');
}
