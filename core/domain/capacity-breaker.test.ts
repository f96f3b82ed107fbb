import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { afterRefusal, afterRoom, type Breaker, isOpen, mayAsk } from './capacity-breaker.ts';
import { CAPACITY } from './timing.ts';

const now = new Date('2026-06-01T00:00:00.000Z');
const later = (ms: number) => new Date(now.getTime() + ms);
const refusedTimes = (times: number): Breaker => {
  let breaker = afterRefusal(undefined, now);
  for (let done = 1; done < times; done++) breaker = afterRefusal(breaker, now);
  return breaker;
};
const waitOf = ({ nextTryAt }: Breaker) => Date.parse(nextTryAt) - now.getTime();

const breaker = suite('the breaker before ECS');

breaker('is closed until there is no room: everybody asks', () => {
  assert.is(isOpen(undefined, now), false);
  assert.is(mayAsk(undefined, 299, now), true);
});

breaker('lets only the next one ask after a refusal, and not at once', () => {
  const open = afterRefusal(undefined, now);
  assert.is(isOpen(open, now), true);
  assert.is(mayAsk(open, 0, now), false);
  const then = later(CAPACITY.refusedFirstMs);
  assert.equal(
    [0, 1].map((position) => mayAsk(open, position, then)),
    [true, false],
  );
});

breaker('asks less often with each refusal, up to a bound', () => {
  const { refusedFirstMs: first, refusedMaxMs: max } = CAPACITY;
  assert.equal(
    [1, 2, 3].map((times) => waitOf(refusedTimes(times))),
    [first, 2 * first, 4 * first],
  );
  assert.is(waitOf(refusedTimes(50)), max);
});

breaker('lets twice as many ask each time that there is room, at once, up to sixteen', () => {
  let open = afterRoom(refusedTimes(3), now);
  const widths = [open.width];
  for (let more = 0; more < 4; more++) {
    open = afterRoom(open, now);
    widths.push(open.width);
  }
  assert.equal(widths, [2, 4, 8, 16, 16]);
  assert.is(mayAsk(open, 15, now), true);
  assert.is(mayAsk(open, 16, now), false);
  assert.is(waitOf(afterRefusal(open, now)), CAPACITY.refusedFirstMs);
});

breaker('closes when nobody has asked for a while', () => {
  const open = afterRefusal(undefined, now);
  const closed = later(CAPACITY.refusedFirstMs + CAPACITY.rememberedMs);
  assert.is(isOpen(open, closed), false);
  assert.is(mayAsk(open, 299, closed), true);
  assert.is(afterRefusal(open, closed).refusals, 1);
});

breaker.run();
