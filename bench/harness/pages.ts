/** The page that people read: what stands between the two marks in bench/README.md is written by the bench. */
import type { Judged } from './goals.ts';
import { type Machine, type PartRun, type Report, resultsOf } from './report.ts';
import { figuresTable, goalsTable } from './table.ts';

const BEGIN = '<!-- written by npm run bench -- --write -->';
const END = '<!-- end of what is written -->';

const machineLine = ({ processor, cores, memoryGb, node, chrome }: Machine): string =>
  `${processor}, ${cores} cores, ${memoryGb} GB, Node ${node}, ${chrome}`;

const runLine = ({ part, at, tookSeconds, load: [before, after] }: PartRun): string =>
  `- ${part}: ${at.slice(0, 16).replace('T', ' ')} UTC, ${tookSeconds} s, load ${before} before and ${after} after`;

const list = (lines: readonly string[]): string => lines.map((line) => `- ${line}`).join('\n');

/** Tables, machine and notes, as Markdown that is readable in a terminal. */
export function renderReport({ machine, runs }: Report, judged: readonly Judged[]): string {
  const notes = runs.flatMap((run) => run.notes);
  return [
    machineLine(machine),
    figuresTable(resultsOf(runs)),
    ...(judged.length === 0 ? [] : [goalsTable(judged)]),
    ...(notes.length === 0 ? [] : [list(notes)]),
    runs.map(runLine).join('\n'),
  ].join('\n\n');
}

export function writeInto(page: string, text: string): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error('The page has no place for what the bench writes');
  return `${before}${BEGIN}\n\n${text}\n\n${END}${after}`;
}
