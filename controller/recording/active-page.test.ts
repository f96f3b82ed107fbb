import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { ActivePage } from './active-page.ts';

const following = suite('the page that is recorded');

function start() {
  const clock = createManualClock();
  const changes: (string | undefined)[] = [];
  const active = new ActivePage(clock, (targetId) => changes.push(targetId));
  /** A client speaks to these pages, one every 100 ms. */
  const speak = (ms: number, ...targetIds: readonly string[]) => {
    for (let spent = 0; spent < ms; spent += 100 * targetIds.length)
      for (const targetId of targetIds) {
        active.spoken(targetId);
        clock.advance(100);
      }
  };
  return { clock, changes, active, speak };
}

following('is the first that is spoken to, at once, and stays it while it is', () => {
  const { changes, speak } = start();
  speak(60_000, 'A');
  assert.equal(changes, ['A']);
});

following('is none when nobody has said anything for ten seconds, and again with the next word', () => {
  const { clock, changes, active, speak } = start();
  speak(1_000, 'A');
  clock.advance(9_000);
  assert.equal(changes, ['A']);
  clock.advance(3_000);
  assert.equal(changes, ['A', undefined]);
  active.spoken('A');
  assert.equal(changes, ['A', undefined, 'A']);
});

following('changes to another one when the first is left alone for a second', () => {
  const { changes, speak } = start();
  speak(3_000, 'A');
  speak(500, 'B');
  assert.equal(changes, ['A']);
  speak(2_000, 'B');
  assert.equal(changes, ['A', 'B']);
});

following('does not change for a word to another one in between', () => {
  const { changes, active, speak } = start();
  speak(2_000, 'A');
  active.spoken('B');
  speak(15_000, 'A');
  assert.equal(changes, ['A']);
});

following('is each of two in turns while both are spoken to', () => {
  const { changes, speak } = start();
  speak(70_000, 'A', 'B');
  assert.equal(changes, ['A', 'B', 'A', 'B']);
});

following('is the other one when it is closed, or none', () => {
  const { changes, active, speak } = start();
  speak(500, 'A');
  active.spoken('B');
  active.gone('A');
  active.gone('B');
  assert.equal(changes, ['A', 'B', undefined]);
});

following('is none after the end, and no timer waits', () => {
  const { clock, changes, active, speak } = start();
  speak(500, 'A');
  active.stop();
  assert.equal([changes, clock.pending()], [['A', undefined], 0]);
});

following.run();
