import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createJumpingClock } from '../../domain/testing/jumping-clock.ts';
import { newSession } from '../../testing/new-session.ts';
import { ConcurrencyExceededError, ProjectNotFoundError, takeSlot } from '../projects/concurrency-slots.ts';
import { type Answers, createFakeTable, failureOf, transactionCancelled } from '../testing/fake-client.ts';
import { admitSession } from './admit-session.ts';

const REFUSED = 'ConditionalCheckFailed';

function storeThat(answers: Answers) {
  const sessions = createFakeTable(answers, 'sessions');
  const projects = createFakeTable([], 'projects');
  return { sessions, projects, clock: createJumpingClock() };
}

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

admission('never takes a second session of one id for a matter of slots', async () => {
  const taken = transactionCancelled(REFUSED, 'None');
  assert.is(await failureOf(admitSession(storeThat([taken]), newSession())), taken);
});

admission('waits its turn when others of the project are admitted at the same moment', async () => {
  const store = storeThat([transactionCancelled('None', 'TransactionConflict'), {}]);
  await admitSession(store, newSession());
  assert.is(store.clock.waits.length, 1);
});

admission.run();
