import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newSession } from '../../testing/new-session.ts';
import { createFakeTable } from '../testing/fake-client.ts';
import { getSession } from './get-session.ts';
import { getSessionRoute } from './get-session-route.ts';

const reads = suite('reads of a session');

reads('are consistent', async () => {
  const sessions = createFakeTable([{ Item: newSession() }, { Item: {} }], 'sessions');
  assert.equal(await getSession(sessions, 's1'), newSession());
  await getSessionRoute(sessions, 's1');
  for (const { input } of sessions.sent) {
    assert.equal([input.TableName, input.Key, input.ConsistentRead], ['sessions', { sessionId: 's1' }, true]);
  }
});

reads('are undefined when there is none', async () => {
  const sessions = createFakeTable([{}, {}]);
  assert.is(await getSession(sessions, 's1'), undefined);
  assert.is(await getSessionRoute(sessions, 's1'), undefined);
});

reads(
  'for a route ask for what leads to the container and joins the router’s lines to a create, and nothing else',
  async () => {
    const route = { projectId: 'p1', status: 'READY', address: { host: '10.0.0.1', port: 9223 } };
    const sessions = createFakeTable([{ Item: route }]);
    assert.equal(await getSessionRoute(sessions, 's1'), route);
    const { input } = sessions.sent[0] ?? {};
    assert.is(input.ProjectionExpression, 'projectId, #status, address, endReason, requestId, traceparent');
    assert.equal(input.ExpressionAttributeNames, { '#status': 'status' });
  },
);

reads.run();
