import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SessionStatus } from '../../domain/session.ts';
import { newSession } from '../../testing/new-session.ts';
import { createFakeTable } from '../testing/fake-client.ts';
import { listProjectSessions, listSessionsInStatus } from './list-sessions.ts';

const session = (sessionId: string, status: SessionStatus = 'READY') => newSession({ sessionId, status });
const more = { LastEvaluatedKey: { sessionId: 'x' } };
const idsOf = (list: readonly { sessionId: string }[]) => list.map(({ sessionId }) => sessionId);

const ofProject = suite('listProjectSessions');

ofProject('asks the index of the project, newest first', async () => {
  const sessions = createFakeTable([{ Items: [session('b'), session('a')] }], 'sessions');
  assert.equal(idsOf(await listProjectSessions(sessions, 'p1', { limit: 10 })), ['b', 'a']);
  const { input } = sessions.sent[0] ?? {};
  assert.equal([input.TableName, input.IndexName], ['sessions', 'projectId-createdAt']);
  assert.equal(input.ExpressionAttributeValues, { ':projectId': 'p1' });
  assert.is(input.ScanIndexForward, false);
});

ofProject('does not read what is older than was asked for', async () => {
  const sessions = createFakeTable([{ Items: [session('b')] }]);
  const since = new Date('2026-06-01T00:00:00.000Z');
  await listProjectSessions(sessions, 'p1', { statuses: ['READY'], since, limit: 10 });
  const { input } = sessions.sent[0] ?? {};
  assert.is(input.KeyConditionExpression, 'projectId = :projectId AND createdAt >= :since');
  assert.equal(input.ExpressionAttributeValues, { ':projectId': 'p1', ':since': since.toISOString() });
});

ofProject('reads on until it has as many as are wanted, and no further', async () => {
  const sessions = createFakeTable([
    { Items: [session('d'), session('c', 'FAILED')], ...more },
    { Items: [session('b', 'FAILED'), session('a', 'FAILED')], ...more },
  ]);
  const found = await listProjectSessions(sessions, 'p1', { statuses: ['FAILED'], limit: 2 });
  assert.equal(idsOf(found), ['c', 'b']);
  assert.is(sessions.sent.length, 2);
});

ofProject('gives those that match in every respect', async () => {
  const sessions = createFakeTable([{ Items: [session('c'), session('b'), session('a', 'FAILED')] }]);
  const found = await listProjectSessions(sessions, 'p1', {
    statuses: ['READY'],
    matches: ({ sessionId }) => sessionId !== 'c',
    limit: 10,
  });
  assert.equal(idsOf(found), ['b']);
});

ofProject('is empty for a project without sessions', async () => {
  assert.equal(await listProjectSessions(createFakeTable([{}]), 'p1', { limit: 10 }), []);
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
