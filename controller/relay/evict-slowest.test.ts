import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evictSlowest } from './evict-slowest.ts';
import type { Relay } from './relay.ts';

const eviction = suite('evictSlowest');

/** Relays with so much unsent; `closed` are the indexes of those that had to go, in order. */
function relaysWith(unsent: readonly number[]) {
  const closed: number[] = [];
  const relays = unsent.map(
    (unsentBytes, index): Relay => ({
      close: () => closed.push(index),
      cut() {},
      unsentBytes: () => unsentBytes,
    }),
  );
  return { relays, closed };
}

for (const [what, unsent, sender, bytes, hasRoom, gone] of [
  ['lets a message pass that fits', [40, 10], 1, 50, true, []],
  ['lets a message pass that is too large alone, when nothing waits', [0, 0], 0, 500, true, []],
  ['closes the slowest, not the one that is sent to', [90, 1, 5], 1, 10, true, [0]],
  ['closes as many as it takes, the slowest first', [30, 40, 20, 0], 3, 50, true, [1]],
  ['closes two for a large one', [30, 40, 20, 0], 3, 75, true, [1, 0]],
  ['closes the one that is sent to when it is the slowest', [10, 90], 1, 10, false, [1]],
  ['closes all that wait for a message that is too large alone', [10, 20, 0], 2, 500, true, [1, 0]],
] as const) {
  eviction(what, () => {
    const { relays, closed } = relaysWith(unsent);
    assert.is(evictSlowest(relays, relays[sender] as Relay, { bytes, maxBytes: 100 }), hasRoom);
    assert.equal(closed, [...gone]);
  });
}

eviction.run();
