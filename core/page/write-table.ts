import type { MarkdownWriter } from './markdown-writer.ts';

// More cells than these in a row are no table that anybody reads.
const MAX_COLUMNS = 100;

/**
 * A table's cells, each as Markdown. Where a cell has more than a line, or there is one column, it is no table but a
 * layout: then the cells follow one another.
 */
export function writeTable(rows: readonly (readonly string[])[], writer: MarkdownWriter): void {
  const filled = rows.filter((cells) => cells.some((cell) => cell !== ''));
  const columns = Math.min(
    MAX_COLUMNS,
    filled.reduce((most, cells) => Math.max(most, cells.length), 0),
  );
  const isLayout = columns < 2 || filled.some((cells) => cells.some((cell) => cell.trimEnd().includes('\n')));
  if (isLayout) {
    for (const cell of filled.flat()) if (cell !== '') writer.block(cell.trimEnd().split('\n'));
    return;
  }
  const [head = [], ...body] = filled;
  const padded = Array.from({ length: columns }, (_, index) => head[index] ?? '');
  writer.block([toRow(padded), toRow(padded.map(() => '---')), ...body.map(toRow)]);
}

const toRow = (cells: readonly string[]): string =>
  `| ${cells
    .slice(0, MAX_COLUMNS)
    .map((cell) => cell.trim().replace(/\|/g, '\\|'))
    .join(' | ')} |`;
