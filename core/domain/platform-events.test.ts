import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newFullSession, newSession } from '../testing/new-session.ts';
import { platformEventsOf } from './platform-events.ts';

const happened = suite('platformEventsOf');

happened('says of a new session how it was asked for', () => {
  assert.equal(platformEventsOf(newSession({ contextId: 'c' })), [
    {
      number: 1,
      at: '2026-06-01T00:00:00.000Z',
      type: 'session.created',
      data: {
        keepAlive: false,
        region: 'us-west-2',
        timeoutSeconds: 600,
        expiresAt: '2026-06-01T00:10:00.000Z',
        contextId: 'c',
      },
    },
  ]);
});

happened('says of an ended one all of its life, each with its time', () => {
  assert.equal(
    platformEventsOf(newFullSession()).map(({ number, type, at }) => [number, type, at]),
    [
      [1, 'session.created', '2026-06-01T00:00:00.000Z'],
      [2, 'session.claimed', '2026-06-01T00:00:00.000Z'],
      [3, 'session.ready', '2026-06-01T00:00:10.000Z'],
      [5, 'session.ended', '2026-06-01T00:05:00.000Z'],
    ],
  );
});

happened('says why it ended, and how long it took to be ready', () => {
  const [, , ready, ended] = platformEventsOf(
    newFullSession({ endReason: 'browser_crashed', status: 'FAILED' }),
  );
  assert.equal(ready?.data, { afterMs: 10_000, isWarm: true });
  assert.equal(ended?.data, { status: 'ERROR', reason: 'browser_crashed', detail: 'd', browserMinutes: 5 });
});

happened('has no place for what did not happen: a start that failed was never ready', () => {
  const failed = newSession({
    status: 'FAILED',
    endedAt: '2026-06-01T00:00:05.000Z',
    endReason: 'start_failed',
  });
  assert.equal(
    platformEventsOf(failed).map(({ number }) => number),
    [1, 5],
  );
});

happened('says before the end that it was for want of memory', () => {
  const events = platformEventsOf(newFullSession({ endReason: 'out_of_memory', status: 'FAILED' }));
  assert.equal(
    events.slice(-2).map(({ number, type, data }) => [number, type, data.detail]),
    [
      [4, 'browser.out_of_memory', 'd'],
      [5, 'session.ended', 'd'],
    ],
  );
});

happened('lets out nothing of how the platform runs it', () => {
  const text = JSON.stringify(platformEventsOf(newFullSession()));
  for (const inner of ['arn:task', '10.0.0.5', 'w01-', 'tokenKeyId', '"a":']) assert.not.match(text, inner);
});

happened.run();
