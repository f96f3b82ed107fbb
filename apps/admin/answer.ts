/** What a command answers, in each form that it can be printed in. */
import { formatCsv } from './format-csv.ts';
import { formatTable, type TextTable } from './format-table.ts';
import { printable, printableJson } from './printable.ts';

export interface Answer {
  readonly json: unknown;
  /** For people: lines, or a table and a line below it. */
  readonly text?: string;
  readonly table?: TextTable;
}

export interface Format {
  readonly as: 'text' | 'json' | 'csv';
  /** Of the terminal; undefined where the output goes elsewhere, and nothing is cut. */
  readonly width?: number | undefined;
}

/** A column: its title, and its cell of an item. An `elastic` one may be cut to fit a terminal. */
export type Column<Item> = readonly [title: string, cell: (item: Item) => string, elastic?: 'elastic'];

export const tableOf = <Item>(items: readonly Item[], columns: readonly Column<Item>[]): TextTable => ({
  head: columns.map(([title]) => title),
  rows: items.map((item) => columns.map(([, cell]) => cell(item))),
  elastic: columns.filter(([, , elastic]) => elastic !== undefined).map(([title]) => title),
});

/** A list of which `limit` are shown; one more was asked for to know whether there are more. */
export function listAnswer<Item>(
  found: readonly Item[],
  { limit, columns }: { readonly limit?: number; readonly columns: readonly Column<Item>[] },
): Answer {
  const shown = limit === undefined ? found : found.slice(0, limit);
  return {
    json: shown,
    table: tableOf(shown, columns),
    ...(shown.length < found.length ? { text: `There are more than these ${limit}: see --limit` } : {}),
  };
}

/** One thing with all its fields. */
export const fieldsAnswer = (fields: object): Answer => ({
  json: fields,
  table: tableOf(
    Object.entries(fields).filter(([, value]) => value !== undefined),
    [
      ['FIELD', ([name]) => name],
      ['VALUE', ([, value]) => (typeof value === 'string' ? value : JSON.stringify(value)), 'elastic'],
    ],
  ),
});

export function render({ json, text, table }: Answer, { as, width }: Format): string {
  if (as === 'json') return printableJson(json);
  if (as === 'csv') return formatCsv(table?.head ?? [], table?.rows ?? []);
  const lines = text?.split('\n').map(printable) ?? [];
  return [...(table === undefined ? [] : [formatTable(table, width)]), ...lines].join('\n');
}
