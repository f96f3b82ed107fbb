// Each figure beside a baseline of the same run. bench/README.md says how to read it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readCommand } from './harness/command-line.ts';
import { type Figure, resultOf } from './harness/figure.ts';
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
// Of one part, each with the time of `--limit-seconds`; what it starts and ends, on a busy machine, comes on top.
const MAX_MEASUREMENTS = 4;
const AROUND_MS = 5 * 60 * SECOND_MS;
const ON_REQUEST_LIMIT_MS = 4 * 60 * 60 * SECOND_MS;
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

/** A part that fails, or does not end, takes no other part with it: it is told of, and the run has failed. */
async function runWithin(part: Part, bench: Bench): Promise<readonly Figure[]> {
  const limitMs = part.isOnRequest ? ON_REQUEST_LIMIT_MS : command.limitMs * MAX_MEASUREMENTS + AROUND_MS;
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`it did not end within ${limitMs / SECOND_MS} s`)),
    limitMs,
  );
  try {
    return await Promise.race([late, part.run(bench)]);
  } catch (error) {
    bench.note(`${part.name} broke off: ${(error as Error).message}`);
    process.exitCode = 1;
    await closePlatform();
    return [];
  } finally {
    clearTimeout(timer);
  }
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
  const results = (await runWithin(part, bench)).map(resultOf);
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
const judgesTimes = process.env.CI !== 'true';

/** What was measured takes the place of its last run; the other parts stay as they were. */
function keep({ machine, runs }: Report): void {
  const latest = fileOf('latest.json');
  const before: Report | undefined = existsSync(latest)
    ? JSON.parse(readFileSync(latest, 'utf8'))
    : undefined;
  const all = {
    machine: chromePath === undefined ? (before?.machine ?? machine) : machine,
    runs: mergeRuns(before?.runs ?? [], runs, names),
  };
  writeFileSync(latest, `${JSON.stringify(all, null, 2)}\n`);
  const page = fileOf('README.md');
  const judged = judge(goals, resultsOf(all.runs), { judgesTimes });
  writeFileSync(page, writeInto(readFileSync(page, 'utf8'), renderReport(all, judged)));
}

// What was started ends with this process, whichever way it ends.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const runs: PartRun[] = [];
const reportNow = (): Report => ({ machine: describeMachine(chromePath), runs });
try {
  for (const part of chosen) {
    runs.push(await runPart(part));
    // Part by part: a run that is interrupted loses one.
    if (command.write) keep(reportNow());
  }
} finally {
  await closePlatform();
}

const judged = judge(goals, resultsOf(runs), { judgesTimes });
const measured = judged.filter(({ verdict }) => verdict !== 'not measured');
console.log(command.json ? JSON.stringify(reportNow(), null, 2) : renderReport(reportNow(), measured));
if (command.check) {
  if (command.json) console.error(goalsTable(judged));
  const fallen = hasFallenBehind(judged);
  console.error(fallen ? 'fell behind' : 'nothing fell behind');
  if (fallen) process.exitCode = 1;
}
