import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { KeyMessage } from '../../core/domain/cast-messages.ts';
import { commandOf } from './dispatch-input.ts';

const KEY: KeyMessage = {
  ...({ type: 'key', event: 'down', key: 'a', code: 'KeyA', keyCode: 65, location: 0 } as const),
  ...{ isRepeat: false, text: 'a', modifiers: 0 },
};
const paramsOf = (message: Parameters<typeof commandOf>[0]) =>
  commandOf(message).params as Record<string, unknown>;

const t = suite('what a person does');

t('is a key that writes', () => {
  const { type, text, windowsVirtualKeyCode, commands } = paramsOf(KEY);
  assert.equal([type, text, windowsVirtualKeyCode, commands], ['keyDown', 'a', 65, undefined]);
  assert.is(paramsOf({ ...KEY, event: 'up' }).type, 'keyUp');
});

t('is a key that writes nothing', () => {
  const { type, text } = paramsOf({ ...KEY, key: 'ArrowDown', text: '' });
  assert.equal([type, text], ['rawKeyDown', undefined]);
});

for (const [key, modifiers, command] of [
  ['a', 2, 'selectAll'],
  ['A', 4, 'selectAll'],
  ['z', 2, 'undo'],
  ['Z', 10, 'redo'],
  ['y', 2, 'redo'],
  ['x', 4, 'cut'],
] as const) {
  t(`edits a field as a desktop does: ${key} with ${modifiers}`, () => {
    assert.equal(paramsOf({ ...KEY, key, text: '', modifiers }).commands, [command]);
  });
}

t('is no command where no modifier is down', () => {
  assert.is(paramsOf({ ...KEY, key: 'z' }).commands, undefined);
});

t('is a mouse, a wheel, fingers, a composition, a text', () => {
  const at = { x: 1, y: 2, modifiers: 0 };
  const mouse = { type: 'mouse', event: 'moved', button: 'left', buttons: 1, clickCount: 0, ...at } as const;
  assert.is(paramsOf(mouse).type, 'mouseMoved');
  assert.is(paramsOf({ type: 'wheel', deltaX: 0, deltaY: 3, ...at }).type, 'mouseWheel');
  const touch = { type: 'touch', event: 'start', points: [{ id: 1, x: 1, y: 2 }], modifiers: 0 } as const;
  assert.equal(paramsOf(touch), { type: 'touchStart', touchPoints: [{ id: 1, x: 1, y: 2 }], modifiers: 0 });
  assert.equal(commandOf({ type: 'compose', text: '日本' }), {
    method: 'Input.imeSetComposition',
    params: { text: '日本', selectionStart: 2, selectionEnd: 2 },
  });
  assert.equal(commandOf({ type: 'text', text: 'a' }), { method: 'Input.insertText', params: { text: 'a' } });
});

t.run();
