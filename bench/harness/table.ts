/** What is printed, and stands in bench/README.md: Markdown tables that are readable as they are. */
import { type NamedSummary, type Result, ratioOf } from './figure.ts';
import type { Judged } from './goals.ts';

const SIGNIFICANT = 3;
const NOTHING = '-';

/** Three figures, whatever the size: 0.0834, 1.27, 143, 1236. */
export function showNumber(value: number): string {
  if (!Number.isFinite(value)) return NOTHING;
  if (value === 0) return '0';
  const decimals = SIGNIFICANT - 1 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(4, Math.max(0, decimals)));
}

/** `alignments`: one letter a column, l or r. */
function table(alignments: string, rows: readonly (readonly string[])[]): string {
  const widths = [...alignments].map((_, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const pad = (cell: string, column: number) =>
    alignments[column] === 'r' ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
  const rule = widths.map(
    (width, column) => `${'-'.repeat(width - 1)}${alignments[column] === 'r' ? ':' : '-'}`,
  );
  const [head = [], ...body] = rows;
  return [head.map(pad), rule, ...body.map((row) => row.map(pad))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

const beside = (measured: NamedSummary | undefined): string =>
  measured === undefined ? NOTHING : `${measured.name} ${showNumber(measured.median)}`;

const rowOf = (result: Result): readonly string[] => {
  const { name, unit, count, median, p95, p99, spread, baseline, floor, failed } = result;
  return [
    name,
    unit,
    String(count),
    ...[median, p95, p99, spread].map(showNumber),
    beside(baseline),
    showNumber(ratioOf(result)),
    beside(floor),
    failed === 0 ? '' : String(failed),
  ];
};

export const figuresTable = (results: readonly Result[]): string =>
  table('llrrrrrlrlr', [
    [
      ...['figure', 'unit', 'samples', 'median', 'p95', 'p99', 'spread'],
      ...['baseline, median', 'ratio', 'floor, median', 'failed'],
    ],
    ...results.map(rowOf),
  ]);

const boundOf = ({ goal: { atMost, atLeast } }: Judged): string =>
  atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;

const OF = { median: '', p95: ', p95', p99: ', p99', max: ', max' };
const whatOf = ({ goal: { figure, kind, of } }: Judged): string =>
  `${figure}${kind === 'value' ? '' : ` ${kind}`}${kind === 'tail' ? '' : OF[of]}`;

export const goalsTable = (judged: readonly Judged[]): string =>
  table('lrlrll', [
    ['goal', 'is', 'to be', 'floor', 'verdict', 'why'],
    ...judged.map((each) => [
      whatOf(each),
      `${showNumber(each.value)} ${each.unit}`.trim(),
      boundOf(each),
      showNumber(each.floor),
      each.verdict,
      each.goal.why,
    ]),
  ]);
