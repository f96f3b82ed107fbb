import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createPlaces } from './places.ts';
import { REFUSALS, type RefusedError } from './refusals.ts';

const refusedWith = (refusal: object) => (error: RefusedError) => error.refusal === refusal;

const places = suite('createPlaces');

places('are given to as many as there are, and again when one goes', () => {
  const { take, count } = createPlaces({ maxSockets: 2, maxSocketsPerSession: 2, maxRequestsPerSession: 2 });
  const giveBack = take('a', 'socket');
  take('b', 'socket');
  assert.throws(() => take('c', 'socket'), refusedWith(REFUSALS.tooManySockets));
  giveBack();
  take('c', 'socket');
  assert.is(count(), 2);
});

places('are not all for one session', () => {
  const { take } = createPlaces({ maxSockets: 10, maxSocketsPerSession: 2, maxRequestsPerSession: 3 });
  const giveBack = take('a', 'socket');
  take('a', 'socket');
  assert.throws(() => take('a', 'socket'), refusedWith(REFUSALS.tooManyOfSession));
  take('b', 'socket');
  giveBack();
  take('a', 'socket');
  assert.throws(() => take('a', 'socket'), refusedWith(REFUSALS.tooManyOfSession));
});

places('of its requests are others than those of its sockets', () => {
  const { take } = createPlaces({ maxSockets: 10, maxSocketsPerSession: 1, maxRequestsPerSession: 2 });
  take('a', 'request');
  take('a', 'request');
  assert.throws(() => take('a', 'request'), refusedWith(REFUSALS.tooManyOfSession));
  take('a', 'socket');
});

places.run();
