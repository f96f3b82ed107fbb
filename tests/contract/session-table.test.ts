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
import { admitSession } from '../../core/aws/sessions/admit-session.ts';
import { endSession } from '../../core/aws/sessions/end-session.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { listProjectSessions, listSessionsInStatus } from '../../core/aws/sessions/list-sessions.ts';
import { recordAddress, recordContainerReady } from '../../core/aws/sessions/record-readiness.ts';
import { stepSession } from '../../core/aws/sessions/step-session.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import type { EndReason } from '../../core/domain/end-reason.ts';
import type { Session } from '../../core/domain/session.ts';
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
