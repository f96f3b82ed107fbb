import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDocumentClient, type Table } from '../../../core/aws/dynamodb/document-client.ts';
import { storeProject } from '../../../core/aws/projects/store-project.ts';
import { admitSession } from '../../../core/aws/sessions/admit-session.ts';
import { endSession } from '../../../core/aws/sessions/end-session.ts';
import { systemClock } from '../../../core/clock/system-clock.ts';
import type { EndReason } from '../../../core/domain/end-reason.ts';
import type { Session } from '../../../core/domain/session.ts';
import { createLogger } from '../../../core/log/logger.ts';
import * as testing from '../../../core/testing/new-session.ts';
import { readInfrastructure } from '../../../local/start/infrastructure.ts';
import { openData } from '../../../local/start/open-data.ts';

export type SessionTables = Awaited<ReturnType<typeof openSessionTables>>;

/** The tables of sessions and projects on a real DynamoDB API, empty, and what a test does with them. */
export async function openSessionTables() {
  const folder = mkdtempSync(join(tmpdir(), 'wallcrawler-test-'));
  mkdirSync(join(folder, 'aws'));
  const infrastructure = readInfrastructure();
  const logger = createLogger({}, () => {});
  const data = await openData({ dataDir: folder, infrastructure, dynamodbEndpoint: undefined, logger });
  const { endpoint, credentials } = data;
  const client = createDocumentClient({ endpoint, credentials, region: infrastructure.region });
  const { tables } = infrastructure;
  const sessions: Table = { client, tableName: tables.sessions.name };
  const projects: Table = { client, tableName: tables.projects.name };
  const warmPool: Table = { client, tableName: tables.warmPool.name };
  const store = { sessions, projects, clock: systemClock };
  let lastId = 0;

  const now = () => new Date();
  const newSession = (projectId: string, extra: Partial<Session> = {}): Session =>
    testing.newSession({
      sessionId: `session-${++lastId}`,
      projectId,
      createdAt: now().toISOString(),
      updatedAt: now().toISOString(),
      expiresAt: new Date(Date.now() + 600_000).toISOString(),
      ...extra,
    });
  async function newProject(concurrency: number): Promise<string> {
    const projectId = `project-${++lastId}`;
    const values = { projectId, name: 'n', ownerId: 'o', defaultTimeoutSeconds: 600, concurrency };
    await storeProject(projects, values, now());
    return projectId;
  }
  async function admit(projectId: string, extra: Partial<Session> = {}): Promise<Session> {
    const session = newSession(projectId, extra);
    await admitSession(store, session);
    return session;
  }
  return {
    endpoint,
    credentials,
    infrastructure,
    sessions,
    projects,
    warmPool,
    store,
    now,
    newSession,
    newProject,
    admit,
    /** Admits one to a project of its own. */
    admitSessionOf: async (extra: Partial<Session>) => admit(await newProject(1), extra),
    end: (sessionId: string, reason: EndReason, detail?: string) =>
      endSession(store, sessionId, { reason, detail, endedAt: now() }),
    async close(): Promise<void> {
      client.destroy();
      await data.close();
      rmSync(folder, { recursive: true });
    },
  };
}
