import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createRandom, drawMs } from './random.ts';
import { Timeline } from './timeline.ts';

const timeline = suite('a timeline');

timeline('runs by time, and what is at the same time as it was put in', () => {
  const line = new Timeline();
  const random = createRandom(3);
  const times = Array.from({ length: 500 }, () => Math.floor(random() * 50));
  const seen: [number, number][] = [];
  for (const [index, atMs] of times.entries()) line.at(atMs, (nowMs) => seen.push([nowMs, index]));
  line.runUntil(100);
  assert.equal(
    seen,
    times.map((atMs, index): [number, number] => [atMs, index]).sort(([a, i], [b, j]) => a - b || i - j),
  );
});

timeline('runs what is put in meanwhile, and nothing from its end on', () => {
  const line = new Timeline();
  const seen: number[] = [];
  const again = (nowMs: number) => {
    seen.push(nowMs);
    line.at(nowMs + 10, again);
  };
  line.at(0, again);
  line.runUntil(30);
  assert.equal(seen, [0, 10, 20]);
});

timeline.run();

// ---

const luck = suite('luck');

luck('is the same in every run, and another for another seed', () => {
  const draw = (seed: number) => Array.from({ length: 3 }, createRandom(seed));
  assert.equal(draw(1), draw(1));
  assert.not.equal(draw(1), draw(2));
});

luck('of times has the median and the slow end that were asked for', () => {
  const random = createRandom(1);
  const spread = { medianMs: 25_000, p95Ms: 45_000 };
  const sorted = Array.from({ length: 20_000 }, () => drawMs(random, spread)).sort((a, b) => a - b);
  for (const [part, wanted] of [
    [0.5, 25_000],
    [0.95, 45_000],
  ] as const)
    assert.ok(Math.abs((sorted[part * sorted.length] ?? 0) / wanted - 1) < 0.02, `${part}`);
});

luck.run();
