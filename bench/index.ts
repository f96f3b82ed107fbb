// Each figure beside a baseline of the same run. bench/README.md says how to read it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readCommand } from './harness/command-line.ts';
import { resultOf } from './harness/figure.ts';
import { hasFallenBehind, judge, parseGoals } from './harness/goals.ts';
import { renderReport, writeInto } from './harness/pages.ts';
import type { Bench, Part } from './harness/part.ts';
import {
  describeMachine,
  mergeRuns,
  minuteLoad,
  type PartRun,
  type Report,
  resultsOf,
} from './harness/report.ts';
import { goalsTable } from './harness/table.ts';
import { PARTS } from './parts.ts';
import { type Platform, type PlatformOptions, startPlatform } from './subjects/platform.ts';

const SECOND_MS = 1000;
const fileOf = (name: string) => new URL(name, import.meta.url);
const names = PARTS.map(({ name }) => name);
const command = readCommand(process.argv.slice(2), names);
const goals = parseGoals(readFileSync(fileOf('goals.json'), 'utf8'));

let open: { readonly key: string; readonly platform: Platform } | undefined;
let chromePath: string | undefined;

async function closePlatform(): Promise<void> {
  const { platform } = open ?? {};
  open = undefined;
  await platform?.dispose();
}

/** One at a time: two would take each other's time. */
async function platformOf(options: PlatformOptions): Promise<Platform> {
  const key = JSON.stringify(options);
  if (open?.key === key) return open.platform;
  await closePlatform();
  const platform = await startPlatform(options);
  open = { key, platform };
  chromePath = platform.chromePath;
  return platform;
}

async function runPart(part: Part): Promise<PartRun> {
  const notes: string[] = [];
  const bench: Bench = {
    platform: platformOf,
    turns: (usual) => ({ rounds: Math.max(1, Math.round(usual * command.effort)), limitMs: command.limitMs }),
    note: (text) => void notes.push(text),
  };
  const before = minuteLoad();
  const startedAt = performance.now();
  console.error(`${part.name}: ${part.what}`);
  const results = (await part.run(bench)).map(resultOf);
  return {
    part: part.name,
    at: new Date().toISOString(),
    tookSeconds: Math.round((performance.now() - startedAt) / SECOND_MS),
    load: [before, minuteLoad()],
    results,
    notes,
  };
}

const chosen = PARTS.filter(({ name, isOnRequest = false }) =>
  command.parts.length === 0 ? !isOnRequest : command.parts.includes(name),
);
const runs: PartRun[] = [];
try {
  for (const part of chosen) runs.push(await runPart(part));
} finally {
  await closePlatform();
}

const judgesTimes = process.env.CI !== 'true';
const report: Report = { machine: describeMachine(chromePath), runs };
const judged = judge(goals, resultsOf(runs), { judgesTimes });
const measured = judged.filter(({ verdict }) => verdict !== 'not measured');
console.log(command.json ? JSON.stringify(report, null, 2) : renderReport(report, measured));
if (command.write) {
  const latest = fileOf('latest.json');
  const before: Report | undefined = existsSync(latest)
    ? JSON.parse(readFileSync(latest, 'utf8'))
    : undefined;
  const machine = chromePath === undefined ? (before?.machine ?? report.machine) : report.machine;
  const all = { machine, runs: mergeRuns(before?.runs ?? [], runs, names) };
  writeFileSync(latest, `${JSON.stringify(all, null, 2)}\n`);
  const page = fileOf('README.md');
  const allJudged = judge(goals, resultsOf(all.runs), { judgesTimes });
  writeFileSync(page, writeInto(readFileSync(page, 'utf8'), renderReport(all, allJudged)));
}
if (command.check) {
  if (command.json) console.error(goalsTable(judged));
  const fallen = hasFallenBehind(judged);
  console.error(fallen ? 'fell behind' : 'nothing fell behind');
  process.exitCode = fallen ? 1 : 0;
}
