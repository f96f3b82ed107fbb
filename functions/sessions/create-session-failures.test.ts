/** What a create leaves behind, answers and logs when something fails in the middle of it. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { TaskNotPlacedError } from '../../core/aws/browsers/run-browser-task.ts';
import { TransactionBusyError } from '../../core/aws/dynamodb/transaction-busy-error.ts';
import { ConcurrencyExceededError, ProjectNotFoundError } from '../../core/aws/projects/concurrency-slots.ts';
import { END_REASONS, type EndReason } from '../../core/domain/end-reason.ts';
import type { Session } from '../../core/domain/session.ts';
import { CAPACITY } from '../../core/domain/timing.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { createSession } from './create-session.ts';
import type { CreateSessionDeps } from './create-session-deps.ts';
import type { CreateSessionBody } from './create-session-request.ts';
import { keySet, NOW, workingDeps } from './testing/working-deps.ts';

const DO_NOT_RETRY = { 'x-should-retry': 'false' };
const READY = { status: 'READY', address: { host: '10.0.0.5', port: 9223 } } as const;

const failing = (message: string) => async (): Promise<never> => {
  throw new Error(message);
};

/** Creates a session on a platform of which `broken` does not work. */
function create(broken: Partial<CreateSessionDeps>, body: CreateSessionBody = {}) {
  const calls: string[] = [];
  const log = recordLog();
  const noted =
    <Arguments extends unknown[], Answer>(name: string, run: (...given: Arguments) => Promise<Answer>) =>
    (...given: Arguments) => {
      calls.push(name === 'end' ? `end ${given[1]}` : name);
      return run(...given);
    };
  const deps = workingDeps({ logger: log.logger, ...broken });
  const answer = createSession({
    ...deps,
    admit: noted('admit', deps.admit),
    runTask: noted('run', deps.runTask),
    end: noted('end', deps.end),
    stopTask: noted('stop', deps.stopTask),
  })(newRequest({ body }));
  return { answer, calls, log };
}

const ALL_UNDONE = ['admit', 'run', 'end start_failed', 'stop'];

const before = suite('a create that fails before its session is admitted');

for (const [what, broken] of [
  ['the keys cannot be read', { loadTokenKeys: failing('AccessDenied') }],
  ['the project cannot be read', { getProject: failing('throttled') }],
] as const) {
  before(`leaves nothing: ${what}`, async () => {
    const { answer, calls } = create(broken);
    assert.match((await answer.catch((error) => error)).message, /AccessDenied|throttled/);
    assert.equal(calls, []);
  });
}

before('takes no slot when the key in use cannot sign', async () => {
  const damaged = { current: 'k', keys: { k: { privateKey: 'no key', publicKey: 'no key' } } };
  const { answer, calls } = create({ loadTokenKeys: async () => damaged });
  assert.instance(await answer.catch((error) => error), Error);
  assert.equal(calls, []);
});

before('answers why it was not admitted, and undoes nothing', async () => {
  for (const [error, status] of [
    [new ConcurrencyExceededError({ concurrency: 1, running: 1 }), 429],
    [new ProjectNotFoundError('gone'), 404],
  ] as const) {
    const { answer, calls, log } = create({
      admit: async () => {
        throw error;
      },
    });
    assert.is((await appErrorOf(answer)).status, status);
    assert.equal(calls, ['admit']);
    assert.equal(log.lines(), [], 'and the quota is no error of ours');
  }
});

before('may be tried again when the project was too busy to admit it: no browser was started', async () => {
  const busy = new TransactionBusyError('No attempt was let through');
  const { answer, calls } = create({
    admit: async () => {
      throw busy;
    },
  });
  assert.is(await answer.catch((error) => error), busy);
  assert.equal(calls, ['admit']);
});

before.run();

// ---

const start = suite('a create whose start fails');

start('stops the container, ends the session and says nothing of the fault', async () => {
  const { answer, calls, log } = create({ waitUntilReady: failing('table wallcrawler-secret is gone') });
  const { code, status, message, headers } = await appErrorOf(answer);
  assert.equal([code, status, headers], ['START_FAILED', 503, DO_NOT_RETRY]);
  assert.is(message, 'Session s1 could not be started: the platform failed');
  assert.equal(calls, ALL_UNDONE);
  assert.match(log.text(), 'wallcrawler-secret', 'which stands in the log');
});

start('with a container of which nobody knows ends the session alone', async () => {
  const { answer, calls } = create({ runTask: failing('ECS answered 500') });
  assert.equal((await appErrorOf(answer)).headers, DO_NOT_RETRY, 'one may run, and a repeat starts a second');
  assert.equal(calls, ['admit', 'run', 'end start_failed']);
});

start(
  'for want of room waits for it, and may then be tried again, with the reason that ECS gave',
  async () => {
    let nowMs = NOW.getTime();
    const starting = newSession({ status: 'CREATING' });
    const { answer, calls } = create({
      clock: {
        now: () => nowMs,
        setTimer(delayMs, run) {
          nowMs += delayMs;
          setImmediate(run);
          return () => {};
        },
      },
      getSession: async () => starting,
      runTask: async () => {
        throw new TaskNotPlacedError('RESOURCE:MEMORY');
      },
    });
    const { code, message, headers } = await appErrorOf(answer);
    assert.equal([code, headers], ['CAPACITY', { 'retry-after': String(CAPACITY.retryAfterSeconds) }]);
    assert.ok(nowMs - NOW.getTime() >= 25_000);
    assert.equal(calls, ['admit', 'run', 'end start_failed']);
    assert.is(message, 'No container could be started for session s1: RESOURCE:MEMORY');
  },
);

const REASONS = Object.keys(END_REASONS) as EndReason[];
for (const reason of REASONS.filter((each) => each !== 'create_given_up')) {
  start(`because the session ended as ${reason} says so in a sentence`, async () => {
    const ended = newSession({ status: 'FAILED', endReason: reason });
    const { answer } = create({ waitUntilReady: async () => ended });
    const { code, message, headers } = await appErrorOf(answer);
    assert.equal([code, headers], ['START_FAILED', DO_NOT_RETRY]);
    assert.is(message, `Session s1 could not be started: ${END_REASONS[reason].text}`);
  });
}

start('because its caller has gone is no error of ours', async () => {
  const ended = newSession({ status: 'STOPPED', endReason: 'create_given_up' });
  const { answer, log, calls } = create({ waitUntilReady: async () => ended });
  assert.is((await appErrorOf(answer)).code, 'SESSION_NOT_RUNNING');
  assert.equal(
    log.lines().map(({ level, event }) => [level, event]),
    [['info', 'session.start']],
  );
  assert.equal(calls, ALL_UNDONE);
});

start(
  'because somebody released it meanwhile stops the container that the release could not know',
  async () => {
    const released = newSession({ status: 'TERMINATING', endReason: 'released' });
    const { answer, calls } = create({ waitUntilReady: async () => released });
    assert.match((await appErrorOf(answer)).message, 'The session was released');
    assert.equal(calls, ALL_UNDONE);
  },
);

start('because its session is gone counts as one that was not ready', async () => {
  const { answer, calls } = create({ waitUntilReady: async () => undefined });
  assert.is((await appErrorOf(answer)).code, 'START_TIMED_OUT');
  assert.ok(calls.includes('end start_timed_out'));
});

start('waits for what is left of its time, not for all of it again', async () => {
  const moments = [0];
  const waits: number[] = [];
  const { answer } = create({
    clock: { now: () => NOW.getTime() + (moments.shift() ?? 12_000), setTimer: () => () => {} },
    waitUntilReady: async ({ timeoutMs }) => {
      waits.push(timeoutMs);
      return newSession({ ...READY, tokenKeyId: keySet.current });
    },
  });
  await answer;
  assert.equal(waits, [38_000]);
});

start.run();

// ---

const cleanUp = suite('a create whose clean-up fails as well');

const stuck = async (): Promise<Session> => newSession({ status: 'STARTING' });

cleanUp('answers why the start failed, and still forbids the repeat', async () => {
  for (const broken of [
    { end: failing('throttled') },
    { stopTask: failing('ECS answered 500') },
    { end: failing('throttled'), stopTask: failing('ECS answered 500') },
  ]) {
    const { code, headers } = await appErrorOf(create({ waitUntilReady: stuck, ...broken }).answer);
    assert.equal([code, headers], ['START_TIMED_OUT', DO_NOT_RETRY]);
  }
});

cleanUp('stops the container although the session could not be ended', async () => {
  const { answer, calls } = create({ waitUntilReady: stuck, end: failing('throttled') });
  await appErrorOf(answer);
  assert.equal(calls, ['admit', 'run', 'end start_timed_out', 'stop']);
});

cleanUp(
  'ends the session before it stops the container, so that the slot is free whatever ECS says',
  async () => {
    const { answer, calls } = create({ waitUntilReady: stuck, stopTask: failing('ECS answered 500') });
    await appErrorOf(answer);
    assert.ok(calls.indexOf('end start_timed_out') < calls.indexOf('stop'));
  },
);

cleanUp('leaves what failed to the sweeper, and each fault in the log', async () => {
  const { answer, log } = create({
    waitUntilReady: failing('the cause'),
    end: failing('the table is busy'),
    stopTask: failing('ECS answered 500'),
  });
  await appErrorOf(answer);
  for (const fault of ['the cause', 'the table is busy', 'ECS answered 500']) assert.match(log.text(), fault);
  const faults = log.lines().filter(({ event }) => event === undefined);
  for (const { level, sessionId } of faults) assert.equal([level, sessionId], ['error', 's1']);
});

cleanUp('logs no token', async () => {
  const { answer, log } = create({
    runTask: async (_id, environment) => {
      throw new Error(`RunTask refused ${JSON.stringify(environment)}`);
    },
  });
  await appErrorOf(answer);
  assert.match(log.text(), 'RunTask refused');
  assert.not.match(log.text(), /eyJ/);
});

cleanUp.run();
