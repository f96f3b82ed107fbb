/**
 * kill -9 of Chrome, of a session's controller and of the whole machine, at random moments, while sessions log and download:
 * every log is whole rows, every download that is listed is whole, and nothing runs on.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createSessionRoot } from '../../local/data/session-root.ts';
import { type CdpClient, connectCdp } from '../e2e/support/cdp.ts';
import { descendantsOf, listProcesses } from '../e2e/support/processes.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';
import { contentOf, type FilesSite, startFilesSite } from './support/files-site.ts';
import { randomFrom } from './support/random.ts';

const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
const random = randomFrom(seed);
const SESSIONS = 2;
const KILLS = 4;
const MACHINE_KILLS = 3;
const DOWNLOAD_EVERY_MS = 300;
const END_LIMIT_MS = 60_000;

const kills = suite(`kill -9 under load (KILL_SEED=${seed})`);
const seen = { rows: 0, downloads: 0, failed: 0 };
let dataDir: string;
let site: FilesSite;
let machine: Wallcrawler;

kills.before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'wallcrawler-e2e-'));
  site = await startFilesSite();
  machine = await startWallcrawler({ dataDir });
});

kills.after(async () => {
  await machine?.dispose();
  await site?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

interface LoadedSession {
  readonly id: string;
  /** The downloads that Chrome said to begin. */
  readonly begun: Set<string>;
  /** When its socket is gone, and nothing of it is under way. */
  readonly done: Promise<void>;
}

/** A session whose page asks for things without a pause, and that downloads one file after the other until its end. */
async function load(): Promise<LoadedSession> {
  const { id, connectUrl } = await machine.client().sessions.create({ keepAlive: true });
  const cdp = await connectCdp(connectUrl);
  const begun = new Set<string>();
  cdp.onEvent((event) => {
    if (event.method === 'Browser.downloadWillBegin')
      begun.add((event as unknown as { params: { guid: string } }).params.guid);
  });
  const behavior = { behavior: 'allow', downloadPath: 'downloads', eventsEnabled: true };
  await cdp.send('Browser.setDownloadBehavior', behavior);
  return { id, begun, done: drive(cdp) };
}

async function drive(cdp: CdpClient): Promise<void> {
  const gone = cdp.closed.then(() => true);
  const { sessionId } = await cdp.openPage();
  void cdp.send('Page.navigate', { url: `${site.url}/busy` }, sessionId);
  while (!(await Promise.race([gone, wait(DOWNLOAD_EVERY_MS, false)])))
    void cdp.send('Target.createTarget', { url: site.nextFile() });
}

const mainOfChrome = (sessionId: string) => {
  const found = descendantsOf(machine.pid).find(
    ({ command }) =>
      command.includes(sessionId) && command.includes('--user-data-dir') && !command.includes('--type='),
  );
  if (found === undefined) throw new Error(`no Chrome of session ${sessionId}`);
  return found;
};

/** All that a session is made of: what must not run when it has ended. */
const processesOf = (sessionId: string): readonly number[] => {
  const { pid, parentPid } = mainOfChrome(sessionId);
  return [parentPid, pid, ...descendantsOf(pid).map((each) => each.pid)];
};

const areGone = (pids: readonly number[]) =>
  until(
    'its processes are gone',
    async () => !listProcesses().some(({ pid, state }) => pids.includes(pid) && state !== 'Z'),
    END_LIMIT_MS,
  );

/** Nothing of a session stays on the disk: half a download least of all. */
const isSwept = (sessionId: string) =>
  until('its folder is gone', async () => !existsSync(join(createSessionRoot(dataDir).path, sessionId)));

const hasEnded = (id: string) =>
  until(
    `session ${id} has ended`,
    async () => {
      const { status } = await machine.client().sessions.retrieve(id);
      return status !== 'RUNNING' && status !== 'PENDING';
    },
    END_LIMIT_MS,
  );

// biome-ignore lint/suspicious/noExplicitAny: `call` has checked it against the contract.
const json = async (path: string): Promise<any> => {
  const response = await machine.call(path);
  assert.is(response.status, 200, path);
  return response.json();
};

interface Listed {
  readonly id: string;
  readonly filename: string;
  readonly size: number;
  readonly checksum: string;
}

/** Each of them whole, by its list, alone and in the zip; their ids. */
async function checkDownloads(sessionId: string): Promise<readonly string[]> {
  const listed: Listed[] = [];
  for (let total = 1; listed.length < total; ) {
    const page = await json(`/v1/downloads?sessionId=${sessionId}&limit=100&offset=${listed.length}`);
    total = page.total;
    listed.push(...page.downloads);
  }
  for (const { id, filename, size, checksum } of listed) {
    const number = Number(/^file-(\d+)-\d{13}\.bin$/.exec(filename)?.[1]);
    const expected = contentOf(number);
    assert.is(size, expected.length, filename);
    assert.is(checksum, createHash('sha256').update(expected).digest('hex'), filename);
    const file = await machine.call(`/v1/downloads/${id}`, {
      headers: { accept: 'application/octet-stream' },
    });
    assert.ok(expected.equals(Buffer.from(await file.arrayBuffer())), filename);
  }
  seen.downloads += listed.length;
  return listed.map(({ id }) => id);
}

/** What the log answers is a list of rows as the contract has them, which `call` checks. */
async function checkLog(sessionId: string): Promise<number> {
  const rows = (await json(`/v1/sessions/${sessionId}/logs`)) as readonly unknown[];
  seen.rows += rows.length;
  return rows.length;
}

async function failedIds(sessionId: string): Promise<readonly string[]> {
  const events = (await json(`/v1/sessions/${sessionId}/events?category=download&limit=1000`)) as readonly {
    readonly type: string;
    readonly data: { readonly downloadId?: string };
  }[];
  const failed = events.filter(({ type }) => type === 'download.failed');
  seen.failed += failed.length;
  return failed.map(({ data }) => data.downloadId ?? '');
}

const someTime = () => wait(1_000 + Math.floor(random() * 5_000));

for (let round = 1; round <= KILLS; round += 1) {
  kills(`Chrome, ${round}: what it had is stored, what it had not is named`, async () => {
    const sessions = await Promise.all(Array.from({ length: SESSIONS }, load));
    for (const { id, begun, done } of sessions) {
      await someTime();
      const pids = processesOf(id);
      process.kill(mainOfChrome(id).pid, 'SIGKILL');
      await Promise.all([hasEnded(id), areGone(pids), isSwept(id), done]);
      assert.ok((await checkLog(id)) > 0, 'the controller has stored what it had');
      const known = new Set([...(await checkDownloads(id)), ...(await failedIds(id))]);
      assert.equal(
        [...begun].filter((guid) => !known.has(guid)),
        [],
        'each download is there or named',
      );
    }
  });

  kills(`the controller, ${round}: what was stored is whole`, async () => {
    const sessions = await Promise.all(Array.from({ length: SESSIONS }, load));
    for (const { id, done } of sessions) {
      await someTime();
      const pids = processesOf(id);
      process.kill(mainOfChrome(id).parentPid, 'SIGKILL');
      await Promise.all([hasEnded(id), areGone(pids), isSwept(id), done]);
      await checkLog(id);
      await checkDownloads(id);
    }
  });
}

for (let round = 1; round <= MACHINE_KILLS; round += 1)
  kills(`the machine, ${round}: its next start has all that was stored, and nothing runs on`, async () => {
    const sessions = await Promise.all(Array.from({ length: SESSIONS }, load));
    await someTime();
    const pids = descendantsOf(machine.pid).map(({ pid }) => pid);
    await machine.killHard();
    await Promise.all(sessions.map(({ done }) => done));
    machine = await startWallcrawler({ dataDir });
    await areGone(pids);
    for (const { id } of sessions) {
      await Promise.all([hasEnded(id), isSwept(id)]);
      await checkLog(id);
      await checkDownloads(id);
    }
  });

kills('has met all of it', () => {
  console.log(`${seen.rows} rows, ${seen.downloads} downloads, ${seen.failed} that are named as failed`);
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 0, what);
});

kills.run();
