import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isUuid } from '../domain/ids.ts';
import { deliveryIdOf } from './delivery-id.ts';

const EVENT = { sessionId: 's1', seq: 3, at: '2026-06-01T00:00:00.000Z' };
const ids = suite('the id of a delivery');

ids('is the same for an event that is told twice, and another for all else', () => {
  const id = deliveryIdOf('w1', EVENT);
  assert.is(deliveryIdOf('w1', { ...EVENT }), id);
  const others = [
    deliveryIdOf('w2', EVENT),
    deliveryIdOf('w1', { ...EVENT, seq: 4 }),
    deliveryIdOf('w1', { ...EVENT, sessionId: 's2' }),
    // No two parts run into each other.
    deliveryIdOf('w1', { ...EVENT, sessionId: 's1 3', seq: 3 }),
  ];
  assert.is(new Set([id, ...others]).size, 5);
});

ids('is a UUID of version 7, and sorts by the time of the event', () => {
  const times = ['2025-12-31T23:59:59.999Z', '2026-06-01T00:00:00.000Z', '2026-06-01T00:00:00.001Z'];
  const made = times.map((at, seq) => deliveryIdOf('w1', { ...EVENT, at, seq }));
  assert.ok(
    made.every((id) => isUuid(id) && /^.{14}7.{4}[89ab]/.test(id)),
    `${made}`,
  );
  assert.equal(made.toSorted(), made);
});

ids('is there for an event whose time makes no sense', () => {
  for (const at of ['', 'x', '-000001-01-01T00:00:00Z'])
    assert.ok(isUuid(deliveryIdOf('w1', { ...EVENT, at })));
});

ids.run();
