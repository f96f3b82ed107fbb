import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createBackPressure } from './back-pressure.ts';

const pressure = suite('the back-pressure on Chrome');

/** Channels that are behind or not, and so many calls that wait; answers what the pipe was told, in order. */
function start(channels: readonly boolean[], calls = 0) {
  const steps: string[] = [];
  const state = { channels: new Set(channels.map((behind) => ({ isBehind: () => behind }))), calls };
  const pipe = { pause: () => void steps.push('pause'), resume: () => void steps.push('resume') };
  const backPressure = createBackPressure(pipe, state.channels, { size: () => state.calls });
  backPressure.update();
  return { steps, state, backPressure };
}

for (const [what, channels, calls, isHeldBack] of [
  ['nobody is connected', [], 0, false],
  ['the only client keeps up', [false], 0, false],
  ['the only client is behind', [true], 0, true],
  ['the only client is behind, but the controller waits for an answer', [true], 1, false],
  ['one of two clients is behind', [true, false], 0, false],
  ['both clients are behind', [true, true], 0, false],
] as const) {
  pressure(`${isHeldBack ? 'holds it back' : 'lets it go on'} when ${what}`, () => {
    const { steps, backPressure } = start(channels, calls);
    assert.equal([steps, backPressure.isHeldBack()], [isHeldBack ? ['pause'] : [], isHeldBack]);
  });
}

pressure('pauses and resumes once each, however often it is asked', () => {
  const { steps, state, backPressure } = start([true]);
  backPressure.update();
  state.calls = 1;
  for (const _ of [1, 2]) backPressure.update();
  assert.equal(steps, ['pause', 'resume']);
});

pressure.run();
