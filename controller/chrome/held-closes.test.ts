import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createHeldCloses } from './held-closes.ts';

function start() {
  const written: string[] = [];
  let drains = 0;
  const closes = createHeldCloses(
    (message) => {
      written.push(String(message));
      return true;
    },
    () => {
      drains += 1;
    },
  );
  return { closes, written, drains: () => drains };
}

const held = suite('commands that close pages');

held('pass while nothing holds them', () => {
  const { closes, written } = start();
  assert.is(closes.write('close', 'Target.closeTarget'), true);
  const release = closes.hold();
  release();
  assert.is(closes.write('again', 'Page.close'), true);
  assert.equal(written, ['close', 'again']);
});

for (const method of [
  'Target.closeTarget',
  'Page.close',
  'Target.disposeBrowserContext',
  'Target.detachFromTarget',
  'Browser.close',
]) {
  held(`wait while they are held: ${method}`, () => {
    const { closes, written, drains } = start();
    const release = closes.hold();
    assert.is(closes.write('other', 'Page.navigate'), true);
    assert.is(closes.write('close', method), false);
    assert.equal(written, ['other']);
    release();
    assert.equal([written, drains()], [['other', 'close'], 1]);
  });
}

held('keep all that comes after them in order, whatever it is', () => {
  const { closes, written } = start();
  const release = closes.hold();
  assert.is(closes.write('close', 'Page.close'), false);
  assert.is(closes.write('next', 'Page.navigate'), false);
  assert.is(closes.write('large', undefined), false);
  release();
  closes.write('last', 'Page.navigate');
  assert.equal(written, ['close', 'next', 'large', 'last']);
});

held(
  'keep nothing of the controller’s own waiting but what closes: the start itself comes after them',
  () => {
    const { closes, written } = start();
    const release = closes.hold();
    closes.write('close', 'Page.close');
    closes.writeOwn('start', 'Page.startScreenRecording');
    closes.writeOwn('detach', 'Target.detachFromTarget');
    assert.equal(written, ['start']);
    release();
    assert.equal(written, ['start', 'close', 'detach']);
  },
);

held('wait for all who hold them, each of whom lets go once', () => {
  const { closes, written } = start();
  const [one, other] = [closes.hold(), closes.hold()];
  closes.write('close', 'Page.close');
  one();
  one();
  assert.equal(written, []);
  other();
  assert.equal(written, ['close']);
});

held.run();
