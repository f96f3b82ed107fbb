import type { Browserbase } from '@browserbasehq/sdk';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runAdmin } from './support/admin.ts';
import { until } from './support/until.ts';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

const LIMIT = 4;
const ASKED = 30;

let wallcrawler: Wallcrawler;
let client: Browserbase;

const quota = suite('quota');

quota.before(async () => {
  wallcrawler = await startWallcrawler();
  await runAdmin(
    wallcrawler.dataDir,
    'projects',
    'create',
    '--name',
    'small',
    '--id',
    'small',
    '--concurrency',
    `${LIMIT}`,
  );
  const made = await runAdmin(wallcrawler.dataDir, 'keys', 'create', '--project', 'small');
  client = wallcrawler.client(made.output.trim().split('\n').at(-1) ?? '');
});

quota.after(() => wallcrawler?.dispose());

const idle = () =>
  until(
    'all sessions end',
    async () => {
      const running = await client.sessions.list({ status: 'RUNNING' });
      const pending = await client.sessions.list({ status: 'PENDING' });
      return running.length + pending.length === 0;
    },
    30_000,
  );

/** The ids of the sessions that `asked` parallel creates got, and the errors of the others. */
async function createMany(asked: number) {
  const results = await Promise.allSettled(Array.from({ length: asked }, () => client.sessions.create()));
  const ids = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value.id] : []));
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  return { ids, errors: errors as { status?: number; message: string; headers?: Record<string, string> }[] };
}

const release = (ids: readonly string[]) =>
  Promise.all(ids.map((id) => client.sessions.update(id, { status: 'REQUEST_RELEASE' })));

quota(
  `of ${ASKED} creates at once exactly ${LIMIT} get a browser, and the others Browserbase's 429`,
  async () => {
    const { ids, errors } = await createMany(ASKED);
    assert.is(ids.length, LIMIT);
    assert.is(errors.length, ASKED - LIMIT);
    for (const { status, message, headers } of errors) {
      assert.is(status, 429);
      assert.match(
        message,
        `You've exceeded your max concurrent sessions limit (limit ${LIMIT}, currently ${LIMIT}).`,
      );
      assert.is(headers?.['x-ratelimit-limit'], String(LIMIT));
      assert.is(headers?.['x-ratelimit-remaining'], '0');
      assert.ok(Number(headers?.['retry-after']) > 0);
    }
    await release(ids);
    await idle();
  },
);

quota('all concurrency slots are free again after releases, and after a crash', async () => {
  const first = await createMany(LIMIT);
  assert.equal(first.errors, []);
  await release(first.ids);
  await idle();
  const second = await createMany(LIMIT + 1);
  assert.is(second.ids.length, LIMIT);
  await release(second.ids);
  await idle();
});

quota.run();
