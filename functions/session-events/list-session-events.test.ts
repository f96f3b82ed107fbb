import type { Readable } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EventQuery } from '../../core/aws/events/list-events.ts';
import type { Session } from '../../core/domain/session.ts';
import type { SessionEvent } from '../../core/domain/session-event.ts';
import { EVENT_STREAM } from '../../core/domain/timing.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { type ListSessionEventsQuery, listSessionEvents } from './list-session-events.ts';

const NOW_MS = Date.parse('2026-06-01T00:00:00Z');
const ID = '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11';

const event = (sequence: number, changes: Partial<SessionEvent> = {}): SessionEvent => ({
  sessionId: ID,
  projectId: 'p1',
  sequence,
  at: 't',
  category: 'client',
  type: 'client.connected',
  data: { clients: sequence },
  ...changes,
});
const end = (sequence: number) => event(sequence, { category: 'session', type: 'session.ended', data: {} });

interface Asking {
  readonly query?: ListSessionEventsQuery;
  readonly headers?: Readonly<Record<string, string>>;
  readonly stored?: SessionEvent[];
  readonly hasLeft?: () => boolean;
}

function ask(
  session: Session | undefined,
  { query = {}, headers = {}, stored = [], ...caller }: Asking = {},
) {
  const asked: [string, EventQuery][] = [];
  const clock = createManualClock(NOW_MS);
  const log = recordLog();
  const table: { fault?: Error } = {};
  const answer = listSessionEvents({
    clock,
    logger: log.logger,
    getSession: async () => session,
    listEvents: async (sessionId, wanted) => {
      asked.push([sessionId, wanted]);
      if (table.fault !== undefined) throw table.fault;
      return stored.filter(({ sequence }) => sequence > wanted.after).slice(0, wanted.limit);
    },
  })(
    newRequest({
      pathId: ID,
      query,
      headers,
      caller: { hasLeft: () => false, onLeave: () => undefined, ...caller },
    }) as never,
  );
  return { answer, asked, clock, stored, table, log };
}

/** The texts of a followed answer as they come, with the clock moved on as often as it waits. */
async function readTexts(
  stream: Readable | undefined,
  clock: ReturnType<typeof createManualClock>,
  onSecond: (second: number) => void = () => undefined,
): Promise<string[]> {
  const texts: string[] = [];
  let second = 0;
  const moving = setInterval(() => {
    if (clock.pending() === 0) return;
    onSecond(++second);
    clock.advance(1_000);
  }, 0);
  for await (const chunk of stream ?? []) texts.push(String(chunk));
  clearInterval(moving);
  return texts;
}
const idsIn = (texts: readonly string[]) =>
  texts.flatMap((text) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id)));

const lists = suite('listSessionEvents');

const running = newSession({ sessionId: ID, status: 'READY' });
const SSE = { accept: 'text/event-stream' };

lists('answers a bare array, in which nothing is of another project', async () => {
  const { answer, asked } = ask(running, { stored: [event(1)] });
  assert.equal((await answer).body, [
    { seq: 1, sessionId: ID, at: 't', category: 'client', type: 'client.connected', data: { clients: 1 } },
  ]);
  assert.equal(asked, [[ID, { after: 0, limit: 100, category: undefined }]]);
});

lists('goes on after the last that was read, with the category that was asked for', async () => {
  const { answer, asked } = ask(running, { query: { after: '41', limit: '7', category: 'crash' } });
  assert.equal((await answer).body, []);
  assert.equal(asked, [[ID, { after: 41, limit: 7, category: 'crash' }]]);
});

lists("is 404 for what is not there and for what is another project's, and reads no events", async () => {
  for (const headers of [{}, SSE]) {
    for (const session of [undefined, newSession({ sessionId: ID, projectId: 'p2' })]) {
      const { answer, asked } = ask(session, { headers });
      const { status, message } = await appErrorOf(answer);
      assert.equal([status, message, asked], [404, `No session ${ID} in this project`, []]);
    }
  }
});

lists('is followed from what is there to the end of the session, each event once', async () => {
  const { answer, clock, stored } = ask(running, { headers: SSE, stored: [event(1), event(2)] });
  const { status, headers, stream } = await answer;
  assert.equal([status, headers?.['content-type']], [200, 'text/event-stream']);
  const texts = await readTexts(stream, clock, (second) => {
    if (second === 3) stored.push(event(3), event(4));
    if (second === 5) stored.push(end(5));
  });
  assert.equal(idsIn(texts), [1, 2, 3, 4, 5]);
  assert.is(texts[0], 'retry: 1000\n\n');
  assert.match(texts.join(''), `id: 3\ndata: {"seq":3,"sessionId":"${ID}",`);
});

lists(
  'ends a followed answer in time, with signs of life before; the next goes on where it ended',
  async () => {
    const { answer, clock, stored } = ask(running, { headers: SSE, stored: [event(1)] });
    const texts = await readTexts((await answer).stream, clock);
    assert.is(texts.filter((text) => text === ':\n\n').length, 3);
    assert.is(clock.now() - NOW_MS, EVENT_STREAM.answerMs);
    stored.push(event(2), end(3));
    // As an EventSource asks again: with the URL of its beginning.
    const again = ask(running, { headers: { ...SSE, 'last-event-id': '1' }, query: { after: '0' }, stored });
    assert.equal(idsIn(await readTexts((await again.answer).stream, again.clock)), [2, 3]);
  },
);

lists('follows a category, and ends with the session all the same', async () => {
  const stored = [event(1), event(2, { category: 'page', type: 'page.opened' }), event(3), end(4)];
  const { answer, clock } = ask(running, { headers: SSE, query: { category: 'client' }, stored });
  assert.equal(idsIn(await readTexts((await answer).stream, clock)), [1, 3]);
});

lists('is 204 where there is no more to come, which ends an EventSource', async () => {
  const ended = newSession({ sessionId: ID, status: 'STOPPED', endedAt: new Date(NOW_MS).toISOString() });
  const seen = { headers: { ...SSE, 'last-event-id': '2' }, stored: [event(1), end(2)] };
  assert.is((await ask(ended, seen).answer).status, 204);
  const endedAt = new Date(NOW_MS - EVENT_STREAM.lateMs - 1).toISOString();
  assert.is((await ask({ ...ended, endedAt }, { headers: SSE }).answer).status, 204, 'it never had any');
  assert.is((await ask(ended, { headers: SSE }).answer).status, 200, 'they may still come');
});

lists('takes no Last-Event-ID but that of an event', async () => {
  for (const id of ['x', '-1', '1.5', '999999999', '1 2']) {
    const { status, message } = await appErrorOf(
      ask(running, { headers: { ...SSE, 'last-event-id': id } }).answer,
    );
    assert.equal([status, message], [400, 'headers/last-event-id must be the id of an event']);
  }
});

lists('reads no more once nobody does', async () => {
  let left = false;
  const { answer, clock, asked } = ask(running, { headers: SSE, stored: [event(1)], hasLeft: () => left });
  await readTexts((await answer).stream, clock, (second) => {
    left = second === 2;
  });
  assert.ok(asked.length <= 4, String(asked.length));
});

lists('ends where the table cannot be read on, and says so in the log', async () => {
  const { answer, clock, table, log } = ask(running, { headers: SSE, stored: [event(1)] });
  const texts = await readTexts((await answer).stream, clock, () => {
    table.fault = new Error('throttled');
  });
  assert.equal(idsIn(texts), [1]);
  assert.match(log.text(), 'throttled');
});

lists.run();
