import stringWidth from 'string-width';
import { printable } from './printable.ts';

export interface TextTable {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** The columns that may be cut where the terminal is narrow, because people read them and do not paste them. */
  readonly elastic?: readonly string[] | undefined;
}

const MIN_ELASTIC_WIDTH = 8;
const CUT = '…';

/** Columns of text, padded to their widest cell, in lines of at most `width` where there is one. */
export function formatTable({ head, rows, elastic = [] }: TextTable, width?: number): string {
  const lines = [head, ...rows].map((row) => head.map((_, column) => printable(row[column] ?? '')));
  const widths = head.map((_, column) => Math.max(...lines.map((line) => stringWidth(line[column] ?? ''))));
  if (width !== undefined) narrow(widths, { width, elastic: elastic.map((title) => head.indexOf(title)) });
  return lines
    .map((line) => line.map((cell, column) => fit(cell, widths[column] ?? 0)))
    .map((line) => line.join('  ').trimEnd())
    .map((line) => (width === undefined ? line : cut(line, width)))
    .join('\n');
}

/** Takes a column's width from the widest of the elastic ones, until all fits or none can give any more. */
function narrow(widths: number[], { width, elastic }: { width: number; elastic: readonly number[] }): void {
  const total = (): number => widths.reduce((sum, each) => sum + each + 2, -2);
  while (total() > width) {
    const [widest] = [...elastic].sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    if (widest === undefined || (widths[widest] ?? 0) <= MIN_ELASTIC_WIDTH) return;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
}

const fit = (cell: string, width: number): string => {
  const text = cut(cell, width);
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
};

/** By what a terminal shows, which is not the number of characters. */
function cut(text: string, width: number): string {
  if (stringWidth(text) <= width) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (stringWidth(kept + segment) > width - 1) break;
    kept += segment;
  }
  return kept + CUT;
}
