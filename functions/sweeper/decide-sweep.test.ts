import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { END_REASONS, type EndReason } from '../../core/domain/end-reason.ts';
import { isTerminal, SESSION_STATUSES, type Session } from '../../core/domain/session.ts';
import { CONTAINER_START, HEARTBEAT, SESSION_DEADLINES, SWEEP } from '../../core/domain/timing.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { sweepSession, sweepTask, type TaskOwner } from './decide-sweep.ts';

const now = new Date('2026-06-01T12:00:00.000Z');
const agoMs = (ms: number) => new Date(now.getTime() - ms).toISOString();
const HOUR_MS = 3_600_000;

/** A session that has been there for a minute and has an hour left. */
const session = (changes: Partial<Session>): Session =>
  newSession({ createdAt: agoMs(60_000), updatedAt: agoMs(0), expiresAt: agoMs(-HOUR_MS), ...changes });
const verdict = (changes: Partial<Session>) => {
  const found = sweepSession(session(changes), now);
  return found === undefined || found.kind === 'stop-task' ? undefined : `${found.kind} ${found.reason}`;
};

const sessions = suite('sweepSession, at its limits');

for (const status of ['CREATING', 'STARTING'] as const) {
  sessions(`lets a session be ${status} as long as a start may take, and ends it after that`, () => {
    assert.is(verdict({ status, createdAt: agoMs(CONTAINER_START.limitMs) }), undefined);
    assert.is(verdict({ status, createdAt: agoMs(CONTAINER_START.limitMs + 1) }), 'end start_timed_out');
  });

  sessions(`does not ask a session that is ${status} for beats or for its deadline`, () => {
    assert.is(verdict({ status, expiresAt: agoMs(HOUR_MS), updatedAt: agoMs(HOUR_MS) }), undefined);
  });
}

sessions('ends what is READY and nobody was ever told of, after a while', () => {
  const untold = { status: 'READY', attemptId: 'r', lastHeartbeatAt: agoMs(1) } as const;
  const late = agoMs(SESSION_DEADLINES.unansweredMs + 1);
  assert.is(verdict({ ...untold, attemptAt: agoMs(SESSION_DEADLINES.unansweredMs) }), undefined);
  assert.is(verdict({ ...untold, attemptAt: late }), 'terminate create_given_up');
  assert.is(verdict({ ...untold, attemptAt: late, answeredAt: late }), undefined, 'its owner may come later');
  assert.is(verdict({ ...untold, attemptAt: late, status: 'ACTIVE' }), undefined);
});

const LATE_MS = SESSION_DEADLINES.unseenConnectMs + SWEEP.deadlineGraceMs;
/** A session with a connect deadline of its own, whose container has just said that nobody is there. */
const alone = (readyForMs: number, changes: Partial<Session> = {}) =>
  verdict({
    status: 'READY',
    connectDeadlineMs: SESSION_DEADLINES.unseenConnectMs,
    startedAt: agoMs(readyForMs + 1),
    lastHeartbeatAt: agoMs(1),
    ...changes,
  });

sessions('ends what nobody came to by its own connect deadline, when its container does not', () => {
  assert.is(alone(LATE_MS), undefined, "the container's own clock is first");
  assert.is(alone(LATE_MS + 1), 'terminate never_connected');
});

sessions('knows nothing of such a deadline after the last beat: a client may have come since', () => {
  const beat = { startedAt: agoMs(LATE_MS + 60_001), lastHeartbeatAt: agoMs(60_001) };
  assert.is(alone(LATE_MS, beat), undefined);
  assert.is(alone(LATE_MS, { ...beat, lastHeartbeatAt: agoMs(60_000) }), 'terminate never_connected');
});

sessions('leaves alone whoever has a client, had one, or has the usual time', () => {
  assert.is(alone(HOUR_MS, { status: 'ACTIVE' }), undefined);
  assert.is(verdict({ status: 'READY', startedAt: agoMs(HOUR_MS), lastHeartbeatAt: agoMs(1) }), undefined);
});

sessions('says of a container that is gone, and late as well, that it is gone: that frees its slot', () => {
  const gone = { lastHeartbeatAt: agoMs(HEARTBEAT.lostAfterMs + 1), startedAt: agoMs(HOUR_MS) };
  assert.is(alone(HOUR_MS, gone), 'end container_lost');
});

for (const status of ['READY', 'ACTIVE'] as const) {
  sessions(
    `lets a session that is ${status} miss beats for a while, and takes it for lost after that`,
    () => {
      assert.is(verdict({ status, lastHeartbeatAt: agoMs(HEARTBEAT.lostAfterMs) }), undefined);
      assert.is(verdict({ status, lastHeartbeatAt: agoMs(HEARTBEAT.lostAfterMs + 1) }), 'end container_lost');
    },
  );

  sessions(`counts from READY for a session that is ${status} and never had a beat`, () => {
    assert.is(verdict({ status, startedAt: agoMs(HEARTBEAT.lostAfterMs + 1) }), 'end container_lost');
    assert.is(verdict({ status, startedAt: agoMs(1) }), undefined);
  });

  sessions(`believes the last beat of a session that is ${status}, however long it is READY`, () => {
    assert.is(verdict({ status, startedAt: agoMs(HOUR_MS), lastHeartbeatAt: agoMs(1) }), undefined);
  });

  sessions(`leaves a session that is ${status} to its own clock first, at its deadline`, () => {
    const beating = { status, lastHeartbeatAt: agoMs(1) };
    assert.is(verdict({ ...beating, expiresAt: agoMs(SWEEP.deadlineGraceMs) }), undefined);
    assert.is(verdict({ ...beating, expiresAt: agoMs(SWEEP.deadlineGraceMs + 1) }), 'terminate timed_out');
  });

  sessions(`ends a session at once that is ${status}, late and silent: nobody is there who could`, () => {
    const late = { status, expiresAt: agoMs(HOUR_MS) };
    assert.is(verdict({ ...late, lastHeartbeatAt: agoMs(HOUR_MS) }), 'end timed_out');
    const heardAt = (beforeMs: number) => agoMs(HOUR_MS + beforeMs);
    assert.is(verdict({ ...late, lastHeartbeatAt: heardAt(HEARTBEAT.lostAfterMs) }), 'end timed_out');
    assert.is(
      verdict({ ...late, lastHeartbeatAt: heardAt(HEARTBEAT.lostAfterMs + 1) }),
      'end container_lost',
    );
  });
}

sessions('gives a container that is to end the time that ECS gives it', () => {
  const status = 'TERMINATING';
  assert.is(verdict({ status, updatedAt: agoMs(SWEEP.terminatingLimitMs) }), undefined);
  assert.is(verdict({ status, updatedAt: agoMs(SWEEP.terminatingLimitMs + 1) }), 'end container_lost');
  assert.is(verdict({ status, expiresAt: agoMs(HOUR_MS), lastHeartbeatAt: agoMs(HOUR_MS) }), undefined);
});

for (const endReason of Object.keys(END_REASONS) as EndReason[]) {
  sessions(`ends what was to end as ${endReason} for that reason`, () => {
    assert.is(verdict({ status: 'TERMINATING', endReason, updatedAt: agoMs(HOUR_MS) }), `end ${endReason}`);
  });
}

for (const status of SESSION_STATUSES.filter(isTerminal)) {
  sessions(`leaves a session that is ${status} alone, however old`, () => {
    const old = {
      createdAt: agoMs(9 * HOUR_MS),
      updatedAt: agoMs(9 * HOUR_MS),
      expiresAt: agoMs(8 * HOUR_MS),
    };
    assert.is(verdict({ status, ...old }), undefined);
  });
}

sessions.run();

// ---

const tasks = suite('sweepTask, at its limits');
const task = { taskArn: 'arn:task', startedBy: 's1', createdAt: new Date(agoMs(HOUR_MS)) };
const young = (ms: number) => ({ ...task, createdAt: new Date(agoMs(ms)) });

tasks('lets a task be that is younger than a create can be, whatever is known of its session', () => {
  assert.is(sweepTask(young(SWEEP.taskGraceMs - 1), {}, now), undefined);
  assert.is(
    sweepTask(young(SWEEP.taskGraceMs - 1), { session: session({ status: 'FAILED' }) }, now),
    undefined,
  );
  assert.is(sweepTask(young(SWEEP.taskGraceMs), {}, now)?.kind, 'stop-task');
});

for (const status of SESSION_STATUSES) {
  tasks(`${isTerminal(status) ? 'stops' : 'keeps'} the task of a session that is ${status}`, () => {
    const verdict = sweepTask(task, { session: session({ status }) }, now);
    assert.is(verdict?.kind, isTerminal(status) ? 'stop-task' : undefined);
  });
}

tasks('says why, so that whoever reads ECS knows it too', () => {
  const detailOf = (found: Session | undefined) => {
    const item = sweepTask(task, { session: found }, now);
    return item?.kind === 'stop-task' ? item.detail : undefined;
  };
  assert.is(detailOf(undefined), 'No session of this task');
  assert.is(
    detailOf(session({ status: 'STOPPED', endReason: 'released' })),
    'Its session has ended: released',
  );
  assert.is(detailOf(session({ status: 'FAILED' })), 'Its session has ended: FAILED');
});

tasks.run();

// ---

const warm = suite('sweepTask, of a warm container');
const warmId = 'w01-00000000-0000-4000-8000-000000000001';
const warmTask = { ...task, startedBy: warmId };
const detailOf = (owner: TaskOwner, of = warmTask) => {
  const item = sweepTask(of, owner, now);
  return item?.kind === 'stop-task' ? item.detail : undefined;
};

warm('keeps one that waits in the pool, and one whose session believes in it', () => {
  assert.is(detailOf({ isInPool: true }), undefined);
  assert.is(detailOf({ session: session({ status: 'READY', warmId }) }), undefined);
});

warm('stops one that nobody knows of, after the time that a task is given', () => {
  assert.is(detailOf({}), 'Neither in the warm pool nor claimed');
  assert.is(detailOf({}, { ...warmTask, createdAt: new Date(agoMs(SWEEP.taskGraceMs - 1)) }), undefined);
});

warm('stops one whose session went to another container, and one whose session has ended', () => {
  const other = 'w02-00000000-0000-4000-8000-000000000002';
  for (const changes of [{ warmId: other }, {}])
    assert.is(
      detailOf({ session: session({ status: 'READY', ...changes }) }),
      'Its session has another container',
    );
  const over = session({ status: 'STOPPED', endReason: 'released', warmId });
  assert.is(detailOf({ session: over }), 'Its session has ended: released');
});

warm.run();
