import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { getProject } from '../../core/aws/projects/get-project.ts';
import { admitSession, CreateTakenError } from '../../core/aws/sessions/admit-session.ts';
import { findRetriedCreates } from '../../core/aws/sessions/find-retried-creates.ts';
import { getCreateClaim } from '../../core/aws/sessions/get-create-claim.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { listProjectSessions } from '../../core/aws/sessions/list-sessions.ts';
import { stepSession } from '../../core/aws/sessions/step-session.ts';
import { newClaim } from '../../core/domain/create-attempt.ts';
import { CREATE_RETRY } from '../../core/domain/timing.ts';
import { openSessionTables, type SessionTables } from './support/session-tables.ts';

let tables: SessionTables;

const claims = suite('creates that are asked for again, on a real DynamoDB API');

claims.before(async () => {
  tables = await openSessionTables();
});

claims.after(() => tables.close());

/** A create with the key `keyHash`, as its function admits it. */
const admitKeyed = async (projectId: string, keyHash: string, replaces?: string, at = tables.now()) => {
  const session = tables.newSession(projectId);
  const attempt = { id: 'r', at, bodyHash: 'b', isRetry: false };
  await admitSession(tables.store, session, {
    claim: newClaim(keyHash, session.sessionId, attempt),
    replaces,
  });
  return session;
};

claims('of 20 creates with one key at once one is admitted, and one slot is taken', async () => {
  const projectId = await tables.newProject(20);
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => admitKeyed(projectId, 'k1')));
  const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  assert.equal([made.length, (await getProject(tables.projects, projectId))?.running], [1, 1]);
  assert.ok(refused.every((error) => error instanceof CreateTakenError));
  assert.is(
    (await getCreateClaim(tables.sessions, 'k1', tables.now()))?.createdSessionId,
    made[0]?.sessionId,
  );
});

claims('of 10 creates in the place of a failed one with the key, one is admitted', async () => {
  const projectId = await tables.newProject(20);
  const { sessionId } = await admitKeyed(projectId, 'k2');
  await tables.end(sessionId, 'start_failed');
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, () => admitKeyed(projectId, 'k2', sessionId)),
  );
  assert.is(results.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.is((await getProject(tables.projects, projectId))?.running, 1);
});

claims('a key whose day is over is free, whether or not it was deleted', async () => {
  const projectId = await tables.newProject(2);
  await admitKeyed(projectId, 'k3', undefined, new Date(Date.now() - CREATE_RETRY.keyMs - 1000));
  assert.is(await getCreateClaim(tables.sessions, 'k3', tables.now()), undefined);
  const { sessionId } = await admitKeyed(projectId, 'k3');
  assert.is((await getCreateClaim(tables.sessions, 'k3', tables.now()))?.createdSessionId, sessionId);
});

claims('a claim stands in no list', async () => {
  const projectId = await tables.newProject(1);
  const { sessionId } = await admitKeyed(projectId, 'k4');
  const { sessions: listed } = await listProjectSessions(tables.sessions, projectId, { limit: 10 });
  assert.equal(
    listed.map((each) => each.sessionId),
    [sessionId],
  );
});

claims(
  'creates of one caller are found, the oldest first; nobody else’s are, nor those of before',
  async () => {
    const projectId = await tables.newProject(10);
    const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
    const wanted = [
      tables.newSession(projectId, { callerHash: 'c', createdAt: ago(2_000) }),
      tables.newSession(projectId, { callerHash: 'c', createdAt: ago(1_000) }),
    ];
    const others = [
      tables.newSession(projectId, { callerHash: 'other' }),
      tables.newSession(projectId),
      tables.newSession(projectId, { callerHash: 'c', createdAt: ago(60_000) }),
    ];
    for (const session of [...wanted, ...others]) await admitSession(tables.store, session);
    const since = new Date(Date.now() - 30_000);
    assert.equal(await findRetriedCreates(tables.sessions, { projectId, callerHash: 'c', since }), wanted);
  },
);

claims('a session passes to one retry only, and what its create noted goes', async () => {
  const { sessionId } = await tables.admitSessionOf({ attemptId: 'r0', attemptAt: 't', callerLeftAt: 't' });
  const takes = await Promise.all(
    ['r1', 'r2', 'r3'].map((attemptId) =>
      stepSession(tables.sessions, sessionId, {
        set: { attemptId },
        remove: ['callerLeftAt', 'answeredAt'],
        attemptId: 'r0',
        at: tables.now(),
      }),
    ),
  );
  assert.is(takes.filter(({ applied }) => applied).length, 1);
  assert.is((await getSession(tables.sessions, sessionId))?.callerLeftAt, undefined);
});

claims.run();
