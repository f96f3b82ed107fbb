/**
 * Fifty sessions a minute, each driven by Playwright to a page and released, for LOAD_MINUTES (10): all of them work, none is
 * left, and the platform holds no more at the end than after the second minute.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Site, startSite } from '../e2e/support/pages.ts';
import { descendantsOf } from '../e2e/support/processes.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

const MINUTES = Number(process.env.LOAD_MINUTES ?? 10);
const SESSIONS_A_MINUTE = 50;
const MINUTE_MS = 60_000;
/** A machine's functions are threads of its process, each of which may have grown meanwhile. */
const MAX_GROWTH = 1.5;

interface Took {
  readonly createMs: number;
  readonly lifeMs: number;
}

let machine: Wallcrawler;
let site: Site;
const load = suite(`${SESSIONS_A_MINUTE} sessions a minute for ${MINUTES} minutes`);

load.before(async () => {
  site = await startSite();
  machine = await startWallcrawler({ env: { WALLCRAWLER_WARM: '1' } });
});
load.after(async () => {
  await machine?.dispose();
  await site?.close();
});

const memoryMb = () =>
  Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${machine.pid}/status`, 'utf8'))?.[1]) / 1_024;

/** A whole life; how long it took, and its create. */
async function live(): Promise<Took> {
  const startedAt = performance.now();
  const client = machine.client();
  const { id, connectUrl } = await client.sessions.create();
  const createMs = performance.now() - startedAt;
  const browser = await chromium.connectOverCDP(connectUrl);
  const page = browser.contexts()[0]?.pages()[0];
  await page?.goto(site.url);
  assert.is(await page?.title(), 'Home');
  await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
  await browser.close();
  return { createMs, lifeMs: performance.now() - startedAt };
}

function describe(what: string, tookMs: readonly number[]): string {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN);
  return `${sorted.length} ${what}: median ${at(0.5)} ms, p95 ${at(0.95)} ms, slowest ${at(1)} ms`;
}

const REQUEST = /request id \S+/;

/** How often each was said, for a person: of five hundred sessions there may be many. */
function countWords(failures: readonly unknown[]): Record<string, number> {
  const words = failures.map((error) => String(error).replace(REQUEST, '').split('\n')[0] ?? '');
  return Object.fromEntries(
    [...Map.groupBy(words, (each) => each)].map(([each, { length }]) => [each, length]),
  );
}

load('all work, and leave nothing', async () => {
  const lives: Promise<Took>[] = [];
  const failures: unknown[] = [];
  const memory: number[] = [];
  const beforeMb = memoryMb();
  for (let started = 0; started < MINUTES * SESSIONS_A_MINUTE; started += 1) {
    const life = live();
    life.catch((error: unknown) => failures.push(error));
    lives.push(life);
    if (started % SESSIONS_A_MINUTE === SESSIONS_A_MINUTE - 1) memory.push(memoryMb());
    await wait(MINUTE_MS / SESSIONS_A_MINUTE);
  }
  const took = (await Promise.allSettled(lives)).flatMap((result) =>
    result.status === 'fulfilled' ? [result.value] : [],
  );
  const creates = took.map(({ createMs }) => createMs);
  const whole = took.map(({ lifeMs }) => lifeMs);
  console.log(`${describe('creates', creates)}; ${describe('lives', whole)}; ${failures.length} failed`);
  const all = [beforeMb, ...memory].map((each) => `${Math.round(each)} MB`).join(', ');
  console.log(`the platform before, and after each minute: ${all}`);
  await until(
    'only the warm container is left',
    async () =>
      descendantsOf(machine.pid).filter(({ command }) => command.includes('dist/controller/')).length <= 1,
    MINUTE_MS,
  );
  assert.equal(await machine.client().sessions.list({ status: 'RUNNING' }), []);
  // In the first one its functions have not all been asked at once yet.
  const settledMb = memory[1] ?? memory[0] ?? 0;
  assert.ok((memory.at(-1) ?? 0) < settledMb * MAX_GROWTH, 'it holds no more than after the second minute');
  assert.equal(countWords(failures), {});
});

load.run();
