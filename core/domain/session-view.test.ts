import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newFullSession, newSession } from '../testing/new-session.ts';
import { isTerminal, SESSION_STATUSES } from './session.ts';
import { toSessionView } from './session-view.ts';

const full = newFullSession();

const view = suite('toSessionView');

view('shows nothing of where and how it runs', () => {
  assert.not.match(
    JSON.stringify(toSessionView(full)),
    /arn:task|10\.0\.0\.5|shard|tokenKey|connectionCount|purge/,
  );
});

view('began when it was ready, and before that when it was asked for', () => {
  assert.is(toSessionView(full).startedAt, '2026-06-01T00:00:10.000Z');
  assert.is(toSessionView(newSession()).startedAt, newSession().createdAt);
});

for (const status of SESSION_STATUSES) {
  view(`${isTerminal(status) ? 'says' : 'does not say'} why it ended while it is ${status}`, () => {
    const { endReason, endDetail } = toSessionView({ ...full, status });
    assert.equal([endReason, endDetail], isTerminal(status) ? ['released', 'd'] : [undefined, undefined]);
  });
}

view('gives the metadata back as it was sent', () => {
  assert.equal(toSessionView(full).userMetadata, { a: [1, { b: null }] });
  assert.equal(toSessionView(newSession({ userMetadata: '{}' })).userMetadata, {});
  assert.not('userMetadata' in toSessionView(newSession()));
});

view.run();
