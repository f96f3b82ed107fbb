import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import { createClientBackPressure } from './back-pressure.ts';

const holds = suite('what a client is not read for');

function start(readyState = 1) {
  const steps: string[] = [];
  const client = {
    OPEN: 1,
    readyState,
    pause: () => steps.push('pause'),
    resume: () => steps.push('resume'),
  };
  return { client, steps, backPressure: createClientBackPressure(client as unknown as WebSocket) };
}

holds('stops its reading until it is released', () => {
  const { steps, backPressure } = start();
  backPressure.hold('chrome');
  assert.equal(steps, ['pause']);
  backPressure.release('chrome');
  assert.equal(steps, ['pause', 'resume']);
});

holds('stops it until the last of two is released, in whatever order', () => {
  for (const order of [
    ['chrome', 'answers'],
    ['answers', 'chrome'],
  ] as const) {
    const { steps, backPressure } = start();
    for (const why of order) backPressure.hold(why);
    backPressure.release(order[0]);
    assert.not(steps.includes('resume'));
    backPressure.release(order[1]);
    assert.is(steps.at(-1), 'resume');
  }
});

holds('is one, however often it is asked for', () => {
  const { steps, backPressure } = start();
  for (const _ of [1, 2, 3]) backPressure.hold('chrome');
  backPressure.release('chrome');
  assert.is(steps.at(-1), 'resume');
});

holds('does not make a client go on that nobody held', () => {
  const { steps, backPressure } = start();
  backPressure.release('chrome');
  backPressure.hold('answers');
  backPressure.release('chrome');
  assert.equal(steps, ['pause']);
});

holds('is none for a client that is going: its close must be read', () => {
  for (const readyState of [0, 2, 3]) {
    const { steps, backPressure } = start(readyState);
    backPressure.hold('chrome');
    assert.equal(steps, []);
  }
});

holds('are all released when the client is sent away, and forgotten', () => {
  const { steps, client, backPressure } = start();
  for (const why of ['chrome', 'answers'] as const) backPressure.hold(why);
  client.readyState = 2;
  backPressure.releaseAll();
  assert.is(steps.at(-1), 'resume');
  const before = steps.length;
  for (const why of ['chrome', 'answers'] as const) backPressure.release(why);
  assert.is(steps.length, before);
});

holds.run();
