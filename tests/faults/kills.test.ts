/**
 * kill -9 at a random moment of a session's life, its create included: of its Chrome, what does the network for that, its controller and a page, of a
 * container that waits or starts, of the router and of the whole machine. After each, within a minute: every session is over
 * or goes on, the quota and the usage are right, the warm pool has what runs, nothing is left, and the context is whole.
 * `FAULT_KILLS=100` kills each so often; FAULT_SEED gives the same moments again.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserMinutesOf } from '../../core/domain/browser-minutes.ts';
import type { Session } from '../../core/domain/session.ts';
import { createSessionRoot } from '../../local/data/session-root.ts';
import { runAdmin } from '../e2e/support/admin.ts';
import { type CdpClient, connectCdp } from '../e2e/support/cdp.ts';
import { startSite } from '../e2e/support/pages.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';
import { availableIn } from '../e2e/support/warm-pool.ts';
import { randomFrom } from '../long/support/random.ts';
import { chromeBehind, countContainers, processesOf, VICTIMS, type Victim } from './support/victims.ts';

const seed = Number(process.env.FAULT_SEED ?? Date.now() % 1_000_000);
const random = randomFrom(seed);
const KILLS = Number(process.env.FAULT_KILLS ?? 1);
const isLong = KILLS > 1;
/** What `npm test` kills: the others fail as these do, and take as long. */
const SHORT: readonly Victim[] = ['its controller', 'the machine'];
const victims = isLong ? VICTIMS : SHORT;
const RECOVERY_LIMIT_MS = 60_000;
const MAX_CREATE_MS = 700;
const MAX_USE_MS = 1_500;
const LIVE = new Set(['PENDING', 'RUNNING']);
const REASONS: Partial<Record<Victim, readonly string[]>> = {
  'its Chrome': ['browser_crashed'],
  'its controller': ['container_lost'],
};

const kills = suite(`kill -9, ${KILLS} times each of ${victims.length} (FAULT_SEED=${seed})`);
const counts = { kills: 0, creates: 0, refused: 0, ended: 0, wentOn: 0, worstRecoveryMs: 0 };
let dataDir: string;
let site: Awaited<ReturnType<typeof startSite>>;
let machine: Wallcrawler;
let contextId: string;

/** With a guard in the long form: a Chrome whose network is killed goes by it as before. */
const GUARDED = { WALLCRAWLER_EGRESS: '1', WALLCRAWLER_ALLOWED_NETWORKS: '127.0.0.0/8' };
const start = () => startWallcrawler({ dataDir, env: { WALLCRAWLER_WARM: '1', ...(isLong ? GUARDED : {}) } });

kills.before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wallcrawler-e2e-'));
  site = await startSite();
  machine = await start();
  contextId = (await machine.client().contexts.create()).id;
  const { id, cdp } = await open();
  const cookie = { name: 'login', value: 'kept', url: site.url, expires: Date.now() / 1_000 + 86_400 };
  await cdp.send('Storage.setCookies', { cookies: [cookie] });
  await release(id);
  assert.is((await ended(id)).status, 'COMPLETED');
});
kills.after(async () => {
  await machine?.dispose();
  await site?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** A session of the context, in use. */
async function open(): Promise<{ readonly id: string; readonly cdp: CdpClient }> {
  const browserSettings = { context: { id: contextId, persist: true } };
  const { id, connectUrl } = await machine.client().sessions.create({ keepAlive: true, browserSettings });
  return { id, cdp: await connectCdp(connectUrl) };
}
const release = (id: string) => machine.client().sessions.update(id, { status: 'REQUEST_RELEASE' });
const ended = (id: string) =>
  until(
    `session ${id} ends`,
    async () => {
      const session = await machine.client().sessions.retrieve(id);
      return !LIVE.has(session.status) && session;
    },
    RECOVERY_LIMIT_MS,
  );

/** Kills one process at random; it may just have ended by itself. */
function kill(pids: readonly number[]): boolean {
  const pid = pids[Math.floor(random() * pids.length)];
  if (pid === undefined) return false;
  try {
    process.kill(pid, 'SIGKILL');
    counts.kills += 1;
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** The fault itself. A machine that was killed is started again. */
async function strike(victim: Victim, chromePid: number): Promise<boolean> {
  if (victim !== 'the machine') return kill(processesOf(victim, machine.pid, chromePid));
  await machine.killHard();
  counts.kills += 1;
  machine = await start();
  return true;
}

/** What a client does to a page all the time; over when its socket is gone. */
async function use(cdp: CdpClient): Promise<void> {
  const gone = cdp.closed.then(() => true);
  const page = await cdp.openPage().catch(async (error: unknown) => {
    // Its browser was killed before it had one.
    await cdp.closed;
    return error instanceof TypeError ? undefined : Promise.reject(error);
  });
  if (page === undefined) return;
  while (!(await Promise.race([gone, wait(20, false)])))
    void cdp.send('Page.navigate', { url: site.url }, page.sessionId);
}

const foldersOf = (dir: string) => readdirSync(createSessionRoot(dir).path).length;

// biome-ignore lint/suspicious/noExplicitAny: what the command prints for programs.
const admin = async (...args: string[]): Promise<any> => {
  const { code, output, errors } = await runAdmin(dataDir, ...args, '--json');
  assert.is(code, 0, errors);
  return JSON.parse(output);
};

/** Nothing is left of a session: not its container, nor its folder, nor its place in the quota. The pool has what runs. */
async function hasRecovered(struckAt: number): Promise<void> {
  const listed = async () => machine.client().sessions.list();
  await until(
    'every session is over',
    async () => (await listed()).every(({ status }) => !LIVE.has(status)),
    RECOVERY_LIMIT_MS,
  );
  await until(
    'every container that is left waits in the pool, and nothing in the pool is lost',
    async () => {
      const { controllers, chromes } = countContainers(machine.pid);
      return controllers === chromes && controllers === (await availableIn(machine));
    },
    RECOVERY_LIMIT_MS,
  );
  await until('no folder is left but its own', async () => foldersOf(dataDir) <= 1);
  const tookMs = Date.now() - struckAt;
  counts.worstRecoveryMs = Math.max(counts.worstRecoveryMs, tookMs);
  assert.ok(tookMs < RECOVERY_LIMIT_MS, `${tookMs} ms`);
  const sessions: Session[] = await admin('sessions', 'list', '--all', '--limit', '1000');
  const [project] = await admin('projects', 'list');
  assert.is(project.running, 0, 'the quota is back');
  const minutes = sessions.reduce((sum, each) => sum + browserMinutesOf(each, each.endedAt ?? ''), 0);
  assert.is((await machine.client().projects.usage(project.projectId)).browserMinutes, minutes, 'usage');
}

/** The login of the first session, whatever happened to those after it. */
async function contextIsWhole(): Promise<void> {
  const { id, cdp } = await open();
  const { result } = await cdp.send('Storage.getCookies');
  const { cookies } = result as { cookies: readonly { name: string; value: string }[] };
  assert.equal(
    cookies.filter(({ name }) => name === 'login').map(({ value }) => value),
    ['kept'],
  );
  await release(id);
  assert.is((await ended(id)).status, 'COMPLETED');
}

/** Answers when it was. */
async function killInUse(victim: Victim): Promise<number> {
  const { id, cdp } = await open();
  counts.creates += 1;
  const chromePid = await chromeBehind(cdp);
  const done = use(cdp);
  await wait(random() * MAX_USE_MS);
  const struckAt = Date.now();
  const isKilled = await strike(victim, chromePid);
  const reasons = REASONS[victim];
  if (reasons === undefined) {
    if (LIVE.has((await machine.client().sessions.retrieve(id)).status)) {
      counts.wentOn += 1;
      await release(id);
    }
  } else {
    assert.ok(isKilled, `${victim} was there`);
    const { endReason } = (await ended(id)) as { endReason?: string };
    assert.ok(reasons.includes(endReason ?? ''), `${victim}: ${endReason}`);
  }
  await ended(id);
  counts.ended += 1;
  await done;
  return struckAt;
}

/** The same while a create waits: it is answered with a session, or refused in the contract's shape, or its machine is gone. */
async function killWhileCreated(victim: Victim): Promise<number> {
  const asked = machine.client().sessions.create({ keepAlive: true });
  const answered = asked.then(
    ({ id }) => id,
    (error: { status?: number }) => {
      assert.ok(error.status === undefined || error.status >= 500, String(error));
      counts.refused += 1;
    },
  );
  counts.creates += 1;
  await wait(random() * MAX_CREATE_MS);
  const struckAt = Date.now();
  await strike(victim, 0);
  const id = await answered;
  if (id !== undefined && LIVE.has((await machine.client().sessions.retrieve(id)).status)) await release(id);
  return struckAt;
}

for (const victim of victims)
  kills(`${victim}, while a client is in it`, async () => {
    for (let round = 0; round < KILLS; round += 1) {
      const struckAt = await killInUse(victim);
      await hasRecovered(struckAt);
    }
  });

for (const victim of victims.filter((each) => !/^(its|a page)/.test(each)))
  kills(`${victim}, while a session is created`, async () => {
    for (let round = 0; round < KILLS; round += 1) {
      const struckAt = await killWhileCreated(victim);
      await hasRecovered(struckAt);
    }
  });

kills('leave the context whole', contextIsWhole);

kills('have met all of it', () => {
  console.log(JSON.stringify(counts));
  assert.ok(counts.kills >= KILLS * victims.length, 'most of them hit');
});

kills.run();
