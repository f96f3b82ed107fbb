import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDocumentClient, type Table } from '../../core/aws/dynamodb/document-client.ts';
import {
  type ConcurrencyExceededError,
  ProjectNotFoundError,
} from '../../core/aws/projects/concurrency-slots.ts';
import { getProject } from '../../core/aws/projects/get-project.ts';
import { storeProject } from '../../core/aws/projects/store-project.ts';
import { admitSession, CreateTakenError } from '../../core/aws/sessions/admit-session.ts';
import { endSession } from '../../core/aws/sessions/end-session.ts';
import { findRetriedCreates } from '../../core/aws/sessions/find-retried-creates.ts';
import { getCreateClaim } from '../../core/aws/sessions/get-create-claim.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { listProjectSessions, listSessionsInStatus } from '../../core/aws/sessions/list-sessions.ts';
import { recordAddress, recordContainerReady } from '../../core/aws/sessions/record-readiness.ts';
import { stepSession } from '../../core/aws/sessions/step-session.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { newClaim } from '../../core/domain/create-attempt.ts';
import type { EndReason } from '../../core/domain/end-reason.ts';
import type { Session } from '../../core/domain/session.ts';
import { CREATE_RETRY } from '../../core/domain/timing.ts';
import { createLogger } from '../../core/log/logger.ts';
import { readInfrastructure } from '../../local/start/infrastructure.ts';
import { type Data, openData } from '../../local/start/open-data.ts';

const infrastructure = readInfrastructure();
let folder: string;
let data: Data;
let sessions: Table;
let projects: Table;
let lastId = 0;

const now = () => new Date();
const store = () => ({ sessions, projects, clock: systemClock });
const newSession = (projectId: string, extra: Partial<Session> = {}): Session => ({
  sessionId: `session-${++lastId}`,
  projectId,
  status: 'CREATING',
  createdAt: now().toISOString(),
  updatedAt: now().toISOString(),
  expiresAt: new Date(Date.now() + 600_000).toISOString(),
  keepAlive: false,
  region: 'us-west-2',
  timeoutSeconds: 600,
  shard: '0',
  tokenKeyId: 'k',
  proxyBytes: 0,
  ...extra,
});
const address = { address: { host: '127.0.0.1', port: 9223 }, taskArn: 'arn:task' };

async function newProject(concurrency: number): Promise<string> {
  const projectId = `project-${++lastId}`;
  await storeProject(
    projects,
    { projectId, name: 'n', ownerId: 'o', defaultTimeoutSeconds: 600, concurrency },
    now(),
  );
  return projectId;
}

const admit = async (projectId: string) => {
  const session = newSession(projectId);
  await admitSession(store(), session);
  return session;
};
const admitSessionOf = async (extra: Partial<Session>) => {
  const session = newSession(await newProject(1), extra);
  await admitSession(store(), session);
  return session;
};
const end = (sessionId: string, reason: EndReason, detail?: string) =>
  endSession(store(), sessionId, { reason, detail, endedAt: now() });

const table = suite('the sessions table, on a real DynamoDB API');

table.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wallcrawler-test-'));
  mkdirSync(join(folder, 'aws'));
  data = await openData({
    dataDir: folder,
    infrastructure,
    dynamodbEndpoint: undefined,
    logger: createLogger({}, () => {}),
  });
  const client = createDocumentClient({
    endpoint: data.endpoint,
    credentials: data.credentials,
    region: infrastructure.region,
  });
  const { tables } = infrastructure;
  sessions = { client, tableName: tables.sessions.name };
  projects = { client, tableName: tables.projects.name };
});

table.after(async () => {
  sessions.client.destroy();
  await data.close();
  rmSync(folder, { recursive: true });
});

table('of 30 admissions at once exactly as many succeed as there are slots', async () => {
  const projectId = await newProject(7);
  const results = await Promise.allSettled(Array.from({ length: 30 }, () => admit(projectId)));
  const refused = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as ConcurrencyExceededError] : [],
  );
  assert.is(refused.length, 23);
  for (const { name, limit, running } of refused) {
    assert.equal([name, limit, running], ['ConcurrencyExceededError', 7, 7]);
  }
  assert.is((await getProject(projects, projectId))?.running, 7);
});

/** A create with the key `keyHash`, as its function admits it. */
const admitKeyed = async (projectId: string, keyHash: string, replaces?: string, at = now()) => {
  const session = newSession(projectId);
  const attempt = { id: 'r', at, bodyHash: 'b', isRetry: false };
  await admitSession(store(), session, { claim: newClaim(keyHash, session.sessionId, attempt), replaces });
  return session;
};

table('of 20 creates with one key at once one is admitted, and one slot is taken', async () => {
  const projectId = await newProject(20);
  const results = await Promise.allSettled(Array.from({ length: 20 }, () => admitKeyed(projectId, 'k1')));
  const made = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  assert.equal([made.length, (await getProject(projects, projectId))?.running], [1, 1]);
  assert.ok(refused.every((error) => error instanceof CreateTakenError));
  assert.is((await getCreateClaim(sessions, 'k1', now()))?.createdSessionId, made[0]?.sessionId);
});

table('of 10 creates in the place of a failed one with the key, one is admitted', async () => {
  const projectId = await newProject(20);
  const { sessionId } = await admitKeyed(projectId, 'k2');
  await end(sessionId, 'start_failed');
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, () => admitKeyed(projectId, 'k2', sessionId)),
  );
  assert.is(results.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.is((await getProject(projects, projectId))?.running, 1);
});

table('a key whose day is over is free, whether or not it was deleted', async () => {
  const projectId = await newProject(2);
  await admitKeyed(projectId, 'k3', undefined, new Date(Date.now() - CREATE_RETRY.keyMs - 1000));
  assert.is(await getCreateClaim(sessions, 'k3', now()), undefined);
  const { sessionId } = await admitKeyed(projectId, 'k3');
  assert.is((await getCreateClaim(sessions, 'k3', now()))?.createdSessionId, sessionId);
});

table('a claim stands in no list', async () => {
  const projectId = await newProject(1);
  const { sessionId } = await admitKeyed(projectId, 'k4');
  const listed = await listProjectSessions(sessions, projectId, { limit: 10 });
  assert.equal(
    listed.map((each) => each.sessionId),
    [sessionId],
  );
});

table(
  'creates of one caller are found, the oldest first; nobody else’s are, nor those of before',
  async () => {
    const projectId = await newProject(10);
    const ago = (ms: number) => new Date(Date.now() - ms).toISOString();
    const wanted = [
      newSession(projectId, { callerHash: 'c', createdAt: ago(2_000) }),
      newSession(projectId, { callerHash: 'c', createdAt: ago(1_000) }),
    ];
    const others = [
      newSession(projectId, { callerHash: 'other' }),
      newSession(projectId),
      newSession(projectId, { callerHash: 'c', createdAt: ago(60_000) }),
    ];
    for (const session of [...wanted, ...others]) await admitSession(store(), session);
    const since = new Date(Date.now() - 30_000);
    assert.equal(await findRetriedCreates(sessions, { projectId, callerHash: 'c', since }), wanted);
  },
);

table('a session passes to one retry only, and what its create noted goes', async () => {
  const { sessionId } = await admitSessionOf({ attemptId: 'r0', attemptAt: 't', callerLeftAt: 't' });
  const takes = await Promise.all(
    ['r1', 'r2', 'r3'].map((attemptId) =>
      stepSession(sessions, sessionId, {
        set: { attemptId },
        remove: ['callerLeftAt', 'answeredAt'],
        attemptId: 'r0',
        at: now(),
      }),
    ),
  );
  assert.is(takes.filter(({ applied }) => applied).length, 1);
  assert.is((await getSession(sessions, sessionId))?.callerLeftAt, undefined);
});

table('a project that does not exist admits nothing', async () => {
  try {
    await admit('nobody');
    assert.unreachable();
  } catch (error) {
    assert.instance(error, ProjectNotFoundError);
  }
});

table('READY is reached when both facts are known, in either order and both at once', async () => {
  const projectId = await newProject(100);
  for (const order of ['address first', 'ready first', 'both at once'] as const) {
    for (let round = 0; round < 10; round++) {
      const { sessionId } = await admit(projectId);
      const setAddress = () => recordAddress(sessions, sessionId, address, now());
      const setReady = () => recordContainerReady(sessions, sessionId, now());
      if (order === 'address first') {
        assert.is((await setAddress()).item?.status, 'STARTING');
        assert.is((await setReady()).item?.status, 'READY');
      } else if (order === 'ready first') {
        assert.is((await setReady()).item?.status, 'STARTING');
        assert.is((await setAddress()).item?.status, 'READY');
      } else {
        await Promise.all([setAddress(), setReady()]);
      }
      const session = await getSession(sessions, sessionId);
      assert.is(session?.status, 'READY', order);
      assert.equal(session?.address, address.address);
      assert.ok(session?.containerReadyAt);
      assert.ok(session?.startedAt);
    }
  }
});

table('a repeated or late event changes nothing', async () => {
  const { sessionId } = await admit(await newProject(1));
  await recordAddress(sessions, sessionId, address, now());
  await recordContainerReady(sessions, sessionId, now());
  const ready = await getSession(sessions, sessionId);
  assert.not((await recordAddress(sessions, sessionId, address, now())).applied);
  assert.not((await recordContainerReady(sessions, sessionId, now())).applied);
  assert.not((await stepSession(sessions, sessionId, { to: 'PROVISIONING', set: {}, at: now() })).applied);
  assert.equal(await getSession(sessions, sessionId), ready);

  await end(sessionId, 'released');
  const ended = await getSession(sessions, sessionId);
  for (const to of ['READY', 'ACTIVE', 'TERMINATING', 'FAILED'] as const) {
    assert.not((await stepSession(sessions, sessionId, { to, set: {}, at: now() })).applied, to);
  }
  assert.not((await stepSession(sessions, sessionId, { set: { connectionCount: 1 }, at: now() })).applied);
  assert.equal(await getSession(sessions, sessionId), ended);
});

table('a session that never was, stays so', async () => {
  const outcome = await stepSession(sessions, 'never', { set: { connectionCount: 1 }, at: now() });
  assert.equal(outcome, { applied: false, item: undefined });
  assert.is(await end('never', 'released'), undefined);
});

table('ten enders at once: one end, one slot given back, one usage', async () => {
  const projectId = await newProject(3);
  const { sessionId } = await admit(projectId);
  await recordAddress(sessions, sessionId, address, now());
  await recordContainerReady(sessions, sessionId, now());
  const reasons: EndReason[] = ['disconnected', 'container_lost', 'timed_out', 'browser_crashed', 'idle'];
  const ends = await Promise.all([...reasons, ...reasons].map((reason) => end(sessionId, reason)));
  assert.is(new Set(ends.map((session) => session?.endReason)).size, 1, 'all see the same end');
  const project = await getProject(projects, projectId);
  assert.is(project?.running, 0);
  assert.is(project?.browserMinutes, 1);
});

table('ends and admissions of one project at once keep its count exact', async () => {
  const projectId = await newProject(50);
  const first = await Promise.all(Array.from({ length: 10 }, () => admit(projectId)));
  await Promise.all([
    ...first.map(({ sessionId }) => end(sessionId, 'start_failed')),
    ...Array.from({ length: 10 }, () => admit(projectId)),
  ]);
  const project = await getProject(projects, projectId);
  assert.is(project?.running, 10);
  assert.is(project?.browserMinutes, 0, 'none was ever ready');
});

table('the reason that was recorded first wins', async () => {
  const { sessionId } = await admit(await newProject(1));
  await stepSession(sessions, sessionId, { to: 'TERMINATING', set: { endReason: 'released' }, at: now() });
  const ended = await end(sessionId, 'container_lost', 'exit code 137');
  assert.is(ended?.status, 'STOPPED');
  assert.is(ended?.endReason, 'released');
  assert.is(ended?.endDetail, 'exit code 137');
  assert.ok((ended?.purgeAt ?? 0) > Date.now() / 1000 + 29 * 86_400);
});

table('an end without a saved profile is an ERROR, and gives the slot back', async () => {
  const projectId = await newProject(1);
  const { sessionId } = await admit(projectId);
  await stepSession(sessions, sessionId, { to: 'TERMINATING', set: { endReason: 'released' }, at: now() });
  const ended = await end(sessionId, 'profile_not_saved', 'The store answered 403');
  assert.is(ended?.status, 'FAILED');
  assert.equal(await getSession(sessions, sessionId), ended);
  assert.is((await getProject(projects, projectId))?.running, 0);
});

table('lists are of one project, newest first, filtered and bounded', async () => {
  const [a, b] = [await newProject(10), await newProject(10)];
  const made: Session[] = [];
  for (let index = 0; index < 5; index++) {
    const session = newSession(a, { createdAt: `2026-01-0${index + 1}T00:00:00.000Z` });
    await admitSession(store(), session);
    made.unshift(session);
  }
  await admit(b);
  const ids = (list: readonly Session[]) => list.map(({ sessionId }) => sessionId);
  assert.equal(ids(await listProjectSessions(sessions, a, { limit: 10 })), ids(made));
  assert.equal(ids(await listProjectSessions(sessions, a, { limit: 2 })), ids(made.slice(0, 2)));
  await end(made[1]?.sessionId ?? '', 'start_failed');
  const failed = await listProjectSessions(sessions, a, { statuses: ['FAILED'], limit: 10 });
  assert.equal(ids(failed), [made[1]?.sessionId]);
  const creating = await listSessionsInStatus(sessions, 'CREATING');
  assert.ok(ids(creating).includes(made[0]?.sessionId ?? ''));
  assert.not(ids(creating).includes(made[1]?.sessionId ?? ''));
});

table.run();
