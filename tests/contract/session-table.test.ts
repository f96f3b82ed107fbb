import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type ConcurrencyExceededError,
  ProjectNotFoundError,
} from '../../core/aws/projects/concurrency-slots.ts';
import { getProject } from '../../core/aws/projects/get-project.ts';
import { admitSession } from '../../core/aws/sessions/admit-session.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import {
  listProjectSessions,
  listSessionsInStatus,
  type SessionFilter,
} from '../../core/aws/sessions/list-sessions.ts';
import { recordAddress, recordContainerReady } from '../../core/aws/sessions/record-readiness.ts';
import { stepSession } from '../../core/aws/sessions/step-session.ts';
import type { EndReason } from '../../core/domain/end-reason.ts';
import type { Session } from '../../core/domain/session.ts';
import { openSessionTables, type SessionTables } from './support/session-tables.ts';

const address = { address: { host: '127.0.0.1', port: 9223 }, taskArn: 'arn:task' };
let tables: SessionTables;

const table = suite('the sessions table, on a real DynamoDB API');

table.before(async () => {
  tables = await openSessionTables();
});

table.after(() => tables.close());

table('of 30 admissions at once exactly as many succeed as there are slots', async () => {
  const projectId = await tables.newProject(7);
  const results = await Promise.allSettled(Array.from({ length: 30 }, () => tables.admit(projectId)));
  const refused = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as ConcurrencyExceededError] : [],
  );
  assert.is(refused.length, 23);
  for (const { name, limit, running } of refused) {
    assert.equal([name, limit, running], ['ConcurrencyExceededError', 7, 7]);
  }
  assert.is((await getProject(tables.projects, projectId))?.running, 7);
});

table('a project that does not exist admits nothing', async () => {
  try {
    await tables.admit('nobody');
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ProjectNotFoundError);
  }
});

table('READY is reached when both facts are known, in either order and both at once', async () => {
  const projectId = await tables.newProject(100);
  for (const order of ['address first', 'ready first', 'both at once'] as const) {
    for (let round = 0; round < 10; round++) {
      const { sessionId } = await tables.admit(projectId);
      const setAddress = () => recordAddress(tables.sessions, sessionId, address, tables.now());
      const setReady = () =>
        recordContainerReady(tables.sessions, { sessionId, warmId: undefined }, tables.now());
      if (order === 'address first') {
        assert.is((await setAddress()).item?.status, 'STARTING');
        assert.is((await setReady()).item?.status, 'READY');
      } else if (order === 'ready first') {
        assert.is((await setReady()).item?.status, 'STARTING');
        assert.is((await setAddress()).item?.status, 'READY');
      } else {
        await Promise.all([setAddress(), setReady()]);
      }
      const session = await getSession(tables.sessions, sessionId);
      assert.is(session?.status, 'READY', order);
      assert.equal(session?.address, address.address);
      assert.ok(session?.containerReadyAt);
      assert.ok(session?.startedAt);
    }
  }
});

table('a repeated or late event changes nothing', async () => {
  const { sessionId } = await tables.admit(await tables.newProject(1));
  await recordAddress(tables.sessions, sessionId, address, tables.now());
  await recordContainerReady(tables.sessions, { sessionId, warmId: undefined }, tables.now());
  const ready = await getSession(tables.sessions, sessionId);
  assert.not((await recordAddress(tables.sessions, sessionId, address, tables.now())).applied);
  assert.not(
    (await recordContainerReady(tables.sessions, { sessionId, warmId: undefined }, tables.now())).applied,
  );
  assert.not(
    (await stepSession(tables.sessions, sessionId, { to: 'STARTING', set: {}, at: tables.now() })).applied,
  );
  assert.equal(await getSession(tables.sessions, sessionId), ready);

  await tables.end(sessionId, 'released');
  const ended = await getSession(tables.sessions, sessionId);
  for (const to of ['READY', 'ACTIVE', 'TERMINATING', 'FAILED'] as const) {
    assert.not(
      (await stepSession(tables.sessions, sessionId, { to, set: {}, at: tables.now() })).applied,
      to,
    );
  }
  assert.not(
    (await stepSession(tables.sessions, sessionId, { set: { connectionCount: 1 }, at: tables.now() }))
      .applied,
  );
  assert.equal(await getSession(tables.sessions, sessionId), ended);
});

table('a session that never was, stays so', async () => {
  const outcome = await stepSession(tables.sessions, 'never', {
    set: { connectionCount: 1 },
    at: tables.now(),
  });
  assert.equal(outcome, { applied: false, item: undefined });
  assert.is(await tables.end('never', 'released'), undefined);
});

table('ten enders at once: one end, one slot given back, one usage', async () => {
  const projectId = await tables.newProject(3);
  const { sessionId } = await tables.admit(projectId);
  await recordAddress(tables.sessions, sessionId, address, tables.now());
  await recordContainerReady(tables.sessions, { sessionId, warmId: undefined }, tables.now());
  const reasons: EndReason[] = ['disconnected', 'container_lost', 'timed_out', 'browser_crashed', 'idle'];
  const ends = await Promise.all([...reasons, ...reasons].map((reason) => tables.end(sessionId, reason)));
  assert.is(new Set(ends.map((session) => session?.endReason)).size, 1, 'all see the same end');
  const project = await getProject(tables.projects, projectId);
  assert.is(project?.running, 0);
  assert.is(project?.browserMinutes, 1);
});

table('ends and admissions of one project at once keep its count exact', async () => {
  const projectId = await tables.newProject(50);
  const first = await Promise.all(Array.from({ length: 10 }, () => tables.admit(projectId)));
  await Promise.all([
    ...first.map(({ sessionId }) => tables.end(sessionId, 'start_failed')),
    ...Array.from({ length: 10 }, () => tables.admit(projectId)),
  ]);
  const project = await getProject(tables.projects, projectId);
  assert.is(project?.running, 10);
  assert.is(project?.browserMinutes, 0, 'none was ever ready');
});

table('the reason that was recorded first wins', async () => {
  const { sessionId } = await tables.admit(await tables.newProject(1));
  await stepSession(tables.sessions, sessionId, {
    to: 'TERMINATING',
    set: { endReason: 'released' },
    at: tables.now(),
  });
  const ended = await tables.end(sessionId, 'container_lost', 'exit code 137');
  assert.is(ended?.status, 'STOPPED');
  assert.is(ended?.endReason, 'released');
  assert.is(ended?.endDetail, 'exit code 137');
  assert.ok((ended?.purgeAt ?? 0) > Date.now() / 1000 + 29 * 86_400);
});

table('an end without a saved profile is an ERROR, and gives the slot back', async () => {
  const projectId = await tables.newProject(1);
  const { sessionId } = await tables.admit(projectId);
  await stepSession(tables.sessions, sessionId, {
    to: 'TERMINATING',
    set: { endReason: 'released' },
    at: tables.now(),
  });
  const ended = await tables.end(sessionId, 'profile_not_saved', 'The store answered 403');
  assert.is(ended?.status, 'FAILED');
  assert.equal(await getSession(tables.sessions, sessionId), ended);
  assert.is((await getProject(tables.projects, projectId))?.running, 0);
});

table('lists are of one project, newest first, filtered and bounded', async () => {
  const [a, b] = [await tables.newProject(10), await tables.newProject(10)];
  const made: Session[] = [];
  for (let index = 0; index < 5; index++) {
    const session = tables.newSession(a, { createdAt: `2026-01-0${index + 1}T00:00:00.000Z` });
    await admitSession(tables.store, session);
    made.unshift(session);
  }
  await tables.admit(b);
  const ids = (list: readonly Session[]) => list.map(({ sessionId }) => sessionId);
  const list = async (filter: SessionFilter) =>
    ids((await listProjectSessions(tables.sessions, a, filter)).sessions);
  assert.equal(await list({ limit: 10 }), ids(made));
  assert.equal(await list({ limit: 2 }), ids(made.slice(0, 2)));
  await tables.end(made[1]?.sessionId ?? '', 'start_failed');
  const recent = { since: new Date('2026-01-04T00:00:00.000Z'), limit: 10 };
  assert.equal(await list(recent), ids(made.slice(0, 2)));
  assert.equal(await list({ ...recent, after: made[0] }), ids(made.slice(1, 2)));
  assert.equal(await list({ ...recent, after: made[2] }), [], 'nothing is asked from before it');

  assert.equal(await list({ statuses: ['FAILED'], limit: 10 }), [made[1]?.sessionId]);
  const creating = await listSessionsInStatus(tables.sessions, 'CREATING');
  assert.ok(ids(creating).includes(made[0]?.sessionId ?? ''));
  assert.not(ids(creating).includes(made[1]?.sessionId ?? ''));
});

table.run();
