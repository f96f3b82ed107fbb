import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Session } from '../../domain/session.ts';
import { newSession } from '../../testing/new-session.ts';
import { type Answers, conditionFailed, createFakeTable } from '../testing/fake-client.ts';
import { recordAddress, recordContainerReady } from './record-readiness.ts';

const at = new Date('2026-06-01T00:01:00.000Z');
const facts = { address: { host: '10.0.0.1', port: 9223 }, taskArn: 'arn:task' };
const applied = (changes: Partial<Session>) => ({ Attributes: newSession(changes) });
const refused = (changes: Partial<Session>) => conditionFailed({ ...newSession(changes) });

async function record(answers: Answers, who: 'container' | 'task', warmId?: string) {
  const sessions = createFakeTable(answers);
  const outcome =
    who === 'container'
      ? await recordContainerReady(sessions, { sessionId: 's1', warmId }, at)
      : await recordAddress(sessions, 's1', facts, at);
  const steps = sessions.sent.map(({ input }) => ({
    to: input.ExpressionAttributeValues[':status'],
    values: input.ExpressionAttributeValues,
    condition: input.ConditionExpression,
  }));
  return { outcome, steps };
}

const readiness = suite('readiness');

readiness('is reached by the second fact, in the one write that brings it', async () => {
  const { outcome, steps } = await record([applied({ status: 'READY' })], 'container');
  assert.ok(outcome.applied);
  assert.equal(
    steps.map(({ to }) => to),
    ['READY'],
  );
  assert.match(steps[0]?.condition, 'attribute_exists(#address)');
  assert.is(steps[0]?.values[':containerReadyAt'], at.toISOString());
  assert.is(steps[0]?.values[':startedAt'], at.toISOString());
});

readiness('is not reached by the first fact, which is kept for the second', async () => {
  const { outcome, steps } = await record(
    [refused({ status: 'CREATING' }), applied({ status: 'STARTING' })],
    'container',
  );
  assert.is(outcome.item?.status, 'STARTING');
  assert.equal(
    steps.map(({ to }) => to),
    ['READY', 'STARTING'],
  );
  assert.match(steps[1]?.condition, 'attribute_not_exists(#address)');
  assert.is(steps[1]?.values[':containerReadyAt'], at.toISOString());
  assert.not(':startedAt' in (steps[1]?.values ?? {}));
});

readiness('takes one write of each side in the usual order: the address comes first', async () => {
  const { outcome, steps } = await record([applied({ status: 'STARTING' })], 'task');
  assert.is(outcome.item?.status, 'STARTING');
  assert.equal(
    steps.map(({ to }) => to),
    ['STARTING'],
  );
  assert.match(steps[0]?.condition, 'attribute_not_exists(#containerReadyAt)');
  assert.equal([steps[0]?.values[':address'], steps[0]?.values[':taskArn']], [facts.address, facts.taskArn]);
});

readiness('is reached by the address when that comes last', async () => {
  const { outcome, steps } = await record(
    [refused({ status: 'STARTING', containerReadyAt: 't' }), applied({ status: 'READY' })],
    'task',
  );
  assert.is(outcome.item?.status, 'READY');
  assert.equal(
    steps.map(({ to }) => to),
    ['STARTING', 'READY'],
  );
});

readiness('is not tried again for a fact that is known already', async () => {
  const { outcome, steps } = await record([refused({ status: 'STARTING' })], 'task');
  assert.equal([outcome.applied, steps.length], [false, 1]);
});

readiness('is reached when the other fact arrives between the two writes', async () => {
  const { outcome, steps } = await record(
    [
      refused({ status: 'CREATING' }),
      refused({ status: 'STARTING', address: facts.address }),
      applied({ status: 'READY' }),
    ],
    'container',
  );
  assert.is(outcome.item?.status, 'READY');
  assert.equal(
    steps.map(({ to }) => to),
    ['READY', 'STARTING', 'READY'],
  );
});

for (const status of ['READY', 'ACTIVE', 'TERMINATING', 'FAILED'] as const) {
  readiness(`changes nothing in a session that is ${status}`, async () => {
    const { outcome, steps } = await record([refused({ status })], 'container');
    assert.equal([outcome.applied, outcome.item?.status], [false, status]);
    assert.is(steps.length, 1);
  });
}

readiness('is told only by the container that the session names', async () => {
  const [started] = (await record([applied({ status: 'READY' })], 'container')).steps;
  assert.match(started?.condition, 'attribute_not_exists(#warmId)');
  const other = refused({ status: 'STARTING', address: facts.address, warmId: 'w02' });
  const { outcome, steps } = await record([other], 'container', 'w01');
  assert.match(steps[0]?.condition, '#warmId IN (:warmIdIs0)');
  assert.is(steps[0]?.values[':warmIdIs0'], 'w01');
  assert.equal([outcome.applied, outcome.item?.warmId], [false, 'w02']);
});

readiness('of a session that does not exist is recorded nowhere', async () => {
  const { outcome } = await record([conditionFailed()], 'task');
  assert.equal(outcome, { applied: false, item: undefined });
});

readiness.run();
