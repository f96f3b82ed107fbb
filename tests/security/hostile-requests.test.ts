/**
 * Requests that are nearly right, to every route of the contract: each answer is one that the contract has, none is a fault
 * of ours, and nothing falls over. `FUZZ_REQUESTS=20000` sends so many, `FUZZ_SEED` the same ones again.
 */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { runAdmin } from '../e2e/support/admin.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';
import { type HostileRequest, hostileRequest } from './support/hostile-requests.ts';

const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 2 ** 31);
const numRuns = Number(process.env.FUZZ_REQUESTS ?? 400);

/** Said by routes that are not built, and by a page that cannot be fetched. */
const HONEST: Readonly<Record<string, readonly number[]>> = { fetchPage: [502, 504] };
const NOT_BUILT = 501;

let machine: Wallcrawler;
const statuses = new Map<number, number>();

const requests = suite(`hostile requests (FUZZ_SEED=${seed})`);

requests.before(async () => {
  machine = await startWallcrawler({ env: { WALLCRAWLER_RECORD: '0' } });
  // The project's only slot is taken: no request of these starts a browser.
  const { code, errors } = await runAdmin(
    machine.dataDir,
    'projects',
    'update',
    'local',
    '--concurrency',
    '1',
  );
  assert.is(code, 0, errors);
  const body = JSON.stringify({ keepAlive: true, timeout: 21_600 });
  assert.is((await machine.call('/v1/sessions', { method: 'POST', body })).status, 201);
});

requests.after(() => machine.dispose());

async function send({ operationId, method, path, headers, body }: HostileRequest): Promise<void> {
  const response = await machine.call(path, { method, headers, ...(body === undefined ? {} : { body }) });
  const { status } = response;
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const isHonest = status < 500 || status === NOT_BUILT || HONEST[operationId]?.includes(status) === true;
  assert.ok(isHonest, `${operationId}: ${status} ${await response.text()}`);
}

requests(
  `of ${numRuns} none is answered by a fault, or by anything that the contract does not have`,
  async () => {
    await fc.assert(fc.asyncProperty(hostileRequest, send), {
      seed,
      numRuns,
      endOnFailure: true,
      includeErrorInReport: true,
    });
    console.log(
      `${numRuns} requests: ${[...statuses]
        .sort(([a], [b]) => a - b)
        .map(([status, n]) => `${n} x ${status}`)
        .join(', ')}`,
    );
  },
);

requests('leave the machine as it was: it lists, and its log tells of no fault', async () => {
  assert.is((await machine.client().sessions.list({ status: 'RUNNING' })).length, 1);
  assert.not.match(machine.output(), /unhandled|uncaught/i);
});

requests.run();
