import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createConnectionSlots } from './connection-slots.ts';
import { REFUSALS, type RefusedError } from './refusals.ts';

const refusedWith = (refusal: object) => (error: RefusedError) => error.refusal === refusal;

const slots = suite('createConnectionSlots');

slots('are given to as many as there are, and again when one goes', () => {
  const { take, count } = createConnectionSlots({
    maxSockets: 2,
    maxSocketsPerSession: 2,
    maxRequestsPerSession: 2,
  });
  const giveBack = take('a', 'socket');
  take('b', 'socket');
  assert.throws(() => take('c', 'socket'), refusedWith(REFUSALS.tooManySockets));
  giveBack();
  take('c', 'socket');
  assert.is(count(), 2);
});

slots('are not all for one session', () => {
  const { take } = createConnectionSlots({
    maxSockets: 10,
    maxSocketsPerSession: 2,
    maxRequestsPerSession: 3,
  });
  const giveBack = take('a', 'socket');
  take('a', 'socket');
  assert.throws(() => take('a', 'socket'), refusedWith(REFUSALS.tooManyOfSession));
  take('b', 'socket');
  giveBack();
  take('a', 'socket');
  assert.throws(() => take('a', 'socket'), refusedWith(REFUSALS.tooManyOfSession));
});

slots('of its requests are others than those of its sockets', () => {
  const { take } = createConnectionSlots({
    maxSockets: 10,
    maxSocketsPerSession: 1,
    maxRequestsPerSession: 2,
  });
  take('a', 'request');
  take('a', 'request');
  assert.throws(() => take('a', 'request'), refusedWith(REFUSALS.tooManyOfSession));
  take('a', 'socket');
});

slots.run();
