/** Where the time of a create, a connect and a release goes: the moments that logs and HTTP requests tell of. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { connectCdp } from '../tests/e2e/support/cdp.ts';
import type { Figure } from './harness/figure.ts';
import { inTurns, type Side } from './harness/in-turns.ts';
import { type Bench, type Part, USUAL_WARM } from './harness/part.ts';
import { median } from './harness/statistics.ts';
import { showNumber } from './harness/table.ts';
import type { Platform } from './subjects/platform.ts';
import { readSaid, readServed, type Served } from './subjects/session-trace.ts';

const ROUNDS = 8;
const TRACE = new URL('./subjects/trace-http.mjs', import.meta.url).href;
const nowMs = () => performance.timeOrigin + performance.now();

/** Moments by name, since 1970, in milliseconds. */
type Moments = Record<string, number | undefined>;

/** What a client sees of one session, and its id. */
async function liveOnce({ client }: Platform) {
  const seen: Moments = { asked: nowMs() };
  const session = await client.sessions.create();
  seen.answered = nowMs();
  const cdp = await connectCdp(session.connectUrl);
  seen['socket open'] = nowMs();
  await cdp.send('Browser.getVersion');
  seen['first answer'] = nowMs();
  const browser = await chromium.connectOverCDP(session.connectUrl);
  seen['Playwright connected'] = nowMs();
  seen['release asked'] = nowMs();
  await client.sessions.update(session.id, { status: 'REQUEST_RELEASE' });
  seen['release answered'] = nowMs();
  await cdp.closed;
  seen['sockets closed'] = nowMs();
  await browser.close();
  return { sessionId: session.id, seen };
}

const isWithin =
  (from = 0, to = 0) =>
  ({ beganMs, endedMs }: Served) =>
    beganMs >= from && endedMs <= to;

function createMoments(seen: Moments, served: readonly Served[], said: ReadonlyMap<string, number>): Moments {
  const during = served.filter(
    ({ beganMs }) => beganMs >= (seen.asked ?? 0) && beganMs <= (seen.answered ?? 0),
  );
  const one = (operation: string) => during.find((each) => each.operation === operation);
  const gateway = during.find(({ method, path }) => method === 'POST' && path === '/v1/sessions');
  const report = during.find(({ path }) => /^\/internal\/sessions\/[^/]+\/ready$/.test(path));
  const admitted = one('TransactWriteItems');
  return {
    'gateway has it': gateway?.beganMs,
    'admission asked': admitted?.beganMs,
    admitted: admitted?.endedMs,
    'RunTask asked': one('RunTask')?.beganMs,
    'controller process began': said.get('process began'),
    'RunTask answered': one('RunTask')?.endedMs,
    'Node started': said.get('node started'),
    'controller has its session': said.get('session assigned'),
    'Chrome spawned': said.get('browser launching'),
    'proxy listens': said.get('proxy listening'),
    'Chrome answered': said.get('browser answered'),
    'settings taken': said.get('settings taken'),
    'proxy proved': said.get('browser ready'),
    'ready report arrived': report?.beganMs,
    'ready report answered': report?.endedMs,
    // SNS is asked by a form, at the root.
    'ready signal published': during.find(({ path, operation }) => path === '/' && operation === undefined)
      ?.beganMs,
    'ready signal received': one('ReceiveMessage')?.endedMs,
    'client has its answer': seen.answered,
  };
}

const connectMoments = (seen: Moments): Moments => ({
  'socket open': seen['socket open'],
  'first answer': seen['first answer'],
  'Playwright connected': seen['Playwright connected'],
});

function releaseMoments(
  seen: Moments,
  served: readonly Served[],
  said: ReadonlyMap<string, number>,
): Moments {
  const from = seen['release asked'] ?? 0;
  const after = served.filter(({ beganMs }) => beganMs >= from);
  const stop = after.find(({ operation }) => operation === 'StopTask');
  const report = after.find(({ path }) => /^\/internal\/sessions\/[^/]+\/ended$/.test(path));
  return {
    'StopTask asked': stop?.beganMs,
    'StopTask answered': stop?.endedMs,
    'client has its answer': seen['release answered'],
    'controller ends it': said.get('session ending'),
    'sockets closed': seen['sockets closed'],
    'Chrome gone': said.get('browser closed'),
    'end report arrived': report?.beganMs,
    'end report answered': report?.endedMs,
    'folder removed': said.get('session ended'),
  };
}

function takeMoments(
  take: (name: string, value: number) => void,
  prefix: string,
  fromMs: number,
  moments: Moments,
) {
  for (const [name, atMs] of Object.entries(moments))
    if (atMs !== undefined) take(`${prefix}.${name}`, atMs - fromMs);
}

/** `create: gateway has it 3 (+3), ...`, in the order of the medians. */
function describe(prefix: string, figures: readonly Figure[]): string {
  let lastMs = 0;
  const steps = figures
    .map(({ name, samples }) => ({ name: name.slice(name.lastIndexOf('.') + 1), atMs: median(samples) }))
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ name, atMs }) => {
      const text = `${name} ${showNumber(atMs)} (+${showNumber(atMs - lastMs)})`;
      lastMs = atMs;
      return text;
    });
  return `${prefix}, ms: ${steps.join('; ')}`;
}

/** Which calls of AWS's one create makes, how often, and how long the stand-in takes over each. */
function describeCalls(served: readonly Served[]): string {
  const calls = Map.groupBy(
    served,
    ({ operation, path }) => operation ?? path.replace(/[0-9a-f-]{36}/, '{id}'),
  );
  return [...calls]
    .map(
      ([name, all]) =>
        `${all.length} ${name} (${showNumber(median(all.map((each) => each.endedMs - each.beganMs)))} ms)`,
    )
    .join(', ');
}

async function measure(bench: Bench, warm: number, home: string): Promise<readonly Figure[]> {
  const name = warm === 0 ? 'cold' : 'usual';
  const traceFile = join(home, `${name}.jsonl`);
  const env = { NODE_OPTIONS: `--import=${TRACE}`, BENCH_TRACE: traceFile };
  const platform = await bench.platform({ warm, env });
  const { dataDir } = platform.wallcrawler;
  let calls = '';
  const round: Side = async (take) => {
    await platform.rest();
    const { sessionId, seen } = await liveOnce(platform);
    await platform.rest();
    const served = readServed(traceFile);
    const said = readSaid(dataDir, sessionId);
    takeMoments(take, `${name}.create`, seen.asked ?? 0, createMoments(seen, served, said));
    takeMoments(take, `${name}.connect`, seen.answered ?? 0, connectMoments(seen));
    takeMoments(take, `${name}.release`, seen['release asked'] ?? 0, releaseMoments(seen, served, said));
    calls = describeCalls(served.filter(isWithin(seen.asked, seen.answered)));
  };
  const known = new Set<string>();
  const taken = await inTurns(bench.turns(ROUNDS), [
    (take) =>
      round((what, value) => {
        known.add(what);
        take(what, value);
      }),
  ]);
  const figures = [...known].map(
    (what): Figure => ({
      name: `timeline.${what}`,
      unit: 'ms',
      samples: taken.samples(what),
      failures: taken.failures,
    }),
  );
  for (const step of ['create', 'connect', 'release']) {
    const of = figures.filter((each) => each.name.startsWith(`timeline.${name}.${step}.`));
    bench.note(describe(`timeline of a ${name} ${step}`, of));
  }
  bench.note(`timeline: answered between a ${name} create and its answer: ${calls}`);
  return figures;
}

export const timeline: Part = {
  name: 'timeline',
  what: 'where the time of a create, a connect and a release goes, by logs and by a trace of HTTP requests',
  isOnRequest: true,
  async run(bench) {
    const home = mkdtempSync(join(tmpdir(), 'bench-trace-'));
    try {
      const cold = await measure(bench, 0, home);
      return [...cold, ...(await measure(bench, USUAL_WARM, home))];
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  },
};
