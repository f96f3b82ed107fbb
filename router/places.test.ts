import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createPlaces } from './places.ts';
import { REFUSALS, type RefusedError } from './refusals.ts';

const refusedWith = (refusal: object) => (error: RefusedError) => error.refusal === refusal;

const places = suite('createPlaces');

places('are given to as many as there are, and again when one goes', () => {
  const { take, count } = createPlaces({ maxSockets: 2, maxSocketsPerSession: 2 });
  const giveBack = take('a');
  take('b');
  assert.throws(() => take('c'), refusedWith(REFUSALS.tooManySockets));
  giveBack();
  take('c');
  assert.is(count(), 2);
});

places('are not all for one session', () => {
  const { take } = createPlaces({ maxSockets: 10, maxSocketsPerSession: 2 });
  const giveBack = take('a');
  take('a');
  assert.throws(() => take('a'), refusedWith(REFUSALS.tooManyOfSession));
  take('b');
  giveBack();
  take('a');
  assert.throws(() => take('a'), refusedWith(REFUSALS.tooManyOfSession));
});

places.run();
