import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventQuery } from '../../core/aws/events/list-events.ts';
import type { Session } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { type ListSessionEventsQuery, listSessionEvents } from './list-session-events.ts';

const ID = '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11';

function list(session: Session | undefined, query: ListSessionEventsQuery = {}) {
  const asked: [string, EventQuery][] = [];
  const answer = listSessionEvents({
    getSession: async () => session,
    listEvents: async (sessionId, wanted) => {
      asked.push([sessionId, wanted]);
      const sequence = wanted.after + 1;
      const common = { sessionId, projectId: 'p1', sequence, at: 't' };
      return [{ ...common, category: 'client', type: 'client.connected', data: { clients: 1 } }];
    },
  })(newRequest({ pathId: ID, query }) as never);
  return { answer, asked };
}

const lists = suite('listSessionEvents');

lists('answers a bare array, in which nothing is of another project', async () => {
  const { answer, asked } = list(newSession({ sessionId: ID }));
  assert.equal((await answer).body, [
    { seq: 1, sessionId: ID, at: 't', category: 'client', type: 'client.connected', data: { clients: 1 } },
  ]);
  assert.equal(asked, [[ID, { after: 0, limit: 100, category: undefined }]]);
});

lists('goes on after the last that was read, with the category that was asked for', async () => {
  const { answer, asked } = list(newSession({ sessionId: ID }), {
    after: '41',
    limit: '7',
    category: 'crash',
  });
  assert.equal(((await answer).body as { seq: number }[])[0]?.seq, 42);
  assert.equal(asked, [[ID, { after: 41, limit: 7, category: 'crash' }]]);
});

lists("is 404 for what is not there and for what is another project's, and reads no events", async () => {
  for (const session of [undefined, newSession({ sessionId: ID, projectId: 'p2' })]) {
    const { answer, asked } = list(session);
    const { status, message } = await appErrorOf(answer);
    assert.equal([status, message, asked], [404, `No session ${ID} in this project`, []]);
  }
});

lists.run();
