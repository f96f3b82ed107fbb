/**
 * Creates, while one kind of what they ask of AWS is throttled, fails, is not answered, or is done and not heard of. No
 * session stays half made: it has ended when its create is answered, or the sweeper ends it.
 */
import { mock } from 'node:test';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { getProject } from '../../core/aws/projects/get-project.ts';
import { listProjectSessions } from '../../core/aws/sessions/list-sessions.ts';
import { LIVE_STATUSES, type Session } from '../../core/domain/session.ts';
import { CONTAINER_START } from '../../core/domain/timing.ts';
import {
  type AwsFault,
  type DeployedFunctions,
  openDeployedFunctions,
} from '../contract/support/deployed-functions.ts';
import { type Seed, seed } from './support/functions-world.ts';
import { reportContainers } from './support/reporting-containers.ts';

const isLong = process.env.FAULT_STORIES !== undefined;
// So long a create waits here for its browser.
const READY_WAIT_MS = '5000';

let functions: DeployedFunctions;
let world: Seed;

const t = suite('AWS refuses a create');
t.before(async () => {
  functions = await openDeployedFunctions();
  // Before the function is loaded.
  process.env.READY_WAIT_MS = READY_WAIT_MS;
  // Warm: what a cold function reads first is token-keys.test.ts's.
  await create(await seed(functions));
});
t.before.each(async () => {
  world = await seed(functions);
});
t.after(() => functions.close());

/** Whose container says at once that it is ready, when there is one. */
async function create({ projectId, contextId }: Seed) {
  const body = { browserSettings: { context: { id: contextId, persist: true } } };
  const containers = reportContainers(functions);
  const answered = functions.streamText('create-session', {
    method: 'POST',
    route: '/v1/sessions',
    projectId,
    body,
  });
  const answer = JSON.parse(await answered.finally(() => containers.stop()));
  return answer as { readonly id?: string; readonly statusCode?: number; readonly message?: string };
}

const sessionsOf = async ({ projectId, sessionId }: Seed): Promise<Session[]> =>
  (await listProjectSessions(functions.tables.sessions, projectId, { limit: 100 })).sessions.filter(
    (session) => session.sessionId !== sessionId,
  );
const live = (sessions: readonly Session[]) =>
  sessions.filter(({ status }) => (LIVE_STATUSES as readonly string[]).includes(status));

/** Nothing stays, at once or after a sweep when the create's time is over; and the next one works. */
async function requireNothingHalfMade(what: string, isSwept: boolean): Promise<void> {
  if (isSwept) {
    mock.timers.enable({ apis: ['Date'], now: Date.now() + CONTAINER_START.limitMs + 5_000 });
    await functions.invoke('sweeper', {}).finally(() => mock.timers.reset());
  }
  assert.equal(live(await sessionsOf(world)), [], what);
  const running = async () => (await getProject(functions.tables.projects, world.projectId))?.running;
  assert.is(await running(), isSwept ? 0 : 1, `${what}: but for the session that was there before`);
  const next = await create(world);
  assert.is(next.statusCode, undefined, `${what}: ${next.message}`);
  assert.is(live(await sessionsOf(world)).length, 1);
}

interface Row {
  readonly call: string;
  readonly faults: readonly AwsFault[];
  readonly message: RegExp;
  /** Its end cannot be written either. */
  readonly isSwept?: true;
  readonly mayAttempt: number;
}

const OUTAGE = /^A service of AWS throttles, fails or does not answer \(\w+\); try again$/;
const NOT_STARTED = /^Session [\w-]+ could not be started: AWS throttles, fails or does not answer \(\w+\)$/;
const long = (...faults: readonly AwsFault[]) => (isLong ? faults : []);

const ROWS: readonly Row[] = [
  {
    call: 'GetItem projects',
    faults: ['failed', ...long('throttled', 'silent')],
    message: OUTAGE,
    mayAttempt: 3,
  },
  {
    call: 'GetItem contexts',
    faults: ['failed', ...long('throttled', 'silent')],
    message: OUTAGE,
    mayAttempt: 3,
  },
  {
    call: 'TransactWriteItems sessions+projects',
    faults: ['failed', 'throttled', 'unheard', ...long('silent')],
    message: OUTAGE,
    isSwept: true,
    mayAttempt: 6,
  },
  { call: 'RunTask', faults: ['failed', ...long('throttled')], message: NOT_STARTED, mayAttempt: 6 },
  {
    call: 'UpdateItem sessions',
    faults: ['failed', ...long('throttled')],
    // Its container cannot say that it is ready either.
    message: /was not ready within 5 seconds and has been ended$/,
    mayAttempt: 12,
  },
  { call: 'GetItem sessions', faults: ['failed'], message: NOT_STARTED, isSwept: true, mayAttempt: 9 },
];

for (const { call, faults, message, isSwept, mayAttempt } of ROWS)
  for (const fault of faults)
    t(`whose ${call} is ${fault} is 503 with a reason, and leaves nothing half made`, async () => {
      let attempts = 0;
      functions.setFault((asked) => {
        if (asked !== call) return undefined;
        attempts += 1;
        return fault;
      });
      const answer = await create(world).finally(() => functions.setFault(undefined));
      assert.is(answer.statusCode, 503, JSON.stringify(answer));
      assert.match(String(answer.message), message);
      assert.ok(attempts > 1 && attempts <= mayAttempt, `${attempts} attempts`);
      await requireNothingHalfMade(`${call} ${fault}`, isSwept === true);
    });

for (const call of [
  'ReceiveMessage',
  'Query warmPool',
  'GetItem warmPool',
  'UpdateItem warmPool',
  'DeleteMessage',
])
  t(`does without ${call}`, async () => {
    functions.setFault((asked) => (asked === call ? 'failed' : undefined));
    const answer = await create(world).finally(() => functions.setFault(undefined));
    assert.is(answer.statusCode, undefined, answer.message);
  });

t('that is admitted although nobody heard of it has ended before its create is answered', async () => {
  const call = 'TransactWriteItems sessions+projects';
  // The admission's attempts; the end is heard of.
  let left = 3;
  functions.setFault((asked) => (asked === call && left-- > 0 ? 'unheard' : undefined));
  const answer = await create(world).finally(() => functions.setFault(undefined));
  assert.is(answer.statusCode, 503);
  const [session] = await sessionsOf(world);
  assert.equal([session?.status, session?.endReason], ['FAILED', 'start_failed']);
  await requireNothingHalfMade('unheard', false);
});

t.run();
