import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { type DeadlineRules, Deadlines } from './deadlines.ts';

const MINUTE_MS = 60_000;

function start(rules: Partial<DeadlineRules> = {}) {
  const clock = createManualClock();
  const ends: string[] = [];
  const details: string[] = [];
  const deadlines = new Deadlines(
    clock,
    {
      keepAlive: false,
      expiresAtMs: clock.now() + 60 * MINUTE_MS,
      connectDeadlineMs: 5 * MINUTE_MS,
      idleTimeoutMs: 10 * MINUTE_MS,
      reconnectGraceMs: MINUTE_MS,
      ...rules,
    },
    {
      onEnd(reason, detail) {
        ends.push(reason);
        if (detail !== undefined) details.push(detail);
      },
    },
  );
  deadlines.start();
  return { clock, deadlines, ends, details };
}

const plain = suite('deadlines');

plain('ends when nobody connects in time, and not a moment before', () => {
  const { clock, ends } = start();
  clock.advance(5 * MINUTE_MS - 1);
  assert.equal(ends, []);
  clock.advance(1);
  assert.equal(ends, ['never_connected']);
});

plain('ends when the last of several clients leaves', () => {
  const { deadlines, ends } = start();
  for (const count of [1, 2, 1]) deadlines.clientsChanged(count);
  assert.equal(ends, []);
  deadlines.clientsChanged(0);
  assert.equal(ends, ['disconnected']);
});

plain('waits for a client that a restart sent away, and not for ever', () => {
  const { clock, deadlines, ends } = start();
  deadlines.clientsChanged(1);
  deadlines.clientsChanged(0, true);
  clock.advance(MINUTE_MS - 1);
  assert.equal(ends, []);
  clock.advance(1);
  assert.equal(ends, ['disconnected']);
});

plain('waits for it too when another client leaves by itself meanwhile', () => {
  const { clock, deadlines, ends } = start();
  deadlines.clientsChanged(2);
  deadlines.clientsChanged(1, true);
  clock.advance(MINUTE_MS / 2);
  deadlines.clientsChanged(0);
  assert.equal(ends, []);
  clock.advance(MINUTE_MS / 2);
  assert.equal(ends, ['disconnected']);
});

plain('waits for the second of two that were sent away, when the first has come and gone', () => {
  const { clock, deadlines, ends } = start();
  deadlines.clientsChanged(2);
  for (const count of [1, 0]) deadlines.clientsChanged(count, true);
  clock.advance(MINUTE_MS / 4);
  for (const count of [1, 0]) deadlines.clientsChanged(count);
  clock.advance(MINUTE_MS / 4);
  assert.equal(ends, []);
  clock.advance(MINUTE_MS / 2);
  assert.equal(ends, ['disconnected']);
});

plain('ends as always when the client that came back leaves by itself', () => {
  const { clock, deadlines, ends } = start();
  deadlines.clientsChanged(1);
  deadlines.clientsChanged(0, true);
  clock.advance(MINUTE_MS / 4);
  deadlines.clientsChanged(1);
  clock.advance(MINUTE_MS / 4);
  assert.equal(ends, []);
  deadlines.clientsChanged(0);
  assert.equal(ends, ['disconnected'], 'at once: nobody is awaited any more');
});

plain('ends when the clients send nothing for too long', () => {
  const { clock, deadlines, ends, details } = start();
  deadlines.clientsChanged(1);
  clock.advance(9 * MINUTE_MS);
  deadlines.noteActivity();
  clock.advance(9 * MINUTE_MS);
  assert.equal(ends, []);
  clock.advance(MINUTE_MS);
  assert.equal([ends, details], [['idle'], ['No client sent a command for 600 s']]);
});

plain('counts a new client as activity', () => {
  const { clock, deadlines, ends } = start();
  deadlines.clientsChanged(1);
  clock.advance(9 * MINUTE_MS);
  deadlines.clientsChanged(2);
  clock.advance(9 * MINUTE_MS);
  assert.equal(ends, []);
});

plain('ends at its timeout, however busy', () => {
  const { clock, deadlines, ends } = start();
  deadlines.clientsChanged(1);
  for (let minute = 0; minute < 60; minute += 1) {
    assert.equal(ends, []);
    deadlines.noteActivity();
    clock.advance(MINUTE_MS);
  }
  assert.equal(ends, ['timed_out']);
});

plain('moves its timeout', () => {
  const { clock, deadlines, ends } = start();
  deadlines.clientsChanged(1);
  deadlines.moveExpiry(clock.now() + 2 * MINUTE_MS);
  deadlines.moveExpiry(Number.NaN);
  clock.advance(2 * MINUTE_MS);
  assert.equal(ends, ['timed_out']);
});

plain('ends once, and leaves no timer', () => {
  const { clock, deadlines, ends } = start();
  deadlines.clientsChanged(1);
  deadlines.clientsChanged(0);
  clock.advance(120 * MINUTE_MS);
  deadlines.clientsChanged(1);
  deadlines.clientsChanged(0);
  assert.equal(ends, ['disconnected']);
  assert.is(clock.pending(), 0);
});

plain('has a client that came and went before the start', () => {
  const clock = createManualClock();
  const ends: string[] = [];
  const rules = {
    keepAlive: false,
    expiresAtMs: 1e12,
    connectDeadlineMs: 1e6,
    idleTimeoutMs: 1e6,
    reconnectGraceMs: 1e6,
  };
  const deadlines = new Deadlines(clock, rules, { onEnd: (r) => ends.push(r) });
  deadlines.clientsChanged(1);
  deadlines.clientsChanged(0);
  assert.equal(ends, []);
  deadlines.start();
  assert.equal(ends, ['disconnected']);
});

plain.run();

const kept = suite('deadlines with keepAlive');

kept('stays when the last client leaves, for eleven minutes and more', () => {
  const { clock, deadlines, ends } = start({ keepAlive: true, idleTimeoutMs: null });
  deadlines.clientsChanged(1);
  deadlines.clientsChanged(0);
  clock.advance(11 * MINUTE_MS);
  deadlines.clientsChanged(1);
  clock.advance(9 * MINUTE_MS);
  assert.equal(ends, []);
});

kept('lets a silent client be until its timeout', () => {
  const { clock, deadlines, ends } = start({ keepAlive: true, idleTimeoutMs: null });
  deadlines.clientsChanged(1);
  clock.advance(60 * MINUTE_MS - 1);
  assert.equal(ends, []);
  clock.advance(1);
  assert.equal(ends, ['timed_out']);
});

kept('ends by an idle limit of its own, whether its clients are silent or gone', () => {
  for (const counts of [[1], [1, 0]]) {
    const { clock, deadlines, ends } = start({ keepAlive: true, idleTimeoutMs: 2 * MINUTE_MS });
    for (const count of counts) deadlines.clientsChanged(count);
    clock.advance(MINUTE_MS);
    deadlines.noteActivity();
    clock.advance(2 * MINUTE_MS - 1);
    assert.equal(ends, []);
    clock.advance(1);
    assert.equal(ends, ['idle']);
  }
});

kept('does not count a client that comes back as idle', () => {
  const { clock, deadlines, ends } = start({ keepAlive: true, idleTimeoutMs: 2 * MINUTE_MS });
  for (const count of [1, 0]) deadlines.clientsChanged(count);
  clock.advance(MINUTE_MS);
  deadlines.clientsChanged(1);
  clock.advance(2 * MINUTE_MS - 1);
  assert.equal(ends, []);
});

kept('waits for its first client by the connect deadline, however short the idle limit', () => {
  const { clock, ends } = start({ keepAlive: true, idleTimeoutMs: MINUTE_MS });
  clock.advance(5 * MINUTE_MS);
  assert.equal(ends, ['never_connected']);
});

kept('still ends when nobody ever connects, and at its timeout', () => {
  const lonely = start({ keepAlive: true });
  lonely.clock.advance(5 * MINUTE_MS);
  assert.equal(lonely.ends, ['never_connected']);
  const used = start({ keepAlive: true, idleTimeoutMs: null });
  used.deadlines.clientsChanged(1);
  used.deadlines.clientsChanged(0);
  used.clock.advance(60 * MINUTE_MS);
  assert.equal(used.ends, ['timed_out']);
});

kept.run();
