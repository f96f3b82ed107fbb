import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session, SessionStatus } from '../../core/domain/session.ts';
import { createJumpingClock } from '../../core/domain/testing/jumping-clock.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { type Wait, type WaitDeps, waitUntilReady } from './wait-until-ready.ts';

const inStatus = (status: SessionStatus) => ({ sessionId: 's', status }) as Session;
const untilAborted = (_id: string, signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
const noFault = (error: unknown) => {
  throw error;
};

/** Waits a minute for a session that `statuses` says of, one a look and the last for ever. */
function waiting(statuses: readonly SessionStatus[], changes: Partial<WaitDeps & Wait> = {}) {
  const looks: boolean[] = [];
  const clock = createManualClock(0);
  const all = {
    clock,
    receiveSignal: untilAborted,
    onSignalFault: noFault,
    sessionId: 's',
    timeoutMs: 60_000,
    look: async (isSignalled: boolean) => {
      looks.push(isSignalled);
      return inStatus(statuses[Math.min(looks.length, statuses.length) - 1] ?? 'FAILED');
    },
    ...changes,
  };
  const session = waitUntilReady(all, all);
  return { session, clock, reads: () => looks.length, looks };
}

const wait = suite('waitUntilReady');

wait('returns at once when the session is ready already', async () => {
  const { session, reads } = waiting(['READY']);
  assert.is((await session)?.status, 'READY');
  assert.is(reads(), 1);
});

wait(
  'does not look at a session that is known to be starting, before the signal or a second later',
  async () => {
    const known = inStatus('CREATING');
    const told = waiting(['READY'], { known, receiveSignal: async () => {} });
    assert.is((await told.session)?.status, 'READY');
    assert.equal(told.looks, [true]);
    const clock = createJumpingClock();
    const untold = waiting(['READY'], { known, clock });
    assert.is((await untold.session)?.status, 'READY');
    assert.equal([untold.looks, clock.waits], [[false], [1_000]]);
  },
);

wait('says of a look whether the signal caused it', async () => {
  const clock = createJumpingClock();
  const { session, looks } = waiting(['STARTING', 'STARTING', 'READY'], {
    clock,
    receiveSignal: async () => {},
  });
  await session;
  assert.equal(looks, [false, true, false]);
});

wait('reads again when the signal comes, long before the next read is due', async () => {
  let ring = () => {};
  const receiveSignal = () => new Promise<void>((resolve) => (ring = resolve));
  const { session, clock, reads } = waiting(['STARTING', 'READY'], { receiveSignal });
  while (clock.pending() === 0) await new Promise(setImmediate);
  ring();
  assert.is((await session)?.status, 'READY');
  assert.is(reads(), 2);
  assert.is(clock.now(), 0, 'no time has passed');
  assert.is(clock.pending(), 0, 'and no timer is left');
});

wait('does not lose a signal that comes while the session is being read', async () => {
  const { session, clock } = waiting(['STARTING', 'READY'], { receiveSignal: async () => {} });
  assert.is((await session)?.status, 'READY');
  assert.is(clock.now(), 0);
});

wait('reads every second without any signal, also when the queue fails', async () => {
  const clock = createJumpingClock();
  const faults: unknown[] = [];
  const receiveSignal = async () => {
    throw new Error('queue is gone');
  };
  const { session, reads } = waiting(['STARTING', 'STARTING', 'READY'], {
    clock,
    receiveSignal,
    onSignalFault: (error) => faults.push(error),
  });
  assert.is((await session)?.status, 'READY');
  assert.is(reads(), 3);
  assert.equal(clock.waits, [1_000, 1_000]);
  assert.is(faults.length, 1);
});

wait('gives up at its time-out and reports the session as it is', async () => {
  const clock = createJumpingClock();
  const { session, reads } = waiting(['STARTING'], { clock });
  assert.is((await session)?.status, 'STARTING');
  assert.is(clock.now(), 60_000);
  assert.is(reads(), 61);
});

wait('returns when the session ended before it was ready', async () => {
  const { session } = waiting(['STARTING', 'FAILED'], { receiveSignal: async () => {} });
  assert.is((await session)?.status, 'FAILED');
});

for (const status of ['READY', 'ACTIVE', 'TERMINATING', 'STOPPED', 'FAILED', 'TIMED_OUT'] as const) {
  wait(`is over when the session is ${status}`, async () => {
    const { session, reads } = waiting([status]);
    assert.is((await session)?.status, status);
    assert.is(reads(), 1);
  });
}

wait('is over when there is no such session (any more)', async () => {
  const { session } = waiting([], { look: async () => undefined });
  assert.is(await session, undefined);
});

wait('for which no time is left still looks once', async () => {
  for (const timeoutMs of [0, -5_000]) {
    const clock = createJumpingClock();
    const { session, reads } = waiting(['STARTING'], { clock, timeoutMs });
    assert.is((await session)?.status, 'STARTING');
    assert.equal([reads(), clock.waits], [1, []]);
  }
});

wait('ends on the moment of its time-out, not a read later', async () => {
  const clock = createJumpingClock();
  await waiting(['STARTING'], { clock, timeoutMs: 2_500 }).session;
  assert.equal(clock.waits, [1_000, 1_000, 500]);
});

wait('leaves nobody listening, however it ends', async () => {
  const stopped: string[] = [];
  const receiveSignal = (id: string, signal: AbortSignal) =>
    untilAborted(id, signal).then(() => void stopped.push(id));
  await waiting(['READY'], { receiveSignal }).session;
  const fault = new Error('throttled');
  const look = async () => {
    throw fault;
  };
  assert.is(await waiting([], { receiveSignal, look }).session.catch((error) => error), fault);
  assert.equal(stopped, ['s', 's']);
});

wait('is not ended by a signal that comes before the session is ready: it reads on', async () => {
  const clock = createJumpingClock();
  const statuses = ['STARTING', 'STARTING', 'READY'] as const;
  const { session } = waiting(statuses, { clock, receiveSignal: async () => {} });
  assert.is((await session)?.status, 'READY');
  assert.equal(clock.waits, [1_000], 'the first read again is at once');
});

wait.run();
