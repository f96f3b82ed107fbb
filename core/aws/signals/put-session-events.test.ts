import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SessionEvent } from '../../domain/session-event.ts';
import { createFakeClient } from '../testing/fake-client.ts';
import { putSessionEvents } from './put-session-events.ts';

const event = (sequence: number): SessionEvent => ({
  sessionId: 's1',
  projectId: 'p1',
  sequence,
  at: '2026-06-01T00:00:00.000Z',
  category: 'client',
  type: 'client.connected',
  data: { clients: 1 },
});
const put = async (answer: object, ...events: readonly SessionEvent[]) => {
  const { client, sent } = createFakeClient<EventBridgeClient>([answer]);
  return { outcome: await putSessionEvents({ client, busName: 'bus' }, events), sent };
};

const events = suite('putSessionEvents');

events('puts an entry for each, dated by the event, with the version of its schema', async () => {
  const { outcome, sent } = await put({ FailedEntryCount: 0 }, event(1), event(2));
  const [entry, ...more] = sent[0]?.input.Entries ?? [];
  assert.equal([outcome, more.length], [{ taken: 2 }, 1]);
  assert.equal([entry.EventBusName, entry.Source, entry.DetailType], ['bus', 'wallcrawler', 'Session Event']);
  assert.equal(entry.Time, new Date(event(1).at));
  assert.equal(JSON.parse(entry.Detail), {
    schemaVersion: 1,
    projectId: 'p1',
    seq: 1,
    sessionId: 's1',
    at: '2026-06-01T00:00:00.000Z',
    category: 'client',
    type: 'client.connected',
    data: { clients: 1 },
  });
});

events('says up to which the bus has taken them, where it refuses one', async () => {
  const answer = {
    FailedEntryCount: 1,
    Entries: [{ EventId: 'e' }, { ErrorCode: 'Throttling' }, { EventId: 'f' }],
  };
  const { outcome } = await put(answer, event(1), event(2), event(3));
  assert.equal(outcome, { taken: 1, fault: 'Throttling' });
});

events.run();
