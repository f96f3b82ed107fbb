import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isWatching, readViewerMessage, ViewerMessageError } from './read-viewer-message.ts';

const MOUSE = {
  type: 'mouse',
  event: 'pressed',
  x: 1.5,
  y: 2,
  button: 'left',
  buttons: 1,
  clickCount: 1,
  modifiers: 0,
};
const WHEEL = { type: 'wheel', x: 1, y: 2, deltaX: 0, deltaY: -120, modifiers: 8 };
const TOUCH = { type: 'touch', event: 'start', points: [{ id: 0, x: 1, y: 2 }], modifiers: 0 };
const KEY = {
  ...{ type: 'key', event: 'down', key: 'a', code: 'KeyA', keyCode: 65, location: 0 },
  ...{ isRepeat: false, text: 'a', modifiers: 0 },
};
const DIALOG = { type: 'dialog', isAccepted: true, text: '' };

const read = (message: object) => readViewerMessage(JSON.stringify(message));
const t = suite('a message of a viewer');

for (const message of [
  ...[MOUSE, WHEEL, TOUCH, KEY, DIALOG],
  { type: 'ack', number: 7 },
  { type: 'watch', pageId: 'A' },
  { type: 'compose', text: '日本' },
  { type: 'text', text: '한국어' },
  { type: 'copy' },
  { type: 'navigate', url: 'https://a.example/' },
  { type: 'history', steps: -1 },
  { type: 'reload' },
  { type: 'pick', values: ['1'] },
  { type: 'files', chooserId: 'c1', fileIds: ['f1'] },
  { type: 'files', chooserId: 'c1', fileIds: [] },
]) {
  t(`is read: ${message.type}`, () => assert.equal(read(message), message));
}

t('has nothing that was not asked for', () => {
  assert.equal(read({ ...MOUSE, method: 'Browser.close', sessionId: 'x' }), MOUSE);
});

t('only watches, or acts', () => {
  const watching = ['ack', 'watch'];
  for (const message of [MOUSE, WHEEL, TOUCH, KEY, DIALOG]) assert.not(isWatching(read(message)));
  assert.ok(
    isWatching(read({ type: 'ack', number: 1 })) && isWatching(read({ type: 'watch', pageId: 'A' })),
    `${watching}`,
  );
});

for (const [message, sentence] of [
  [null, 'A message must be an object'],
  [[], 'A message must be an object'],
  [{}, /^type must be one of ack, watch, mouse, /],
  [{ type: '__proto__' }, /^type must be/],
  [{ type: 'toString' }, /^type must be/],
  [{ ...MOUSE, x: '1' }, 'x must be a number from -100000 to 100000'],
  [{ ...MOUSE, x: 1e9 }, 'x must be a number from -100000 to 100000'],
  [{ ...MOUSE, y: null }, 'y must be a number from -100000 to 100000'],
  [{ ...MOUSE, event: 'dragged' }, 'event must be one of moved, pressed, released'],
  [{ ...MOUSE, button: 'any' }, /^button must be one of none, left/],
  [{ ...MOUSE, buttons: 32 }, 'buttons must be a number from 0 to 31'],
  [{ ...MOUSE, clickCount: 1.5 }, 'clickCount must be a whole number'],
  [{ ...MOUSE, modifiers: 16 }, 'modifiers must be a number from 0 to 15'],
  [{ ...TOUCH, points: Array(11).fill({ id: 0, x: 0, y: 0 }) }, 'points must be a list of at most 10 points'],
  [{ ...TOUCH, points: [1] }, 'points must be a list of at most 10 points'],
  [{ ...KEY, text: 'abcde' }, 'text must be a text of at most 4 characters'],
  [{ ...KEY, key: 'k'.repeat(65) }, 'key must be a text of at most 64 characters'],
  [{ ...KEY, isRepeat: 1 }, 'isRepeat must be true or false'],
  [{ type: 'text', text: 'a'.repeat(50_001) }, 'text must be a text of at most 50000 characters'],
  [{ type: 'pick', values: 'a' }, 'values must be a list of at most 1000 texts'],
  [{ type: 'pick', values: [1] }, '0 must be a text of at most 4096 characters'],
  [{ type: 'navigate', url: 'a'.repeat(2_049) }, 'url must be a text of at most 2048 characters'],
  [{ type: 'ack', number: -1 }, 'number must be a number from 0 to 4294967295'],
] as const) {
  t(`is refused: ${JSON.stringify(message)?.slice(0, 60)}`, () => {
    assert.throws(
      () => readViewerMessage(JSON.stringify(message)),
      (error: Error) =>
        error instanceof ViewerMessageError &&
        (typeof sentence === 'string' ? error.message === sentence : sentence.test(error.message)),
    );
  });
}

t('is refused when it is no JSON', () => {
  assert.throws(() => readViewerMessage('{'), /A message must be JSON/);
});

t.run();
