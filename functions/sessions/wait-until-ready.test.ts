import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session, SessionStatus } from '../../core/domain/session.ts';
import { waitUntilReady } from './wait-until-ready.ts';

const inStatus = (status: SessionStatus) => ({ sessionId: 's', status }) as Session;
const untilAborted = (_id: string, signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
const noFault = (error: unknown) => {
  throw error;
};

const wait = suite('waitUntilReady');

wait('returns at once when the session is ready already', async () => {
  const getSession = async () => inStatus('READY');
  const session = await waitUntilReady(
    { getSession, receiveSignal: untilAborted, onSignalFault: noFault },
    's',
    60_000,
  );
  assert.is(session?.status, 'READY');
});

wait('reads again when the signal comes, long before the next read is due', async () => {
  let reads = 0;
  let ring = () => {};
  const getSession = async () => {
    reads += 1;
    if (reads === 1) setImmediate(() => ring());
    return inStatus(reads === 1 ? 'STARTING' : 'READY');
  };
  const receiveSignal = () => new Promise<void>((resolve) => (ring = resolve));
  const startedAt = Date.now();
  const session = await waitUntilReady({ getSession, receiveSignal, onSignalFault: noFault }, 's', 60_000);
  assert.is(session?.status, 'READY');
  assert.is(reads, 2);
  assert.ok(Date.now() - startedAt < 900, 'did not wait for the read of the next second');
});

wait('does not lose a signal that comes while the session is being read', async () => {
  let reads = 0;
  const getSession = async () => {
    reads += 1;
    await new Promise(setImmediate);
    return inStatus(reads === 1 ? 'STARTING' : 'READY');
  };
  const startedAt = Date.now();
  await waitUntilReady({ getSession, receiveSignal: async () => {}, onSignalFault: noFault }, 's', 60_000);
  assert.ok(Date.now() - startedAt < 900);
});

wait('reads every second without any signal, also when the queue fails', async () => {
  let reads = 0;
  const faults: unknown[] = [];
  const session = await waitUntilReady(
    {
      getSession: async () => inStatus(++reads < 3 ? 'PROVISIONING' : 'READY'),
      receiveSignal: async () => {
        throw new Error('queue is gone');
      },
      onSignalFault: (error) => faults.push(error),
    },
    's',
    60_000,
  );
  assert.is(session?.status, 'READY');
  assert.is(reads, 3);
  assert.is(faults.length, 1);
});

wait('gives up at its time-out and reports the session as it is', async () => {
  const getSession = async () => inStatus('PROVISIONING');
  const session = await waitUntilReady(
    { getSession, receiveSignal: untilAborted, onSignalFault: noFault },
    's',
    30,
  );
  assert.is(session?.status, 'PROVISIONING');
});

wait('returns when the session ended before it was ready', async () => {
  let reads = 0;
  const getSession = async () => inStatus(++reads === 1 ? 'STARTING' : 'FAILED');
  const session = await waitUntilReady(
    { getSession, receiveSignal: async () => {}, onSignalFault: noFault },
    's',
    60_000,
  );
  assert.is(session?.status, 'FAILED');
});

wait.run();
