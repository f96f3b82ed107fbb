import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SaveProgress } from './save-progress.ts';

const progress = suite('how far a save has come');

function start() {
  const clock = { ms: 5_000, now: () => clock.ms };
  return { clock, progress: new SaveProgress(clock) };
}

progress('is not said before it has begun', () => {
  assert.is(start().progress.describe(), undefined);
});

progress('is how much of how much in how long', () => {
  const { clock, progress } = start();
  progress.begin('sent', 75_000_000);
  progress.add(65_000_000);
  progress.add(900_000);
  clock.ms += 66_049;
  assert.is(progress.describe(), '65.9 MB of 75.0 MB were sent in 66.0 s');
});

progress('is said in kB when it is little', () => {
  const { progress } = start();
  progress.begin('packed', 12_001);
  assert.is(progress.describe(), '0 kB of 13 kB were packed in 0.0 s');
});

progress('begins at nothing with every step and attempt', () => {
  const { clock, progress } = start();
  progress.begin('packed', 3_000_000);
  progress.add(3_000_000);
  for (const _ of ['first', 'second']) {
    clock.ms += 9_000;
    progress.begin('sent', 2_000_000);
    clock.ms += 1_000;
    progress.add(1_000_000);
  }
  assert.is(progress.describe(), '1.0 MB of 2.0 MB were sent in 1.0 s');
});

progress.run();
