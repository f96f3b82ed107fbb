/**
 * Recordings of a session with more tabs than have a film, of two clients on two tabs, and while S3 is down for a minute:
 * each playlist plays to the end of its last chunk, by hls.js in a real browser.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RECORDING } from '../../core/domain/recording.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';
import { checkFilms, driveTabs, openFilmed, release, TURN_MS } from './support/filmed-session.ts';
import { type S3Fault, setS3Fault } from './support/s3-fault.ts';

const DOWN_MS = 60_000;

const faults = suite('recordings of many tabs, and without a store');
let machine: Wallcrawler;

faults.before(async () => {
  machine = await startWallcrawler({ entry: 'tests/long/support/machine-with-faults.ts' });
});

faults.after(() => machine?.dispose());

const reasonsOf = async (id: string, type: string) => {
  const answer = await machine.call(`/v1/sessions/${id}/events?category=recording&limit=1000`);
  const events = (await answer.json()) as {
    readonly type: string;
    readonly data: { readonly reason?: string };
  }[];
  return events.filter((event) => event.type === type).map(({ data }) => data.reason);
};

faults('of eleven tabs ten have a film, and it is said of the last one', async () => {
  const { id, client } = await openFilmed(machine, RECORDING.maxPages + 1);
  await wait((RECORDING.maxPages + 2) * TURN_MS);
  client.stop();
  await client.done;
  await release(machine, id);
  assert.is((await checkFilms(machine, id)).length, RECORDING.maxPages);
  assert.equal(await reasonsOf(id, 'recording.stopped'), ['only its first 10 pages are recorded']);
});

faults('two clients on two tabs have them filmed in turns', async () => {
  const { id, connectUrl, client } = await openFilmed(machine, 1);
  const other = await driveTabs(connectUrl, 1);
  await wait(45_000);
  for (const each of [client, other]) each.stop();
  await Promise.all([client.done, other.done]);
  await release(machine, id);
  const lengths = await checkFilms(machine, id);
  assert.is(lengths.length, 2);
  for (const seconds of lengths) assert.ok(seconds > 10, `${lengths}`);
});

for (const [what, fault] of [
  ['is down', 'refuse'],
  ['breaks off in the middle of each chunk', 'cut PUT'],
] as const satisfies readonly (readonly [string, S3Fault])[])
  faults(`while S3 ${what} a film waits, and has no gap when it is back`, async () => {
    const { id, client } = await openFilmed(machine, 1);
    await wait(5_000);
    const beganMs = Date.now();
    setS3Fault(machine.dataDir, fault);
    await wait(DOWN_MS);
    setS3Fault(machine.dataDir, '');
    await wait(20_000);
    const filmedMs = Date.now() - beganMs;
    client.stop();
    await client.done;
    await release(machine, id);
    assert.equal(await reasonsOf(id, 'recording.lost'), []);
    const [seconds = 0] = await checkFilms(machine, id);
    assert.ok(seconds * 1_000 > filmedMs, `${seconds} s of ${filmedMs} ms`);
  });

faults.run();
