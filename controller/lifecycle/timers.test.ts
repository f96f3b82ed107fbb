import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Clock } from '../../core/domain/clock.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { createTimers } from './timers.ts';

const timers = suite('timers by name');

function start() {
  const clock = createManualClock();
  const ran: string[] = [];
  const named = createTimers<'idle' | 'expiry'>(clock);
  const arm = (name: 'idle' | 'expiry', delayMs: number, what: string = name) =>
    named.arm(name, delayMs, () => ran.push(what));
  return { clock, ran, named, arm };
}

timers('run once, each at its own time', () => {
  const { clock, ran, arm } = start();
  arm('expiry', 200);
  arm('idle', 100);
  clock.advance(99);
  assert.equal(ran, []);
  clock.advance(1);
  assert.equal(ran, ['idle']);
  clock.advance(1_000);
  assert.equal(ran, ['idle', 'expiry']);
});

timers('armed again forget the time and the work they had', () => {
  const { clock, ran, arm } = start();
  arm('idle', 100, 'the first');
  arm('idle', 300, 'the second');
  clock.advance(299);
  assert.equal(ran, []);
  clock.advance(1);
  assert.equal(ran, ['the second']);
  assert.is(clock.pending(), 0);
});

timers('that are late already run at once, not in the past and not within the call', () => {
  const { clock, ran, arm } = start();
  arm('expiry', -5_000);
  assert.equal(ran, []);
  clock.advance(0);
  assert.equal(ran, ['expiry']);
  const delays: number[] = [];
  const noting: Clock = {
    now: () => 0,
    setTimer(delayMs) {
      delays.push(delayMs);
      return () => {};
    },
  };
  createTimers(noting).arm('late', -1, () => {});
  assert.equal(delays, [0]);
});

timers('are cancelled by name, also when nothing was armed', () => {
  const { clock, ran, named, arm } = start();
  named.cancel('idle');
  arm('idle', 100);
  arm('expiry', 100);
  assert.equal([named.isArmed('idle'), named.isArmed('expiry')], [true, true]);
  named.cancel('idle');
  assert.equal([named.isArmed('idle'), named.isArmed('expiry')], [false, true]);
  clock.advance(100);
  assert.equal(ran, ['expiry']);
});

timers('all cancelled leave nothing to the clock', () => {
  const { clock, ran, named, arm } = start();
  arm('idle', 100);
  arm('expiry', 200);
  named.cancelAll();
  assert.is(clock.pending(), 0);
  clock.advance(1_000);
  assert.equal(ran, []);
  arm('idle', 10);
  clock.advance(10);
  assert.equal(ran, ['idle'], 'and can be armed anew');
});

timers.run();
