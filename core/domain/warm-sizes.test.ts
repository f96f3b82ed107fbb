import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { minimumAt, parseWarmSizes, type WarmHours } from './warm-sizes.ts';

const office: WarmHours = { from: '08:00', to: '18:00', days: ['mon', 'fri'], min: 4 };
const night: WarmHours = { from: '22:00', to: '06:00', days: ['fri'], min: 2 };
// 2026-06-01 is a Monday.
const at = (time: string) => new Date(`2026-06-${time}:00Z`);
const minimum = (schedule: readonly WarmHours[], time: string) => minimumAt({ min: 1, schedule }, at(time));

const hours = suite('the minimum of an hour');

hours('is the schedule’s from the first minute to before the last, in UTC, on its days', () => {
  assert.is(minimum([office], '01T07:59'), 1);
  assert.is(minimum([office], '01T08:00'), 4);
  assert.is(minimum([office], '01T17:59'), 4);
  assert.is(minimum([office], '01T18:00'), 1);
  assert.is(minimum([office], '02T12:00'), 1, 'a Tuesday');
});

hours('goes on over midnight', () => {
  for (const [time, min] of [
    ['05T21:59', 1],
    ['05T22:00', 2],
    ['06T05:59', 2],
    ['06T06:00', 1],
    ['05T03:00', 1],
  ] as const)
    assert.is(minimum([night], time), min, time);
});

hours('may be below the usual one, and of two that hold the larger counts', () => {
  assert.is(minimum([{ ...office, min: 0 }], '01T12:00'), 0);
  assert.is(minimum([office, { ...office, min: 7 }], '01T12:00'), 7);
  assert.is(minimum([{ from: '00:00', to: '24:00', days: ['mon'], min: 3 }], '01T23:59'), 3);
});

hours.run();

// ---

const sizes = suite('sizes of the warm pool');
const good = { min: 1, max: 5, schedule: [office, night] };
const faultOf = (changes: object): string => {
  try {
    parseWarmSizes({ ...good, ...changes });
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};

sizes('are taken as they are', () => assert.equal(parseWarmSizes(good), good));

sizes('that cannot be meant are refused', () => {
  assert.match(faultOf({ min: 6 }), 'not above its max');
  for (const change of [{ min: -1 }, { max: 1.5 }, { max: '5' }, { max: 1000 }])
    assert.match(faultOf(change), 'whole numbers');
  for (const entry of [{ from: '8:00' }, { to: '24:01' }, { days: ['monday'] }, { min: -1 }, { days: 'mon' }])
    assert.match(faultOf({ schedule: [{ ...office, ...entry }] }), 'must have a schedule');
});

sizes.run();
