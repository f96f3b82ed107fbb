/**
 * The store fails in the middle of a profile that is restored or saved. Real containers, a real Chrome and the S3 of this
 * machine. By itself it meets one fault of each; with `FAULT_STORIES` all of them, those too that take a minute.
 */
import type { Browserbase } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createContextsBucket } from '../../../core/aws/contexts/contexts-bucket.ts';
import {
  type ProfileVersion,
  pagesOfProfileVersions,
} from '../../../core/aws/contexts/list-profile-versions.ts';
import { profileKeyOf } from '../../../core/domain/context.ts';
import { readInfrastructure } from '../../../local/start/infrastructure.ts';
import { ownerOf } from '../../e2e/support/owner.ts';
import { type Site, startSite } from '../../e2e/support/pages.ts';
import { descendantsOf, listProcesses } from '../../e2e/support/processes.ts';
import { until } from '../../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../../e2e/support/wallcrawler.ts';
import { type S3Fault, setS3Fault } from '../../long/support/s3-fault.ts';

const isLong = process.env.FAULT_STORIES !== undefined;
const END_LIMIT_MS = 130_000;

let machine: Wallcrawler;
let client: Browserbase;
let site: Site;

const t = suite('the store fails in the middle');
t.before(async () => {
  site = await startSite();
  machine = await startWallcrawler({ entry: 'tests/long/support/machine-with-faults.ts' });
  client = machine.client();
});
t.after.each(() => fault(''));
t.after(async () => {
  await machine?.dispose();
  await site?.close();
});

const fault = (next: S3Fault): void => setS3Fault(machine.dataDir, next);

interface Ended {
  readonly status: string;
  readonly endReason?: string;
  readonly endDetail?: string;
}

const untilEnded = (id: string): Promise<Ended> =>
  until(
    `session ${id} has ended`,
    async () => {
      const session = (await client.sessions.retrieve(id)) as Ended;
      return session.status !== 'RUNNING' && session.status !== 'PENDING' && session;
    },
    END_LIMIT_MS,
  );

/** A session of the context that logs in, and is still there. */
async function login(contextId: string, path = 'login') {
  const { id, connectUrl } = await client.sessions.create({
    keepAlive: true,
    browserSettings: { context: { id: contextId, persist: true } },
  });
  const browser = await chromium.connectOverCDP(connectUrl);
  await browser.contexts()[0]?.pages()[0]?.goto(`${site.url}${path}`);
  await browser.close();
  return id;
}

async function release(id: string): Promise<Ended> {
  await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
  return untilEnded(id);
}

async function versionsOf(contextId: string): Promise<readonly ProfileVersion[]> {
  const bucket = createContextsBucket(
    readInfrastructure().buckets.contexts.name,
    true,
    ownerOf(machine.dataDir),
  );
  const found: ProfileVersion[] = [];
  const key = profileKeyOf({ projectId: 'local', contextId });
  for await (const page of pagesOfProfileVersions(bucket, key)) found.push(...page);
  bucket.client.destroy();
  return found;
}

/** One whose profile was saved. */
async function savedContext(): Promise<string> {
  const { id } = await client.contexts.create();
  assert.is((await release(await login(id))).status, 'COMPLETED');
  assert.is((await versionsOf(id)).length, 1);
  return id;
}

/** With the profile that was saved at first: it starts, and is logged in. */
async function requireWhole(contextId: string): Promise<void> {
  assert.is((await versionsOf(contextId)).length, 1, 'nothing took its place');
  const browserSettings = { context: { id: contextId, persist: false } };
  const { id, connectUrl } = await client.sessions.create({ keepAlive: true, browserSettings });
  const browser = await chromium.connectOverCDP(connectUrl);
  const page = browser.contexts()[0]?.pages()[0];
  await page?.goto(`${site.url}who`);
  assert.match((await page?.textContent('body')) ?? '', 'lasting=for-a-week');
  await browser.close();
  await release(id);
}

/** Without `FAULT_STORIES` the first of them. */
const someOf = <T>(kinds: readonly T[]): readonly T[] => (isLong ? kinds : kinds.slice(0, 1));

for (const [kind, words] of someOf([
  ['cut', /could not be started: .*the archive did not arrive whole/],
  ['refuse', /could not be started: .*the store answered 503 to GET/],
  ['error', /could not be started: .*the store answered 500 to GET/],
] as const))
  t(
    `of a restore (${kind}): the create is 503 with the reason, in bounded time, and the archive is whole`,
    async () => {
      const id = await savedContext();
      fault(`${kind} GET`);
      const body = JSON.stringify({ browserSettings: { context: { id, persist: true } } });
      const headers = { 'content-type': 'application/json' };
      const startedAt = performance.now();
      const answer = await machine.call('/v1/sessions', { method: 'POST', body, headers });
      const seconds = (performance.now() - startedAt) / 1000;
      const { message } = (await answer.json()) as { message: string };
      assert.equal([answer.status, answer.headers.get('x-should-retry')], [503, 'false'], message);
      assert.match(message, words);
      assert.ok(seconds < 20, `${seconds} s`);
      fault('');
      await requireWhole(id);
    },
  );

for (const [kind, words] of someOf([
  ['cut', /The profile was not saved: PUT failed: \w+: .* were sent in/],
  ['refuse', /The profile was not saved: the store answered 503 to PUT: .* were sent in/],
  ['error', /The profile was not saved: the store answered 500 to PUT: .* were sent in/],
] as const))
  t(
    `of a save (${kind}): the session ends as profile_not_saved with the reason, and the archive is whole`,
    async () => {
      const id = await savedContext();
      const sessionId = await login(id);
      fault(`${kind} PUT`);
      const startedAt = performance.now();
      const { status, endReason, endDetail = '' } = await release(sessionId);
      const seconds = (performance.now() - startedAt) / 1000;
      assert.equal([status, endReason], ['ERROR', 'profile_not_saved'], endDetail);
      assert.match(endDetail, words);
      assert.ok(seconds < 40, `${seconds} s`);
      fault('');
      await requireWhole(id);
    },
  );

t('of a save, and then the container is killed: the archive is whole', async () => {
  const id = await savedContext();
  const sessionId = await login(id);
  fault('hang PUT');
  const { pid, parentPid } = mainOfChrome(sessionId);
  await client.sessions.update(sessionId, { status: 'REQUEST_RELEASE' });
  const isOver = async () => !listProcesses().some((each) => each.pid === pid && each.state !== 'Z');
  await until('its Chrome has closed, and its profile is on its way', isOver, END_LIMIT_MS);
  process.kill(parentPid, 'SIGKILL');
  const { status, endReason } = await untilEnded(sessionId);
  assert.equal([status, endReason], ['ERROR', 'profile_not_saved']);
  fault('');
  await requireWhole(id);
});

t('two sessions save one context: the later one wins whole, and is told whose it replaced', async () => {
  const id = await savedContext();
  const [first, second] = [await login(id), await login(id)];
  const ends = [await release(first), await release(second)];
  assert.equal(
    ends.map(({ status, endDetail }) => [status, endDetail]),
    [
      ['COMPLETED', undefined],
      ['COMPLETED', `The saved profile replaces one that was stored meanwhile by session ${first}`],
    ],
  );
  const events = await machine.call(`/v1/sessions/${second}/events`);
  const told = ((await events.json()) as { type: string; data: object }[]).filter(
    ({ type }) => type === 'context.replaced',
  );
  assert.equal(
    told.map(({ data }) => data),
    [{ contextId: id, savedBy: first }],
  );
  assert.is((await versionsOf(id)).length, 3, 'what it replaced can be had back');
});

if (isLong) {
  t('says nothing to a restore: the create is 503 within its time', async () => {
    const id = await savedContext();
    fault('hang GET');
    const body = JSON.stringify({ browserSettings: { context: { id, persist: true } } });
    const headers = { 'content-type': 'application/json' };
    const answer = await machine.call('/v1/sessions', { method: 'POST', body, headers });
    assert.is(answer.status, 503);
    fault('');
    await requireWhole(id);
  });

  t('says nothing to a save: the session ends within the time of its container', async () => {
    const id = await savedContext();
    const sessionId = await login(id);
    fault('hang PUT');
    const { endReason, endDetail } = await release(sessionId);
    assert.is(endReason, 'profile_not_saved', endDetail);
    fault('');
    await requireWhole(id);
  });
}

/** Its parent is the container. */
function mainOfChrome(sessionId: string) {
  const found = descendantsOf(machine.pid).find(
    ({ command }) =>
      command.includes(sessionId) && command.includes('--user-data-dir') && !command.includes('--type='),
  );
  if (found === undefined) throw new Error(`no Chrome of session ${sessionId}`);
  return found;
}

t.run();
