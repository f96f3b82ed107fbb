import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { ChromeRefusedError } from '../chrome/pending-calls.ts';
import type { Frame } from './frame.ts';
import { Screencast } from './screencast.ts';

const INTERVAL_MS = 66;

const settled = () => new Promise(setImmediate);

/** `refusals`: what Chrome says to the first commands. */
function setUp(refusals: string[] = []) {
  const clock = createManualClock();
  const faults: string[] = [];
  const asked: string[] = [];
  const cast = new Screencast({
    clock,
    call: async (method) => {
      asked.push(method);
      const refusal = refusals.shift();
      if (refusal !== undefined) throw new ChromeRefusedError(refusal);
      return {};
    },
    onFault: (error) => void faults.push(String(error)),
  });
  const viewer = () => {
    const seen: number[] = [];
    const sink = { seen, showFrame: ({ number }: Frame) => void seen.push(number) };
    cast.add(sink);
    return sink;
  };
  /** Chrome has a picture. */
  const paint = () =>
    cast.take({ data: '', sessionId: 1, metadata: { deviceWidth: 1_280, deviceHeight: 720 } } as never);
  const acks = () => asked.filter((method) => method === 'Page.screencastFrameAck').length;
  return { clock, asked, cast, viewer, paint, acks, faults };
}

const t = suite('a screencast');

t('is one for however many watch, and none when nobody does', () => {
  const { asked, cast, viewer, paint } = setUp();
  assert.equal(asked, []);
  const viewers = Array.from({ length: 20 }, viewer);
  assert.equal(asked, ['Page.startScreencast']);
  paint();
  assert.equal(
    viewers.map(({ seen }) => seen),
    Array(20).fill([1]),
  );
  for (const each of viewers) cast.remove(each);
  assert.equal(asked, ['Page.startScreencast', 'Page.stopScreencast']);
  paint();
  assert.equal(viewers[0]?.seen, [1], 'one that was on its way is nobody’s');
  viewer();
  assert.is(asked.at(-1), 'Page.startScreencast');
});

const INACTIVE = 'Not attached to an active page';
const START = 'Page.startScreencast';

t('is asked for again while its page is on its way to another address', async () => {
  const { clock, asked, viewer, paint, faults } = setUp([INACTIVE, INACTIVE]);
  const { seen } = viewer();
  for (const starts of [1, 2, 3, 3]) {
    await settled();
    assert.equal(asked, Array(starts).fill(START));
    clock.advance(100);
  }
  paint();
  assert.equal([seen, faults], [[1], []]);
});

t('is asked for no more when nobody watches, and once when somebody comes again', async () => {
  const { clock, asked, cast, viewer } = setUp([INACTIVE]);
  const sink = viewer();
  await settled();
  cast.remove(sink);
  clock.advance(1_000);
  assert.equal(asked, [START, 'Page.stopScreencast']);
  viewer();
  clock.advance(1_000);
  assert.equal(asked.slice(2), [START]);
});

t('that Chrome refuses for another reason is a fault', async () => {
  const { clock, asked, viewer, faults } = setUp(['Not allowed']);
  viewer();
  await settled();
  clock.advance(1_000);
  assert.equal([asked, faults], [[START], ['ChromeRefusedError: Not allowed']]);
});

t('shows who comes later what there is', () => {
  const { viewer, paint } = setUp();
  viewer();
  paint();
  assert.equal(viewer().seen, [1]);
});

t('asks for the next picture 66 ms after this one, at the soonest', () => {
  const { clock, cast, viewer, paint, acks } = setUp();
  const one = viewer();
  paint();
  cast.acknowledge(one, 1);
  clock.advance(INTERVAL_MS - 1);
  assert.is(acks(), 0);
  clock.advance(1);
  assert.is(acks(), 1);
});

t('asks for it when the fastest viewer has this one, or after a second', () => {
  const { clock, cast, viewer, paint, acks } = setUp();
  const [fast] = [viewer(), viewer()];
  paint();
  clock.advance(INTERVAL_MS);
  assert.is(acks(), 0);
  cast.acknowledge(fast, 1);
  assert.is(acks(), 1);
  paint();
  clock.advance(999);
  assert.is(acks(), 1);
  clock.advance(1);
  assert.is(acks(), 2);
});

t('gives a slow viewer the newest picture when it is ready', () => {
  const { cast, viewer, paint } = setUp();
  const [slow, fast] = [viewer(), viewer()];
  for (const number of [1, 2, 3]) {
    paint();
    cast.acknowledge(fast, number);
  }
  assert.equal([slow.seen, fast.seen], [[1], [1, 2, 3]]);
  cast.acknowledge(slow, 1);
  assert.equal(slow.seen, [1, 3]);
  cast.acknowledge(slow, 1);
  assert.equal(slow.seen, [1, 3], 'what it acknowledges twice was one picture');
});

t('has pictures with their number and what they show', () => {
  const { cast } = setUp();
  let frame: Frame | undefined;
  cast.add({
    showFrame: (shown) => {
      frame = shown;
    },
  });
  const data = Buffer.from('jpeg').toString('base64');
  cast.take({ data, sessionId: 1, metadata: { deviceWidth: 400.4, deviceHeight: 800 } } as never);
  const { message } = frame as Frame;
  assert.equal(
    [
      message.readUInt32BE(0),
      message.readUInt16BE(4),
      message.readUInt16BE(6),
      message.subarray(8).toString(),
    ],
    [1, 400, 800, 'jpeg'],
  );
});

t.run();
