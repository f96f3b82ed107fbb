/** What a sweep still does when something that it needs fails. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { LiveStatus, Session } from '../../core/domain/session.ts';
import { tombstoneOf } from '../../core/domain/tombstone.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { type SweepDeps, SweepError, sweep } from './sweep.ts';

const now = new Date('2026-06-01T12:00:00.000Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1_000);
const session = (sessionId: string, changes: Partial<Session> = {}) =>
  newSession({ sessionId, status: 'READY', taskArn: `arn:${sessionId}`, ...changes });
const LATE = session('late', { expiresAt: ago(60).toISOString(), lastHeartbeatAt: ago(1).toISOString() });
const MUTE = session('mute', {
  status: 'ACTIVE',
  expiresAt: ago(-600).toISOString(),
  lastHeartbeatAt: ago(300).toISOString(),
});
const orphan = (startedBy: string) => ({ taskArn: `arn:${startedBy}`, startedBy, createdAt: ago(900) });

/** A platform on which a bit of everything is due: two sessions, two tasks without a session, one deleted context. */
async function run(broken: Partial<SweepDeps> = {}) {
  const calls: string[] = [];
  const log = recordLog();
  const failure: Error | undefined = await sweep({
    logger: log.logger,
    now: () => now,
    listSessionsInStatus: async (status: LiveStatus) => [LATE, MUTE].filter((item) => item.status === status),
    getSession: async () => undefined,
    listRunningTasks: async () => [orphan('x'), orphan('y')],
    getWarmContainer: async () => undefined,
    getWarmClaim: async () => undefined,
    markTerminating: async (id, reason) => calls.push(`terminating ${id} ${reason}`),
    end: async (id, reason) => calls.push(`end ${id} ${reason}`),
    stopTask: async (arn) => void calls.push(`stop ${arn}`),
    listTombstones: async (before) => [tombstoneOf({ projectId: 'p1', contextId: 'c' }, before)],
    deleteProfile: async (key) => void calls.push(`delete ${key}`),
    removeTombstone: async ({ contextId }) => void calls.push(`forget ${contextId}`),
    ...broken,
  })().then(
    () => undefined,
    (error) => error,
  );
  return { calls: calls.sort(), failure, log };
}

const SESSIONS = ['end mute container_lost', 'stop arn:late', 'stop arn:mute', 'terminating late timed_out'];
const TASKS = ['stop arn:x', 'stop arn:y'];
const TOMBSTONE = ['delete p1/c/profile.tar.gz', 'forget c'];
const failing = (message: string) => async (): Promise<never> => {
  throw new Error(message);
};

const sweeping = suite('a sweep of which a part fails');

sweeping('does all of it when nothing fails', async () => {
  const { calls, failure } = await run();
  assert.is(failure, undefined);
  assert.equal(calls, [...SESSIONS, ...TASKS, ...TOMBSTONE].sort());
});

for (const [what, broken, done] of [
  ['ECS does not list its tasks', { listRunningTasks: failing('ECS is down') }, [...SESSIONS, ...TOMBSTONE]],
  ['the contexts cannot be read', { listTombstones: failing('no table') }, [...SESSIONS, ...TASKS]],
  ['no session can be listed', { listSessionsInStatus: failing('throttled') }, [...TASKS, ...TOMBSTONE]],
  ['no session can be read', { getSession: failing('throttled') }, [...SESSIONS, ...TOMBSTONE]],
] as const) {
  sweeping(`does the rest when ${what}, and then fails`, async () => {
    const { calls, failure } = await run(broken);
    assert.instance(failure, SweepError);
    assert.equal(calls, [...done].sort());
  });
}

sweeping('ends the sessions of one status when those of another cannot be listed', async () => {
  const { calls } = await run({
    listSessionsInStatus: async (status) => {
      if (status === 'READY') throw new Error('throttled');
      return status === 'ACTIVE' ? [MUTE] : [];
    },
  });
  assert.ok(calls.includes('end mute container_lost'));
});

sweeping(
  'stops the other task when the session of one cannot be read, and not the one it knows nothing of',
  async () => {
    const { calls, failure } = await run({
      getSession: async (sessionId) => {
        if (sessionId === 'x') throw new Error('throttled');
        return undefined;
      },
    });
    assert.ok(calls.includes('stop arn:y'));
    assert.not(calls.includes('stop arn:x'), 'a task is stopped only if its session is known to be over');
    assert.instance(failure, SweepError);
  },
);

sweeping(
  'does not stop a container whose end could not be noted: it would end without a reason',
  async () => {
    const { calls } = await run({ end: failing('busy'), markTerminating: failing('busy') });
    assert.equal(calls, [...TASKS, ...TOMBSTONE].sort());
  },
);

sweeping('says of each part that failed what it was', async () => {
  const { failure, log } = await run({
    end: failing('the table is busy'),
    deleteProfile: failing('the bucket is gone'),
    listRunningTasks: failing('ECS is down'),
  });
  assert.is((failure as SweepError).errors.length, 3);
  const errors = log.lines().filter(({ level }) => level === 'error');
  assert.is(errors.length, 3);
  for (const fault of ['the table is busy', 'the bucket is gone', 'ECS is down']) {
    assert.match(JSON.stringify(errors), fault);
  }
});

sweeping('counts what it found, what was due and what failed', async () => {
  const { log } = await run({ end: failing('busy') });
  const { live, tasks, due, failed } = log.lines().at(-1) ?? {};
  assert.equal({ live, tasks, due, failed }, { live: 2, tasks: 2, due: 5, failed: 1 });
});

sweeping.run();
