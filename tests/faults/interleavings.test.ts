/**
 * Events that are lost, doubled, late and in any order, commands that are refused, not heard of or done twice, and
 * containers that are killed: creates, claims, releases, sweeps and reports of real code, one step at a time, on a real
 * DynamoDB API. `FAULT_STORIES=10000` tells so many; a story that broke a promise is told again by `FAULT_SEED=<its number>`.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HEARTBEAT, SWEEP } from '../../core/domain/timing.ts';
import { openSessionTables, type SessionTables } from '../contract/support/session-tables.ts';
import { type Told, tellStory } from './support/story.ts';
import type { Recovery } from './support/world.ts';

const { FAULT_SEED, FAULT_STORIES } = process.env;
const FIRST_SEED = Number(FAULT_SEED ?? 1);
const count = Number(FAULT_STORIES ?? (FAULT_SEED === undefined ? 40 : 1));

/**
 * Where the event of its end is lost, and it is asked to end just before its silence tells: what the sweeper gives it then,
 * the time to the next sweep, and as long again for a sweep whose own commands are late.
 */
const LATEST_END_MS = HEARTBEAT.lostAfterMs + SWEEP.terminatingLimitMs + 2 * SWEEP.everyMs;
const beyondFailedSweepsMs = ({ ms, failedSweeps }: Recovery): number => ms - failedSweeps * SWEEP.everyMs;

const stories = suite('in any order of events');
let tables: SessionTables;
const told: Told[] = [];

stories.before(async () => {
  tables = await openSessionTables();
});
stories.after(() => tables.close());

stories(
  `of ${count} stories each session ends once, by legal steps, its slot comes back, its usage is counted once and no task stays`,
  async () => {
    for (let seed = FIRST_SEED; seed < FIRST_SEED + count; seed++) told.push(await tellStory(tables, seed));
    const sum = (of: (each: Told) => number) => told.reduce((total, each) => total + of(each), 0);
    const late = told.flatMap(({ seed, recoveries }) => recoveries.map((each) => ({ seed, ...each })));
    late.sort((one, other) => beyondFailedSweepsMs(other) - beyondFailedSweepsMs(one));
    const [worst] = late;
    console.log(
      `${told.length} stories: ${sum(({ turns }) => turns)} steps, ${sum(({ sessions }) => sessions.length)} sessions, ` +
        `${sum(({ kills }) => kills)} kills; the latest end of a session after its container's: ${JSON.stringify(worst)}`,
    );
    if (worst !== undefined) assert.ok(beyondFailedSweepsMs(worst) <= LATEST_END_MS, JSON.stringify(worst));
  },
);

stories('the same seed tells the same story', async () => {
  const { turns, sessions, recoveries } = await tellStory(tables, FIRST_SEED);
  const [first] = told;
  const endings = (of: Told['sessions']) => of.map(({ status, endReason }) => [status, endReason]);
  assert.is(turns, first?.turns);
  assert.equal(endings(sessions), endings(first?.sessions ?? []));
  assert.equal(recoveries, first?.recoveries);
});

stories.run();
