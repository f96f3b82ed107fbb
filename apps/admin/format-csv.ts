/** RFC 4180. A cell that a spreadsheet would take for a formula is none of ours: ids and numbers only. */
export const formatCsv = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, ...rows].map((row) => row.map(quote).join(',')).join('\r\n');

const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
