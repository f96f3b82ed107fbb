import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SessionStep } from '../../core/aws/sessions/step-session.ts';
import { isTerminal, SESSION_STATUSES, type Session, statusesBefore } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { reportHeartbeat } from './report-heartbeat.ts';
import { authentication, containerRequest, containerToken, NOW } from './testing/container-request.ts';

/** One session, stepped by the rules of the state machine, and what may happen to it between two steps. */
function platform(session: Session | undefined, between: () => Partial<Session> = () => ({})) {
  let item = session;
  const steps: SessionStep[] = [];
  const beat = reportHeartbeat({
    ...authentication,
    stepSession: async (_id, step) => {
      if (steps.length > 0 && item !== undefined) item = { ...item, ...between() };
      steps.push(step);
      if (item === undefined) return { applied: false, item };
      const isLegal =
        step.to === undefined
          ? !isTerminal(item.status)
          : statusesBefore(step.to).includes(item.status) && (step.from?.includes(item.status) ?? true);
      if (!isLegal) return { applied: false, item };
      const changed = { ...item, ...step.set, ...(step.to === undefined ? {} : { status: step.to }) };
      item = Object.fromEntries(
        Object.entries(changed).filter(([name]) => !step.remove?.some((each) => each === name)),
      ) as unknown as Session;
      return { applied: true, item };
    },
  });
  return {
    beat: (connectionCount: number, more: object = {}) =>
      beat(containerRequest({ connectionCount, ...more })),
    steps,
    item: () => item,
  };
}

const beats = suite('reportHeartbeat');

beats('notes what went through its proxies, where it has any', async () => {
  const { beat, item } = platform(newSession({ status: 'ACTIVE', proxyBytes: 3 }));
  await beat(1);
  assert.is(item()?.proxyBytes, 3);
  await beat(1, { proxyBytes: 7 });
  assert.is(item()?.proxyBytes, 7);
});

for (const [before, count, after] of [
  ['READY', 0, 'READY'],
  ['READY', 1, 'ACTIVE'],
  ['READY', 100, 'ACTIVE'],
  ['ACTIVE', 0, 'READY'],
  ['ACTIVE', 3, 'ACTIVE'],
  ['CREATING', 0, 'CREATING'],
  ['CREATING', 2, 'CREATING'],
  ['STARTING', 1, 'STARTING'],
  ['TERMINATING', 0, 'TERMINATING'],
  ['TERMINATING', 5, 'TERMINATING'],
] as const) {
  beats(`of ${count} clients takes ${before} to ${after}, and notes the time`, async () => {
    const { beat, item } = platform(newSession({ status: before }));
    assert.is(((await beat(count)).body as Session).status, after);
    assert.equal(
      [item()?.status, item()?.connectionCount, item()?.lastHeartbeatAt],
      [after, count, NOW.toISOString()],
    );
  });
}

for (const status of SESSION_STATUSES.filter(isTerminal)) {
  beats(`that comes after the end leaves ${status} as it is, and says that it is over`, async () => {
    const ended = newSession({ status, endReason: 'container_lost' });
    const { beat, item } = platform(ended);
    const failure = await appErrorOf(beat(1));
    assert.equal([failure.status, failure.facts], [409, { endReason: 'container_lost' }]);
    assert.equal(item(), ended);
  });
}

beats('that meets a release between its two steps tells the container of it', async () => {
  const { beat, item } = platform(newSession({ status: 'STARTING' }), () => ({
    status: 'TERMINATING',
    endReason: 'released',
  }));
  assert.is(((await beat(0)).body as Session).endReason, 'released');
  assert.is(item()?.status, 'TERMINATING');
});

beats('that meets the end between its two steps is 409', async () => {
  const { beat } = platform(newSession({ status: 'STARTING' }), () => ({
    status: 'FAILED',
    endReason: 'start_timed_out',
  }));
  assert.is((await appErrorOf(beat(0))).code, 'SESSION_HAS_ENDED');
});

beats('that meets READY between its two steps does not take it back', async () => {
  const { beat, item } = platform(newSession({ status: 'STARTING' }), () => ({ status: 'READY' }));
  assert.is(((await beat(1)).body as Session).status, 'READY', 'ACTIVE with the next beat');
  assert.is(item()?.connectionCount, 1);
});

beats('costs one write where the status follows, two elsewhere', async () => {
  const ready = platform(newSession({ status: 'READY' }));
  await ready.beat(1);
  assert.is(ready.steps.length, 1);
  const ending = platform(newSession({ status: 'TERMINATING' }));
  await ending.beat(1);
  assert.is(ending.steps.length, 2);
});

beats('that tells of a client ends the wait for the first one, and no other does', async () => {
  const waiting = platform(newSession({ status: 'READY', connectDeadlineMs: 90_000 }));
  await waiting.beat(0);
  assert.is(waiting.item()?.connectDeadlineMs, 90_000);
  for (const count of [1, 0]) {
    await waiting.beat(count);
    assert.is(waiting.item()?.connectDeadlineMs, undefined);
  }
});

beats('of a session that is gone is 404', async () => {
  assert.is((await appErrorOf(platform(undefined).beat(0))).status, 404);
});

beats('of another container writes nothing', async () => {
  const stepSession = async () => assert.unreachable('it was written') as never;
  const request = { ...containerRequest({ connectionCount: 9 }), bearerToken: containerToken('s2') };
  const call = reportHeartbeat({ ...authentication, stepSession })(request);
  assert.is((await appErrorOf(call)).code, 'CONTAINER_UNAUTHORIZED');
});

beats.run();
