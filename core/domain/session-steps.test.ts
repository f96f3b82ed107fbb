import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  canStep,
  isConnectable,
  isTerminal,
  LIVE_STATUSES,
  PUBLIC_STATUSES,
  SESSION_STATUSES,
  type SessionStatus,
  statusesBefore,
  statusesSeenAs,
  toPublicStatus,
} from './session.ts';

// A row for each status, a column for each that may follow, in the order of SESSION_STATUSES: x is one legal step.
const TABLE = `
  CREATING      . x x . x x x x
  STARTING      . . x . x x x x
  READY         . . . x x x x x
  ACTIVE        . . x . x x x x
  TERMINATING   . . . . . x x x
  STOPPED       . . . . . . . .
  FAILED        . . . . . . . .
  TIMED_OUT     . . . . . . . .
`;

const rows = TABLE.trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/) as [SessionStatus, ...string[]]);

const steps = suite('the steps of a session');

steps('are all in the table', () => {
  assert.equal(
    rows.map(([from]) => from),
    [...SESSION_STATUSES],
  );
});

for (const [from, ...marks] of rows) {
  for (const [index, to] of SESSION_STATUSES.entries()) {
    steps(`from ${from} to ${to} are ${marks[index] === 'x' ? 'legal' : 'refused'}`, () => {
      assert.is(canStep(from, to), marks[index] === 'x');
      assert.is(
        statusesBefore(to).includes(from),
        marks[index] === 'x',
        'and so is the condition of the write',
      );
    });
  }
}

steps('never lead to where a session begins', () => {
  assert.equal(statusesBefore('CREATING'), []);
});

steps('lead from every status to an end, so that none is stuck', () => {
  for (const status of LIVE_STATUSES) {
    assert.ok(
      SESSION_STATUSES.some((to) => isTerminal(to) && canStep(status, to)),
      status,
    );
  }
});

steps('leave no status to which none leads, but the first', () => {
  const unreachable = SESSION_STATUSES.filter((status) => statusesBefore(status).length === 0);
  assert.equal(unreachable, ['CREATING']);
});

steps.run();

// ---

const kinds = suite('the kinds of status');

for (const [status, shown, connectable, terminal] of [
  ['CREATING', 'PENDING', false, false],
  ['STARTING', 'PENDING', false, false],
  ['READY', 'RUNNING', true, false],
  ['ACTIVE', 'RUNNING', true, false],
  ['TERMINATING', 'RUNNING', false, false],
  ['STOPPED', 'COMPLETED', false, true],
  ['FAILED', 'ERROR', false, true],
  ['TIMED_OUT', 'TIMED_OUT', false, true],
] as const) {
  kinds(`show ${status} as ${shown}`, () => {
    assert.is(toPublicStatus(status), shown);
    assert.equal([isConnectable(status), isTerminal(status)], [connectable, terminal]);
    assert.is(LIVE_STATUSES.includes(status as never), !terminal);
  });
}

kinds('are each seen as exactly one: a list by status leaves none out and names none twice', () => {
  const seen = PUBLIC_STATUSES.flatMap(statusesSeenAs);
  assert.equal(seen.toSorted(), [...SESSION_STATUSES].toSorted());
});

kinds.run();
