import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createFakeClient, failureOf } from '../testing/fake-client.ts';
import { putLifecycleEvent } from './put-lifecycle-event.ts';

const event = {
  sessionId: 's1',
  projectId: 'p1',
  status: 'READY',
  previousStatus: 'STARTING',
  endReason: null,
  at: '2026-06-01T00:00:00.000Z',
};

const events = suite('putLifecycleEvent');

events('puts one entry, dated by the step itself', async () => {
  const { client, sent } = createFakeClient<EventBridgeClient>([{ FailedEntryCount: 0 }]);
  await putLifecycleEvent({ client, busName: 'bus' }, event);
  const [entry] = sent[0]?.input.Entries ?? [];
  assert.equal(
    [entry.EventBusName, entry.Source, entry.DetailType],
    ['bus', 'wallcrawler', 'Session State Change'],
  );
  assert.equal(entry.Time, new Date(event.at));
  assert.equal(JSON.parse(entry.Detail), event);
});

events('is a failure when EventBridge takes the call and refuses the entry', async () => {
  const answer = { FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException' }] };
  const { client } = createFakeClient<EventBridgeClient>([answer]);
  const failure = await failureOf(putLifecycleEvent({ client, busName: 'bus' }, event));
  assert.equal([failure.name, failure.message], ['EventsRefusedError', 'ThrottlingException']);
});

events.run();
