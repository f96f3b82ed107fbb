// One create, asked for again and again: one browser; and none for a caller who has gone.
import { randomUUID } from 'node:crypto';
import type { Browserbase } from '@browserbasehq/sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

let wallcrawler: Wallcrawler;
let client: Browserbase;

const retries = suite('retries of a create');

retries.before(async () => {
  wallcrawler = await startWallcrawler();
  client = wallcrawler.client();
});

retries.after(() => wallcrawler?.dispose());

const isLive = ({ status }: { status: string }) => status === 'PENDING' || status === 'RUNNING';
const live = async () => (await client.sessions.list()).filter(isLive);
const noneLeft = () => until('no session is left', async () => (await live()).length === 0, 30_000);

retries('are one browser for three tries: the last one’s, or none when that is given up too', async () => {
  const tried = client.sessions.create({}, { timeout: 200, maxRetries: 2 });
  const answer = await tried.catch((error: Error) => error);
  const there = (await live()).map(({ id }) => id);
  if (answer instanceof Error) {
    assert.is(answer.constructor.name, 'APIConnectionTimeoutError');
    assert.ok(there.length <= 1, 'one browser for three tries');
  } else {
    assert.equal(there, [answer.id]);
    await client.sessions.update(answer.id, { status: 'REQUEST_RELEASE' });
  }
  await noneLeft();
});

retries('that the caller aborts leave none', async () => {
  const aborted = client.sessions.create({}, { signal: AbortSignal.timeout(150) });
  assert.is((await aborted.catch((error) => error)).constructor.name, 'APIUserAbortError');
  await noneLeft();
  const { endReason } = (await client.sessions.list())[0] as unknown as { endReason: string };
  assert.is(endReason, 'create_given_up');
});

retries('with one key, or one id, are one session, however they meet', async () => {
  const id = randomUUID();
  for (const [params, headers] of [
    [{}, { 'idempotency-key': id }],
    [{ id }, {}],
  ]) {
    const made = await Promise.all(
      [1, 2, 3].map(() => client.sessions.create(params as object, { headers })),
    );
    const again = await client.sessions.create(params as object, { headers });
    const ids = new Set([...made, again].map((session) => session.id));
    assert.is(ids.size, 1);
    assert.is(new Set([...made, again].map(({ signingKey }) => signingKey)).size, 4, 'each with its token');
    const differs = client.sessions.create({ ...(params as object), keepAlive: true }, { headers });
    assert.is((await differs.catch((error) => error)).status, 422);
    await client.sessions.update(again.id, { status: 'REQUEST_RELEASE' });
    await noneLeft();
    const late = client.sessions.create(params as object, { headers });
    assert.is((await late.catch((error) => error)).status, 410, 'its session has had its life');
  }
});

retries('are no first tries: two of those at once have two sessions', async () => {
  const made = await Promise.all([client.sessions.create(), client.sessions.create()]);
  assert.is(new Set(made.map(({ id }) => id)).size, 2);
  for (const { id } of made) await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
  await noneLeft();
});

retries.run();
