import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIVE_STATUSES } from '../../domain/session.ts';
import { createJumpingClock } from '../../domain/testing/jumping-clock.ts';
import { newSession } from '../../testing/new-session.ts';
import { giveSlotBack } from '../projects/concurrency-slots.ts';
import { type Answers, createFakeTable, failureOf, transactionCancelled } from '../testing/fake-client.ts';
import { endSession } from './end-session.ts';

const ending = { reason: 'idle', endedAt: new Date('2026-06-01T00:05:30.000Z') } as const;
const ready = newSession({ status: 'READY', startedAt: '2026-06-01T00:00:10.000Z', proxyBytes: 9 });
const changed = transactionCancelled('ConditionalCheckFailed', 'None');

function storeThat(answers: Answers) {
  const sessions = createFakeTable(answers, 'sessions');
  const projects = createFakeTable([], 'projects');
  return { sessions, projects, clock: createJumpingClock() };
}

const ends = suite('endSession');

ends('writes the end and gives the slot back with the usage, in one transaction', async () => {
  const store = storeThat([{ Item: ready }, {}]);
  const ended = await endSession(store, 's1', ending);
  assert.equal([ended?.status, ended?.endReason, ended?.browserMinutes], ['TIMED_OUT', 'idle', 6]);
  const [read, write] = store.sessions.sent;
  assert.is(read?.input.ConsistentRead, true);
  const [session, slot] = write?.input.TransactItems ?? [];
  assert.equal([session.Update.TableName, session.Update.Key], ['sessions', { sessionId: 's1' }]);
  assert.is(session.Update.ExpressionAttributeValues[':status'], 'TIMED_OUT');
  assert.equal(slot, giveSlotBack(store.projects, 'p1', { browserMinutes: 6, proxyBytes: 9 }));
});

ends('adds what its container counted, and takes its proxies out of the table', async () => {
  const store = storeThat([{ Item: { ...ready, sealedProxies: 'sealed' } }, {}]);
  await endSession(store, 's1', { ...ending, proxyBytes: 12 });
  const [session, slot] = store.sessions.sent[1]?.input.TransactItems ?? [];
  assert.match(session.Update.UpdateExpression, /REMOVE #sealedProxies$/);
  assert.is(session.Update.ExpressionAttributeValues[':proxyBytes'], 12);
  assert.is(slot.Update.ExpressionAttributeValues[':bytes'], 12);
});

ends('holds only if the session still lives, and nobody named a reason or started it meanwhile', async () => {
  const store = storeThat([{ Item: newSession() }, {}]);
  await endSession(store, 's1', ending);
  const { ConditionExpression, ExpressionAttributeValues } =
    store.sessions.sent[1]?.input.TransactItems[0].Update ?? {};
  assert.match(ConditionExpression, 'attribute_not_exists(#startedAt) AND attribute_not_exists(#endReason)');
  const allowed = Object.entries(ExpressionAttributeValues).flatMap(([name, value]) =>
    name.startsWith(':statusIs') ? [value] : [],
  );
  assert.equal(allowed, LIVE_STATUSES);
});

ends('looks again when the session changed between the read and the write', async () => {
  const released = { ...ready, status: 'TERMINATING', endReason: 'released' };
  const store = storeThat([{ Item: ready }, changed, { Item: released }, {}]);
  const ended = await endSession(store, 's1', ending);
  assert.equal([ended?.status, ended?.endReason], ['STOPPED', 'released'], 'the reason that came first');
});

ends('writes nothing for a session that has ended, and answers how', async () => {
  const over = { ...ready, status: 'FAILED', endReason: 'browser_crashed' };
  const store = storeThat([{ Item: over }]);
  assert.equal(await endSession(store, 's1', ending), over);
  assert.is(store.sessions.sent.length, 1);
});

ends('writes nothing for a session that never was', async () => {
  assert.is(await endSession(storeThat([{}]), 's1', ending), undefined);
});

ends('is not for a container that the session does not name', async () => {
  const claimed = { ...ready, warmId: 'w02' };
  const store = storeThat([{ Item: claimed }]);
  assert.equal(await endSession(store, 's1', ending, { sessionId: 's1', warmId: 'w01' }), claimed);
  assert.is(store.sessions.sent.length, 1);
});

ends('is not for a container that lost the session between the read and the write', async () => {
  const claimed = { ...ready, warmId: 'w01' };
  const moved = { ...ready, warmId: 'w02' };
  const store = storeThat([{ Item: claimed }, changed, { Item: moved }]);
  assert.equal(await endSession(store, 's1', ending, { sessionId: 's1', warmId: 'w01' }), moved);
  const { Update } = store.sessions.sent[1]?.input.TransactItems[0] ?? {};
  assert.match(Update.ConditionExpression, '#warmId IN (:warmIdIs0)');
});

ends('gives up when the session changes all the time, and says so by name', async () => {
  const store = storeThat(Array.from({ length: 8 }, () => [{ Item: ready }, changed]).flat());
  assert.is((await failureOf(endSession(store, 's1', ending))).name, 'TransactionBusyError');
  assert.is(store.sessions.sent.length, 16);
});

ends('does not take a project that is gone for a session that changed', async () => {
  const noProject = transactionCancelled('None', 'ConditionalCheckFailed');
  const store = storeThat([{ Item: ready }, noProject]);
  assert.is(await failureOf(endSession(store, 's1', ending)), noProject);
});

ends.run();
