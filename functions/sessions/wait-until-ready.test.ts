import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session, SessionStatus } from '../../core/domain/session.ts';
import { createJumpingClock } from '../../core/domain/testing/jumping-clock.ts';
import { createManualClock } from '../../core/domain/testing/manual-clock.ts';
import { type WaitDeps, waitUntilReady } from './wait-until-ready.ts';

const inStatus = (status: SessionStatus) => ({ sessionId: 's', status }) as Session;
const untilAborted = (_id: string, signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
const noFault = (error: unknown) => {
  throw error;
};

/** Waits a minute for a session that `statuses` says of, one a read and the last for ever. */
function waiting(statuses: readonly SessionStatus[], changes: Partial<WaitDeps> = {}) {
  let reads = 0;
  const clock = createManualClock(0);
  const session = waitUntilReady(
    {
      clock,
      getSession: async () => inStatus(statuses[Math.min(reads++, statuses.length - 1)] ?? 'FAILED'),
      receiveSignal: untilAborted,
      onSignalFault: noFault,
      ...changes,
    },
    's',
    60_000,
  );
  return { session, clock, reads: () => reads };
}

const wait = suite('waitUntilReady');

wait('returns at once when the session is ready already', async () => {
  const { session, reads } = waiting(['READY']);
  assert.is((await session)?.status, 'READY');
  assert.is(reads(), 1);
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
  const { session, reads } = waiting(['PROVISIONING', 'PROVISIONING', 'READY'], {
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
  const { session, reads } = waiting(['PROVISIONING'], { clock });
  assert.is((await session)?.status, 'PROVISIONING');
  assert.is(clock.now(), 60_000);
  assert.is(reads(), 61);
});

wait('returns when the session ended before it was ready', async () => {
  const { session } = waiting(['STARTING', 'FAILED'], { receiveSignal: async () => {} });
  assert.is((await session)?.status, 'FAILED');
});

wait.run();
