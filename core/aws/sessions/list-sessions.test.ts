import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SessionStatus } from '../../domain/session.ts';
import { newSession } from '../../testing/new-session.ts';
import { createFakeTable } from '../testing/fake-client.ts';
import { listProjectSessions, listSessionsInStatus, MAX_PAGES_READ } from './list-sessions.ts';

const session = (sessionId: string, status: SessionStatus = 'READY') => newSession({ sessionId, status });
const more = { LastEvaluatedKey: { sessionId: 'x' } };
const positionOf = (sessionId: string) => ({ createdAt: session(sessionId).createdAt, sessionId });
const idsOf = (list: readonly { sessionId: string }[]) => list.map(({ sessionId }) => sessionId);

const ofProject = suite('listProjectSessions');

ofProject('asks the index of the project, newest first', async () => {
  const sessions = createFakeTable([{ Items: [session('b'), session('a')] }], 'sessions');
  const page = await listProjectSessions(sessions, 'p1', { limit: 10 });
  assert.equal([idsOf(page.sessions), page.next], [['b', 'a'], undefined]);
  const { input } = sessions.sent[0] ?? {};
  assert.equal([input.TableName, input.IndexName], ['sessions', 'projectId-createdAt']);
  assert.equal(input.ExpressionAttributeValues, { ':projectId': 'p1' });
  assert.is(input.ScanIndexForward, false);
});

ofProject('reads no more than is wanted of all, and whether there is another', async () => {
  const sessions = createFakeTable([{ Items: [session('c'), session('b'), session('a')], ...more }]);
  const page = await listProjectSessions(sessions, 'p1', { limit: 2 });
  assert.is(sessions.sent[0]?.input.Limit, 3);
  assert.equal([idsOf(page.sessions), page.next], [['c', 'b'], positionOf('b')]);
});

ofProject('goes on after a session', async () => {
  const sessions = createFakeTable([{ Items: [session('a')] }]);
  await listProjectSessions(sessions, 'p1', { limit: 2, after: positionOf('b') });
  const key = { projectId: 'p1', ...positionOf('b') };
  assert.equal(sessions.sent[0]?.input.ExclusiveStartKey, key);
});

ofProject('does not read what is older than was asked for', async () => {
  const sessions = createFakeTable([{ Items: [session('b')] }]);
  const since = new Date('2026-01-01T00:00:00.000Z');
  await listProjectSessions(sessions, 'p1', { statuses: ['READY'], since, limit: 10 });
  const { input } = sessions.sent[0] ?? {};
  assert.is(input.KeyConditionExpression, 'projectId = :projectId AND createdAt >= :since');
  assert.equal(input.ExpressionAttributeValues, { ':projectId': 'p1', ':since': since.toISOString() });
});

ofProject('asks nothing where it would go on after all that is wanted', async () => {
  const sessions = createFakeTable([]);
  const since = new Date(Date.parse(session('b').createdAt) + 1);
  const page = await listProjectSessions(sessions, 'p1', { since, after: positionOf('b'), limit: 10 });
  assert.equal([page, sessions.sent.length], [{ sessions: [] }, 0]);
});

ofProject('reads on until it has as many as are wanted, and no further', async () => {
  const end = { LastEvaluatedKey: { projectId: 'p1', ...positionOf('a') } };
  const sessions = createFakeTable([
    { Items: [session('d'), session('c', 'FAILED')], ...more },
    { Items: [session('b', 'FAILED'), session('a')], ...end },
  ]);
  const page = await listProjectSessions(sessions, 'p1', { statuses: ['FAILED'], limit: 2 });
  assert.equal([idsOf(page.sessions), page.next], [['c', 'b'], positionOf('a')]);
  assert.is(sessions.sent.length, 2);
});

ofProject('goes on after the last that it gave, not after the last that it read', async () => {
  const items = [session('c', 'FAILED'), session('b'), session('a', 'FAILED')];
  const sessions = createFakeTable([{ Items: items }]);
  const page = await listProjectSessions(sessions, 'p1', { statuses: ['FAILED'], limit: 1 });
  assert.equal([idsOf(page.sessions), page.next], [['c'], positionOf('c')]);
});

ofProject('reads a history that hardly matches for so long only, and says where it goes on', async () => {
  const end = { LastEvaluatedKey: { projectId: 'p1', ...positionOf('b') } };
  const sessions = createFakeTable(
    Array.from({ length: MAX_PAGES_READ + 1 }, () => ({ Items: [session('b')], ...end })),
  );
  const page = await listProjectSessions(sessions, 'p1', { statuses: ['FAILED'], limit: 1 });
  assert.equal([page.sessions, page.next], [[], positionOf('b')]);
  assert.is(sessions.sent.length, MAX_PAGES_READ);
});

ofProject('gives those that match in every respect', async () => {
  const sessions = createFakeTable([{ Items: [session('c'), session('b'), session('a', 'FAILED')] }]);
  const page = await listProjectSessions(sessions, 'p1', {
    statuses: ['READY'],
    matches: ({ sessionId }) => sessionId !== 'c',
    limit: 10,
  });
  assert.equal(idsOf(page.sessions), ['b']);
});

ofProject('is empty for a project without sessions', async () => {
  assert.equal(await listProjectSessions(createFakeTable([{}]), 'p1', { limit: 10 }), { sessions: [] });
});

ofProject.run();

// ---

const inStatus = suite('listSessionsInStatus');

inStatus('reads every page of the index of the status', async () => {
  const sessions = createFakeTable([
    { Items: [session('a')], ...more },
    { ...more },
    { Items: [session('b')] },
  ]);
  assert.equal(idsOf(await listSessionsInStatus(sessions, 'READY')), ['a', 'b']);
  const { input } = sessions.sent[0] ?? {};
  assert.is(input.IndexName, 'status-expiresAt');
  assert.equal(input.ExpressionAttributeValues, { ':status': 'READY' });
});

inStatus.run();
