import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LIVE_STATUSES, SESSION_STATUSES, statusesBefore } from '../../domain/session.ts';
import { newSession } from '../../testing/new-session.ts';
import { conditionFailed, createFakeTable } from '../testing/fake-client.ts';
import { type SessionStep, stepSession } from './step-session.ts';

const at = new Date('2026-06-01T00:01:00.000Z');

async function inputOf(step: Omit<SessionStep, 'at'>) {
  const sessions = createFakeTable([{ Attributes: newSession() }], 'sessions');
  await stepSession(sessions, 's1', { ...step, at });
  const { input } = sessions.sent[0] ?? {};
  const values: Record<string, unknown> = input.ExpressionAttributeValues;
  const from = Object.entries(values).flatMap(([name, value]) =>
    name.startsWith(':statusIs') ? [value] : [],
  );
  return { condition: input.ConditionExpression as string, values, from };
}

const steps = suite('stepSession');

for (const to of SESSION_STATUSES.filter((status) => status !== 'CREATING')) {
  steps(`goes to ${to} from where the state machine allows it, and nowhere else`, async () => {
    const { from, values } = await inputOf({ to, set: {} });
    assert.equal(from, statusesBefore(to));
    assert.is(values[':status'], to);
  });
}

steps('without a status asks only that the session lives, and leaves its status', async () => {
  const { from, values } = await inputOf({ set: { connectionCount: 1 } });
  assert.equal(from, LIVE_STATUSES);
  assert.is(values[':connectionCount'], 1);
  assert.not(':status' in values);
});

steps('may be narrowed, never widened', async () => {
  const { from } = await inputOf({ to: 'READY', set: {}, from: ['ACTIVE', 'STOPPED'] });
  assert.equal(from, ['ACTIVE']);
});

steps('notes when, by the clock of its caller', async () => {
  const { values } = await inputOf({ to: 'READY', set: {} });
  assert.is(values[':updatedAt'], at.toISOString());
});

steps('asks for the fields that must be there, and those that must not', async () => {
  const { condition } = await inputOf({ to: 'READY', set: {}, present: ['address'], absent: ['endReason'] });
  assert.match(condition, 'attribute_exists(#address) AND attribute_not_exists(#endReason)');
});

steps('of a container is taken only while the session names that container', async () => {
  const claimed = await inputOf({ set: {}, container: { warmId: 'w01' } });
  assert.match(claimed.condition, '#warmId IN (:warmIdIs0)');
  assert.is(claimed.values[':warmIdIs0'], 'w01');
  const cold = await inputOf({ set: {}, absent: ['endReason'], container: { warmId: undefined } });
  assert.match(cold.condition, 'attribute_not_exists(#endReason) AND attribute_not_exists(#warmId)');
});

steps('that is not legal any more answers the session as it is', async () => {
  const over = newSession({ status: 'STOPPED' });
  const sessions = createFakeTable([conditionFailed({ ...over })]);
  const outcome = await stepSession(sessions, 's1', { to: 'READY', set: {}, at });
  assert.equal(outcome, { applied: false, item: over });
});

steps.run();
