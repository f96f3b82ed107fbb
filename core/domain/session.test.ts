import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { browserMinutesOf } from './browser-minutes.ts';
import { isEndReason, statusAfter } from './end-reason.ts';
import {
  canStep,
  isTerminal,
  LIVE_STATUSES,
  purgeAtOf,
  SESSION_STATUSES,
  statusesBefore,
  statusesSeenAs,
  toPublicStatus,
} from './session.ts';

const states = suite('session states');

states('walk the documented path', () => {
  const path = ['CREATING', 'STARTING', 'READY', 'ACTIVE', 'READY', 'TERMINATING'] as const;
  for (const [index, from] of path.slice(0, -1).entries()) {
    assert.ok(canStep(from, path[index + 1] ?? 'STOPPED'), `${from} -> ${path[index + 1]}`);
  }
  for (const end of ['STOPPED', 'FAILED', 'TIMED_OUT'] as const) assert.ok(canStep('TERMINATING', end));
});

states('never leave a terminal state', () => {
  for (const from of SESSION_STATUSES.filter(isTerminal)) {
    for (const to of SESSION_STATUSES) assert.not(canStep(from, to), `${from} -> ${to}`);
  }
});

states('never go back to an earlier state, but for ACTIVE to READY', () => {
  for (const [index, from] of SESSION_STATUSES.entries()) {
    for (const to of SESSION_STATUSES.slice(0, index + 1)) {
      assert.is(canStep(from, to), from === 'ACTIVE' && to === 'READY', `${from} -> ${to}`);
    }
  }
});

states('reach every end from every live state', () => {
  for (const end of ['STOPPED', 'FAILED', 'TIMED_OUT'] as const) {
    assert.equal(statusesBefore(end), LIVE_STATUSES);
  }
});

states('are seen from outside as the contract says', () => {
  assert.equal(statusesSeenAs('PENDING'), ['CREATING', 'STARTING']);
  assert.equal(statusesSeenAs('RUNNING'), ['READY', 'ACTIVE', 'TERMINATING']);
  assert.is(toPublicStatus('STOPPED'), 'COMPLETED');
  assert.is(toPublicStatus('FAILED'), 'ERROR');
  assert.is(toPublicStatus('TIMED_OUT'), 'TIMED_OUT');
});

states.run();

// ---

const reasons = suite('end reasons');

reasons('lead to the status the contract expects', () => {
  assert.is(statusAfter('released'), 'STOPPED');
  assert.is(statusAfter('disconnected'), 'STOPPED');
  assert.is(statusAfter('timed_out'), 'TIMED_OUT');
  assert.is(statusAfter('browser_crashed'), 'FAILED');
});

reasons('are recognised by name only', () => {
  assert.ok(isEndReason('idle'));
  for (const other of ['toString', '__proto__', '', 7, null]) assert.not(isEndReason(other));
});

reasons.run();

// ---

const usage = suite('usage');

usage('counts begun minutes from READY, one at least, none if never ready', () => {
  const startedAt = '2026-01-01T00:00:00.000Z';
  assert.is(browserMinutesOf({ startedAt }, '2026-01-01T00:00:01.000Z'), 1);
  assert.is(browserMinutesOf({ startedAt }, '2026-01-01T00:01:00.000Z'), 1);
  assert.is(browserMinutesOf({ startedAt }, '2026-01-01T00:01:00.001Z'), 2);
  assert.is(browserMinutesOf({}, '2026-01-01T00:10:00.000Z'), 0);
});

usage('keeps history for 30 days after the end', () => {
  assert.is(purgeAtOf('2026-01-01T00:00:00.000Z'), Date.parse('2026-01-31T00:00:00.000Z') / 1000);
});

usage.run();
