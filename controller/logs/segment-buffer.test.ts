import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { type Segment, SegmentBuffer } from './segment-buffer.ts';

const buffers = suite('rows that become segments');

function start() {
  const clock = createManualClock();
  const segments: Segment[] = [];
  const buffer = new SegmentBuffer(clock, (segment) => segments.push(segment), {
    segmentBytes: 10,
    segmentMs: 30_000,
  });
  return { clock, segments, buffer };
}

buffers('are one when they are large enough', () => {
  const { clock, segments, buffer } = start();
  for (const line of ['1234\n', '5678\n', '9\n']) buffer.add(line, line.length);
  assert.equal(segments, [{ text: '1234\n5678\n', rowCount: 2 }]);
  buffer.flush();
  assert.equal(segments[1], { text: '9\n', rowCount: 1 });
  assert.is(clock.pending(), 0);
});

buffers('are one when the first of them is old enough, and none is none', () => {
  const { clock, segments, buffer } = start();
  buffer.flush();
  clock.advance(60_000);
  assert.equal(segments, []);
  buffer.add('a\n', 2);
  clock.advance(20_000);
  buffer.add('b\n', 2);
  clock.advance(10_000);
  assert.equal(segments, [{ text: 'a\nb\n', rowCount: 2 }]);
  assert.is(clock.pending(), 0, 'a log in which nothing happens costs nothing');
});

buffers.run();
