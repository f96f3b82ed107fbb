/** 300 creates at once over ten projects: each project gets what it may have, exactly, and none waits for another. */
import type { Browserbase } from '@browserbasehq/sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runAdmin } from '../e2e/support/admin.ts';
import { descendantsOf } from '../e2e/support/processes.ts';
import { until } from '../e2e/support/until.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

const CREATES_EACH = 30;
const LIMITS = [1, 1, 1, 1, 1, 1, 1, 1, 2, 2];
const END_LIMIT_MS = 60_000;

interface Tenant {
  readonly id: string;
  readonly limit: number;
  readonly client: Browserbase;
}

interface Refusal {
  readonly status?: number;
  readonly message: string;
}

let wallcrawler: Wallcrawler;
let tenants: readonly Tenant[];

const creates = suite('300 creates at once');

async function newTenant(limit: number, index: number): Promise<Tenant> {
  const id = `tenant-${index}`;
  const { dataDir } = wallcrawler;
  await runAdmin(dataDir, 'projects', 'create', '--id', id, '--name', id, '--concurrency', `${limit}`);
  const { output } = await runAdmin(dataDir, 'keys', 'create', '--project', id);
  return { id, limit, client: wallcrawler.client(output.trim().split('\n').at(-1)) };
}

creates.before(async () => {
  wallcrawler = await startWallcrawler();
  const made: Tenant[] = [];
  for (const [index, limit] of LIMITS.entries()) made.push(await newTenant(limit, index));
  tenants = made;
});
creates.after(() => wallcrawler?.dispose());

async function create({ id, client }: Tenant) {
  try {
    return { tenant: id, sessionId: (await client.sessions.create({ keepAlive: true })).id };
  } catch (error) {
    return { tenant: id, refusal: error as Refusal };
  }
}

const liveOf = async ({ client }: Tenant) =>
  (await client.sessions.list()).filter(({ status }) => ['PENDING', 'RUNNING'].includes(status));

creates('give each project its quota, and refuse the others for its own quota only', async () => {
  const results = await Promise.all(
    Array.from({ length: CREATES_EACH }, () => tenants)
      .flat()
      .map(create),
  );
  const said = Map.groupBy(results, ({ refusal }) => refusal?.message ?? 'a session');
  console.log([...said].map(([what, { length }]) => `${length} x ${what}`).join('\n'));
  for (const tenant of tenants) {
    const own = results.filter((each) => each.tenant === tenant.id);
    const refusals = own.flatMap(({ refusal }) => (refusal === undefined ? [] : [refusal]));
    assert.is(own.length - refusals.length, tenant.limit, tenant.id);
    for (const { status, message } of refusals) {
      assert.is(status, 429, message);
      assert.match(message, `(limit ${tenant.limit}, currently ${tenant.limit})`);
    }
    const given = own.flatMap(({ sessionId }) => (sessionId === undefined ? [] : [sessionId]));
    assert.equal((await liveOf(tenant)).map(({ id }) => id).sort(), given.sort());
  }
});

creates('leave nothing when all are released, and each project may have its quota again', async () => {
  for (const tenant of tenants)
    for (const { id } of await liveOf(tenant))
      await tenant.client.sessions.update(id, { status: 'REQUEST_RELEASE' });
  const live = async () => (await Promise.all(tenants.map(liveOf))).flat();
  await until('all have ended', async () => (await live()).length === 0, END_LIMIT_MS);
  const left = () => descendantsOf(wallcrawler.pid).filter(({ command }) => /controller|chrom/.test(command));
  await until('their processes have ended', async () => left().length === 0, END_LIMIT_MS);
  for (const tenant of tenants) {
    const again = await Promise.all(Array.from({ length: tenant.limit }, () => create(tenant)));
    for (const { sessionId, refusal } of again) {
      assert.ok(sessionId, refusal?.message);
      await tenant.client.sessions.update(sessionId, { status: 'REQUEST_RELEASE' });
    }
  }
});

creates.run();
