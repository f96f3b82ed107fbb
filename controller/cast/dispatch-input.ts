import type {
  KeyMessage,
  MouseMessage,
  TouchMessage,
  ViewerMessage,
  WheelMessage,
} from '../../core/domain/cast-messages.ts';

export interface Command {
  readonly method: string;
  readonly params: object;
}

export type InputMessage = Extract<
  ViewerMessage,
  { readonly type: 'mouse' | 'wheel' | 'touch' | 'key' | 'compose' | 'text' }
>;

/** What a person does, as the command of Chrome's that does it. */
export function commandOf(message: InputMessage): Command {
  switch (message.type) {
    case 'mouse':
      return ofMouse(message);
    case 'wheel':
      return ofWheel(message);
    case 'touch':
      return ofTouch(message);
    case 'key':
      return ofKey(message);
    case 'compose': {
      const { length } = message.text;
      return {
        method: 'Input.imeSetComposition',
        params: { text: message.text, selectionStart: length, selectionEnd: length },
      };
    }
    case 'text':
      return { method: 'Input.insertText', params: { text: message.text } };
  }
}

const MOUSE_EVENTS = { moved: 'mouseMoved', pressed: 'mousePressed', released: 'mouseReleased' } as const;

const ofMouse = ({ event, x, y, button, buttons, clickCount, modifiers }: MouseMessage): Command => ({
  method: 'Input.dispatchMouseEvent',
  params: { type: MOUSE_EVENTS[event], x, y, button, buttons, clickCount, modifiers, pointerType: 'mouse' },
});

const ofWheel = ({ x, y, deltaX, deltaY, modifiers }: WheelMessage): Command => ({
  method: 'Input.dispatchMouseEvent',
  params: { type: 'mouseWheel', x, y, deltaX, deltaY, modifiers, pointerType: 'mouse' },
});

const TOUCH_EVENTS = {
  start: 'touchStart',
  move: 'touchMove',
  end: 'touchEnd',
  cancel: 'touchCancel',
} as const;

const ofTouch = ({ event, points, modifiers }: TouchMessage): Command => ({
  method: 'Input.dispatchTouchEvent',
  params: { type: TOUCH_EVENTS[event], touchPoints: points, modifiers },
});

function ofKey({ event, key, code, keyCode, location, isRepeat, text, modifiers }: KeyMessage): Command {
  const params = {
    key,
    code,
    windowsVirtualKeyCode: keyCode,
    location,
    modifiers,
    isKeypad: location === 3,
    autoRepeat: isRepeat,
  };
  if (event === 'up') return { method: 'Input.dispatchKeyEvent', params: { type: 'keyUp', ...params } };
  // With a text it is a key down and a character in one.
  const type = text === '' ? 'rawKeyDown' : 'keyDown';
  const editing = editingOf(key, modifiers);
  return {
    method: 'Input.dispatchKeyEvent',
    params: {
      type,
      ...params,
      ...(text === '' ? {} : { text, unmodifiedText: text }),
      ...(editing === undefined ? {} : { commands: [editing] }),
    },
  };
}

const CTRL = 2;
const META = 4;
const SHIFT = 8;
// What the keys of a desktop do in a field: Chrome gets no key bindings of a desktop by this way.
const EDITING: Readonly<Record<string, string>> = { a: 'selectAll', z: 'undo', y: 'redo', x: 'cut' };

function editingOf(key: string, modifiers: number): string | undefined {
  if ((modifiers & (CTRL | META)) === 0) return undefined;
  const name = key.toLowerCase();
  if (name === 'z' && (modifiers & SHIFT) !== 0) return 'redo';
  return Object.hasOwn(EDITING, name) ? EDITING[name] : undefined;
}
