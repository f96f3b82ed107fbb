import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createDocumentClient, type Table } from '../../core/aws/dynamodb/document-client.ts';
import { getProject } from '../../core/aws/projects/get-project.ts';
import { storeProject } from '../../core/aws/projects/store-project.ts';
import { admitSession } from '../../core/aws/sessions/admit-session.ts';
import { endSession } from '../../core/aws/sessions/end-session.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { stepSession } from '../../core/aws/sessions/step-session.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { LIVE_STATUSES, type Session } from '../../core/domain/session.ts';
import { createLogger } from '../../core/log/logger.ts';
import { endLeftoverSessions } from './end-leftover-sessions.ts';
import { readInfrastructure } from './infrastructure.ts';
import { type Data, openData } from './open-data.ts';

const infrastructure = readInfrastructure();
let folder: string;
let data: Data;
let sessions: Table;
let projects: Table;

const now = new Date();
/** A session that takes a concurrency slot, and then is in the state that `extra` says. */
async function leave(sessionId: string, extra: Partial<Session>): Promise<void> {
  await admitSession(
    { sessions, projects, clock: systemClock },
    {
      sessionId,
      projectId: 'p',
      status: 'CREATING',
      createdAt: now.toISOString(),
      updatedAt: now.toISOString(),
      expiresAt: new Date(now.getTime() + 600_000).toISOString(),
      keepAlive: false,
      region: 'us-west-2',
      timeoutSeconds: 600,
      shard: '0',
      tokenKeyId: 'k',
      proxyBytes: 0,
      ...extra,
    },
  );
}
const endOf = async (sessionId: string) => {
  const found = await getSession(sessions, sessionId);
  return [found?.status, found?.endReason, found?.endDetail];
};

const t = suite('endLeftoverSessions');

t.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wallcrawler-test-'));
  mkdirSync(join(folder, 'aws'));
  const logger = createLogger({}, () => {});
  data = await openData({ dataDir: folder, infrastructure, dynamodbEndpoint: undefined, logger });
  const { endpoint, credentials } = data;
  const client = createDocumentClient({ endpoint, credentials, region: infrastructure.region });
  sessions = { client, tableName: infrastructure.tables.sessions.name };
  projects = { client, tableName: infrastructure.tables.projects.name };
  const project = { projectId: 'p', name: 'n', ownerId: 'o', defaultTimeoutSeconds: 600, concurrency: 50 };
  await storeProject(projects, project, now);
});

t.after(async () => {
  sessions.client.destroy();
  await data.close();
  rmSync(folder, { recursive: true, force: true });
});

t('finds nothing to end in new data', async () => {
  assert.is(await endLeftoverSessions({ ...data, infrastructure }), 0);
});

t(
  'ends every session that had not ended, whatever its state, and gives its concurrency slot back',
  async () => {
    for (const status of LIVE_STATUSES) await leave(`was-${status}`, { status });
    assert.is((await getProject(projects, 'p'))?.running, LIVE_STATUSES.length);
    assert.is(await endLeftoverSessions({ ...data, infrastructure }), LIVE_STATUSES.length);
    for (const status of LIVE_STATUSES) {
      assert.equal(await endOf(`was-${status}`), ['FAILED', 'container_lost', 'The machine was stopped']);
    }
    assert.is((await getProject(projects, 'p'))?.running, 0);
    assert.is(await endLeftoverSessions({ ...data, infrastructure }), 0, 'and ends none of them again');
  },
);

t('keeps why a session was to end, unless that would claim a profile that nobody saved', async () => {
  const startedAt = now.toISOString();
  await leave('released', { startedAt });
  await leave('to-be-saved', { startedAt, contextId: 'c', persistContext: true });
  for (const sessionId of ['released', 'to-be-saved']) {
    await stepSession(sessions, sessionId, { to: 'TERMINATING', set: { endReason: 'released' }, at: now });
  }
  assert.is(await endLeftoverSessions({ ...data, infrastructure }), 2);
  assert.equal((await endOf('released')).slice(0, 2), ['STOPPED', 'released']);
  assert.equal((await endOf('to-be-saved')).slice(0, 2), ['FAILED', 'profile_not_saved']);
});

t('leaves alone what has ended', async () => {
  await leave('over', {});
  const before = await endSession({ sessions, projects, clock: systemClock }, 'over', {
    reason: 'idle',
    endedAt: now,
  });
  assert.is(await endLeftoverSessions({ ...data, infrastructure }), 0);
  assert.equal(await getSession(sessions, 'over'), before);
});

t.run();
