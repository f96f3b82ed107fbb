import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session } from '../../core/domain/session.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import { tombstoneOf } from '../../core/domain/tombstone.ts';
import type { WarmClaim, WarmContainer } from '../../core/domain/warm-container.ts';
import { createLogger } from '../../core/log/logger.ts';
import { sweepSession, sweepTask } from './decide-sweep.ts';
import { type SweepDeps, SweepError, sweep } from './sweep.ts';

const now = new Date('2026-06-01T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000).toISOString();
const session = (extra: Partial<Session>): Session => ({
  sessionId: 's',
  projectId: 'p',
  status: 'READY',
  createdAt: ago(600),
  updatedAt: ago(5),
  startedAt: ago(590),
  lastHeartbeatAt: ago(5),
  expiresAt: ago(-600),
  keepAlive: false,
  region: 'us-west-2',
  timeoutSeconds: 1200,
  shard: '0',
  tokenKeyId: 'k',
  taskArn: 'arn:task',
  proxyBytes: 0,
  ...extra,
});
const verdict = (extra: Partial<Session>) => {
  const item = sweepSession(session(extra), now);
  return item === undefined || item.kind === 'stop-task' ? undefined : `${item.kind} ${item.reason}`;
};

const sessions = suite('sweepSession');

sessions('leaves a healthy session alone in every state', () => {
  assert.is(verdict({}), undefined);
  assert.is(verdict({ status: 'ACTIVE' }), undefined);
  assert.is(verdict({ status: 'STARTING', createdAt: ago(40) }), undefined);
  assert.is(verdict({ status: 'TERMINATING', updatedAt: ago(100) }), undefined);
});

sessions('asks a container to end that is past its deadline, after a grace for its own clock', () => {
  assert.is(verdict({ expiresAt: ago(10) }), undefined);
  assert.is(verdict({ expiresAt: ago(16) }), 'terminate timed_out');
});

sessions('ends a session whose container is silent, whose start is stuck, or that does not finish', () => {
  assert.is(verdict({ lastHeartbeatAt: ago(91) }), 'end container_lost');
  assert.is(verdict({ status: 'CREATING', createdAt: ago(121) }), 'end start_timed_out');
  assert.is(verdict({ status: 'TERMINATING', updatedAt: ago(181), endReason: 'released' }), 'end released');
});

sessions.run();

// ---

const tasks = suite('sweepTask');

tasks('stops a task whose session is gone or has ended, but not one that has just started', () => {
  const task = { taskArn: 'arn:task', startedBy: 's', createdAt: new Date(ago(61)) };
  assert.is(sweepTask(task, {}, now)?.kind, 'stop-task');
  assert.is(sweepTask(task, { session: session({ status: 'FAILED' }) }, now)?.kind, 'stop-task');
  assert.is(sweepTask(task, { session: session({}) }, now), undefined);
  assert.is(sweepTask({ ...task, createdAt: new Date(ago(59)) }, {}, now), undefined);
});

tasks.run();

// ---

const sweeping = suite('sweep');

const deps = (extra: Partial<SweepDeps>, calls: string[]): SweepDeps => ({
  logger: createLogger({}, () => {}),
  now: () => now,
  listSessionsInStatus: async () => [],
  getSession: async () => undefined,
  listRunningTasks: async () => [],
  getWarmContainer: async () => undefined,
  getWarmClaim: async () => undefined,
  markTerminating: async (id, reason) => calls.push(`terminating ${id} ${reason}`),
  end: async (id, reason) => calls.push(`end ${id} ${reason}`),
  stopTask: async (arn) => {
    calls.push(`stop ${arn}`);
  },
  listTombstones: async () => [],
  deleteProfile: async (key) => {
    calls.push(`delete ${key}`);
  },
  removeTombstone: async ({ contextId }) => {
    calls.push(`forget ${contextId}`);
  },
  ...extra,
});

sweeping('carries out every sweep and stops the tasks', async () => {
  const calls: string[] = [];
  await sweep(
    deps(
      {
        listSessionsInStatus: async (status) =>
          status === 'READY'
            ? [
                session({ sessionId: 'late', expiresAt: ago(60) }),
                session({ sessionId: 'mute', lastHeartbeatAt: ago(300) }),
              ]
            : [],
        listRunningTasks: async () => [
          { taskArn: 'arn:orphan', startedBy: 'x', createdAt: new Date(ago(900)) },
        ],
      },
      calls,
    ),
  )();
  assert.equal(calls.sort(), [
    'end mute container_lost',
    'stop arn:orphan',
    'stop arn:task',
    'stop arn:task',
    'terminating late timed_out',
  ]);
});

sweeping(
  'stops the task of a session that does not know it, as its create died before the task ran',
  async () => {
    const calls: string[] = [];
    const { taskArn: _, ...untold } = session({ status: 'CREATING', createdAt: ago(121) });
    const listSessionsInStatus: SweepDeps['listSessionsInStatus'] = async (status) =>
      status === 'CREATING' ? [untold] : [];
    const listRunningTasks = async () => [
      { taskArn: 'arn:other', startedBy: 'x', createdAt: new Date(ago(10)) },
      { taskArn: 'arn:untold', startedBy: 's', createdAt: new Date(ago(120)) },
    ];
    await sweep(deps({ listSessionsInStatus, listRunningTasks }, calls))();
    assert.equal(calls, ['end s start_timed_out', 'stop arn:untold']);
  },
);

sweeping('reads no session of a task that it has listed: only of the tasks that nobody claims', async () => {
  const read: string[] = [];
  const listSessionsInStatus: SweepDeps['listSessionsInStatus'] = async (status) =>
    status === 'ACTIVE' ? [session({ status: 'ACTIVE' })] : [];
  const task = { taskArn: 'arn:task', createdAt: new Date(ago(900)) };
  const listRunningTasks = async () => ['s', 'orphan'].map((startedBy) => ({ ...task, startedBy }));
  const getSession = async (id: string) => void read.push(id) as undefined;
  await sweep(deps({ listSessionsInStatus, listRunningTasks, getSession }, []))();
  assert.equal(read, ['orphan']);
});

sweeping('goes on past a failure and then reports it', async () => {
  const calls: string[] = [];
  const failing = deps(
    {
      listSessionsInStatus: async (status) =>
        status === 'READY'
          ? [
              session({ sessionId: 'a', lastHeartbeatAt: ago(300) }),
              session({ sessionId: 'b', lastHeartbeatAt: ago(300) }),
            ]
          : [],
      end: async (id) => {
        if (id === 'a') throw new Error('throttled');
        calls.push(`end ${id}`);
      },
    },
    calls,
  );
  try {
    await sweep(failing)();
    assert.unreachable();
  } catch (error) {
    assert.instance(error, SweepError);
  }
  assert.equal(calls, ['end b', 'stop arn:task']);
});

sweeping('deletes what was uploaded to a deleted context, when no upload can come any more', async () => {
  const calls: string[] = [];
  const asked: Date[] = [];
  const listTombstones: SweepDeps['listTombstones'] = async (before) => {
    asked.push(before);
    return ['a', 'b'].map((contextId) => tombstoneOf({ projectId: 'p', contextId }, before));
  };
  const deleteProfile = async (key: string) => {
    if (key.includes('/a/')) throw new Error('throttled');
    calls.push(`delete ${key}`);
  };
  const failure = await sweep(deps({ listTombstones, deleteProfile }, calls))().catch((error) => error);
  assert.is(failure.message, 'The sweep failed in 1 of its parts');
  assert.equal(calls, ['delete p/b/profile.tar.gz', 'forget b'], 'and the tombstone of the other stays');
  const waitedMs = now.getTime() - (asked[0]?.getTime() ?? 0);
  assert.ok(
    waitedMs > CREDENTIALS.uploadUrlSeconds * 1000 + 3_600_000,
    'a URL of the last moment, and a slow upload',
  );
});

sweeping('finds whose a warm container is: of the pool, or of the session that claimed it', async () => {
  const calls: string[] = [];
  const warmId = (slot: number) => `w0${slot}-00000000-0000-4000-8000-000000000000`;
  const [waiting, claimed, lost] = [warmId(1), warmId(2), warmId(3)];
  const running = [waiting, claimed, lost].map((startedBy) => ({
    taskArn: startedBy.slice(0, 3),
    startedBy,
    createdAt: new Date(ago(900)),
  }));
  const asked: string[] = [];
  await sweep(
    deps(
      {
        listRunningTasks: async () => running,
        getWarmContainer: async (id) => (id === waiting ? ({ warmId: id } as WarmContainer) : undefined),
        getWarmClaim: async (id) => (id === claimed ? ({ sessionId: 's' } as WarmClaim) : undefined),
        getSession: async (id) => {
          asked.push(id);
          return session({ warmId: claimed });
        },
      },
      calls,
    ),
  )();
  assert.equal(calls, ['stop w03']);
  assert.equal(asked, ['s'], 'a warm id is no session');
});

sweeping.run();
