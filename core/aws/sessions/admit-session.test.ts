import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createJumpingClock } from '../../domain/testing/jumping-clock.ts';
import { newSession } from '../../testing/new-session.ts';
import { ConcurrencyExceededError, ProjectNotFoundError, takeSlot } from '../projects/concurrency-slots.ts';
import { type Answers, createFakeTable, failureOf, transactionCancelled } from '../testing/fake-client.ts';
import { admitSession, CreateTakenError } from './admit-session.ts';

const REFUSED = 'ConditionalCheckFailed';

function storeThat(answers: Answers) {
  const sessions = createFakeTable(answers, 'sessions');
  const projects = createFakeTable([], 'projects');
  return { sessions, projects, clock: createJumpingClock() };
}

const claim = { sessionId: 'create#k', createdSessionId: 's1', bodyHash: 'b', purgeAt: 1 };
const keyed = { claim, replaces: undefined };

const admission = suite('admitSession');

admission('stores the session and takes a slot of its project in one transaction', async () => {
  const store = storeThat([{}]);
  const session = newSession();
  await admitSession(store, session);
  const [put, slot] = store.sessions.sent[0]?.input.TransactItems ?? [];
  assert.equal([put.Put.TableName, put.Put.Item], ['sessions', session]);
  assert.is(put.Put.ConditionExpression, 'attribute_not_exists(sessionId)');
  assert.equal(slot, takeSlot(store.projects, 'p1'));
});

admission('throws how many slots there are when all are taken', async () => {
  const item = { projectId: 'p1', concurrency: 2, running: 2 };
  const failure = await failureOf(
    admitSession(storeThat([transactionCancelled('None', { Code: REFUSED, item })]), newSession()),
  );
  assert.instance(failure, ConcurrencyExceededError);
  const { limit, running } = failure as ConcurrencyExceededError;
  assert.equal([limit, running], [2, 2]);
});

admission('throws that there is no such project', async () => {
  const store = storeThat([transactionCancelled('None', REFUSED)]);
  assert.instance(await failureOf(admitSession(store, newSession())), ProjectNotFoundError);
});

admission('throws that the id or the key is taken, also when the slots are', async () => {
  for (const reasons of [
    [REFUSED, 'None'],
    ['None', 'None', REFUSED],
    ['None', REFUSED, REFUSED],
  ]) {
    const store = storeThat([transactionCancelled(...reasons)]);
    assert.instance(await failureOf(admitSession(store, newSession(), keyed)), CreateTakenError);
  }
});

admission('claims the key in the same transaction', async () => {
  const store = storeThat([{}]);
  await admitSession(store, newSession(), keyed);
  const claim = store.sessions.sent[0]?.input.TransactItems[2];
  assert.equal(claim.Put.Item, keyed.claim);
  assert.match(claim.Put.ConditionExpression, 'attribute_not_exists(sessionId)');
});

admission('waits its turn when others of the project are admitted at the same moment', async () => {
  const store = storeThat([transactionCancelled('None', 'TransactionConflict'), {}]);
  await admitSession(store, newSession());
  assert.is(store.clock.waits.length, 1);
});

admission.run();
