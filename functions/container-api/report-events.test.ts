import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Told } from '../../core/aws/events/append-events.ts';
import type { Session } from '../../core/domain/session.ts';
import type { NewEvent } from '../../core/domain/session-event.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { reportEvents } from './report-events.ts';
import { authentication, containerRequest, NOW } from './testing/container-request.ts';

const ready = (changes: Partial<Session> = {}) =>
  newSession({
    status: 'READY',
    createdAt: '2026-05-31T23:59:00.000Z',
    startedAt: NOW.toISOString(),
    ...changes,
  });
const connected = (changes: Partial<NewEvent> = {}): NewEvent => ({
  number: 1,
  at: '2026-05-31T23:59:30.000Z',
  type: 'client.connected',
  data: { clients: 1 },
  ...changes,
});

function report(session: Session | undefined, events: readonly NewEvent[], warmId?: string) {
  const stored: Told[] = [];
  const answer = reportEvents({
    ...authentication,
    getSession: async () => session,
    appendEvents: async (owner, told) => {
      assert.equal([owner.sessionId, owner.projectId], ['s1', 'p1']);
      stored.push(...told);
    },
  })(containerRequest({ events }, warmId));
  return { answer, stored };
}

const reports = suite('reportEvents');

reports(
  'stores what a container tells, after what the session says of itself, and answers as all routes do',
  async () => {
    const { answer, stored } = report(ready(), [connected()]);
    assert.is(((await answer).body as Session).status, 'READY');
    assert.equal(
      stored.map(({ by, events }) => [by, events.map(({ type }) => type)]),
      [
        ['platform', ['session.created', 'session.ready']],
        [{ containerId: 'own' }, ['client.connected']],
      ],
    );
  },
);

reports('keeps the events of a claimed container apart from those of one before it', async () => {
  const { answer, stored } = report(ready({ warmId: 'w01-1' }), [connected()], 'w01-1');
  await answer;
  assert.equal(stored[1]?.by, { containerId: 'w01-1' });
});

for (const [what, at, expected] of [
  ['the future', '2030-01-01T00:00:00.000Z', NOW.toISOString()],
  ['before its session', '1970-01-01T00:00:00.000Z', '2026-05-31T23:59:00.000Z'],
  ['no time', 'yesterday', NOW.toISOString()],
] as const) {
  reports(`believes no clock that says ${what}`, async () => {
    const { answer, stored } = report(ready(), [connected({ at })]);
    await answer;
    assert.is(stored[1]?.events[0]?.at, expected);
  });
}

reports('stores nothing of a report in which one event is wrong, and names it', async () => {
  const wrong = { number: 2, at: 't', type: 'client.connected', data: { clients: 'many' } } as const;
  const { answer, stored } = report(ready(), [connected(), wrong]);
  const { status, message } = await appErrorOf(answer);
  assert.is(status, 400);
  assert.match(message, /^body\/events\/1\/data\/clients must be a number/);
  assert.equal(stored, []);
});

reports('takes no event that only the platform tells', async () => {
  const { answer } = report(ready(), [connected({ type: 'session.ended', data: {} })]);
  assert.match((await appErrorOf(answer)).message, /^body\/events\/0\/type/);
});

for (const [what, session, code] of [
  ['of a session that is gone', undefined, 'SESSION_NOT_FOUND'],
  ['of one that has ended', ready({ status: 'STOPPED' }), 'SESSION_HAS_ENDED'],
  ['of one that has another container', ready({ warmId: 'w02-2' }), 'SESSION_HAS_ENDED'],
] as const) {
  reports(`stores nothing ${what}`, async () => {
    const { answer, stored } = report(session, [connected()]);
    assert.is((await appErrorOf(answer)).code, code);
    assert.equal(stored, []);
  });
}

reports.run();
