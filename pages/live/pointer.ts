import type { MOUSE_BUTTONS, ViewerMessage } from '../../core/domain/cast-messages.ts';
import { elements } from './elements.ts';
import { modifiersOf } from './keyboard.ts';
import { pageScale, toPage } from './picture.ts';

const { picture, keys } = elements;
const WHEEL_MS = 50;
/** Of `MouseEvent.button`. */
const BUTTONS = [
  'left',
  'middle',
  'right',
  'back',
  'forward',
] as const satisfies readonly (typeof MOUSE_BUTTONS)[number][];
const LINE_PIXELS = 40;

/** Bits of `MouseEvent.buttons`: they are in another order. */
const HELD = { left: 1, right: 2, middle: 4, back: 8, forward: 16 } as const;

const heldButton = (buttons: number) => BUTTONS.find((name) => (buttons & HELD[name]) !== 0) ?? 'none';

/** Hands on what mouse and fingers do on the picture. */
export function sendPointer(send: (message: ViewerMessage) => void): void {
  sendMouse(send);
  sendWheel(send);
  sendTouches(send);
}

function sendMouse(send: (message: ViewerMessage) => void): void {
  let moved: MouseEvent | undefined;
  const flush = () => {
    if (moved === undefined) return;
    const event = moved;
    moved = undefined;
    send({
      type: 'mouse',
      event: 'moved',
      ...toPage(event),
      button: heldButton(event.buttons),
      buttons: event.buttons & 31,
      clickCount: 0,
      modifiers: modifiersOf(event),
    });
  };
  const press = (event: MouseEvent, name: 'pressed' | 'released') => {
    flush();
    send({
      type: 'mouse',
      event: name,
      ...toPage(event),
      button: BUTTONS[event.button] ?? 'none',
      buttons: event.buttons & 31,
      clickCount: Math.min(event.detail, 3),
      modifiers: modifiersOf(event),
    });
  };
  picture.addEventListener('mousedown', (event) => {
    event.preventDefault();
    keys.focus({ preventScroll: true });
    press(event, 'pressed');
    // Wherever it is let go: a selection may end outside of the picture.
    window.addEventListener('mouseup', (up) => press(up, 'released'), { once: true });
  });
  window.addEventListener('mousemove', (event) => {
    if (event.target !== picture && event.buttons === 0) return;
    // One for each of our own pictures: the last one counts.
    if (moved === undefined) requestAnimationFrame(flush);
    moved = event;
  });
  picture.addEventListener('contextmenu', (event) => event.preventDefault());
  picture.addEventListener('auxclick', (event) => event.preventDefault());
}

function sendWheel(send: (message: ViewerMessage) => void): void {
  let sum = { x: 0, y: 0 };
  let timer: ReturnType<typeof setTimeout> | undefined;
  picture.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const unit = [1, LINE_PIXELS, picture.clientHeight][event.deltaMode] ?? 1;
      sum = { x: sum.x + event.deltaX * unit, y: sum.y + event.deltaY * unit };
      if (timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        const { x, y } = sum;
        sum = { x: 0, y: 0 };
        const scale = pageScale();
        send({
          type: 'wheel',
          ...toPage(event),
          deltaX: x / scale,
          deltaY: y / scale,
          modifiers: modifiersOf(event),
        });
      }, WHEEL_MS);
    },
    { passive: false },
  );
}

const TOUCHES = { touchstart: 'start', touchmove: 'move', touchend: 'end', touchcancel: 'cancel' } as const;

function sendTouches(send: (message: ViewerMessage) => void): void {
  for (const name of Object.keys(TOUCHES) as (keyof typeof TOUCHES)[])
    picture.addEventListener(
      name,
      (event) => {
        event.preventDefault();
        if (name === 'touchend') keys.focus({ preventScroll: true });
        const points = [...event.targetTouches].slice(0, 10).map((touch) => ({
          id: Math.abs(touch.identifier) % 1_000,
          ...toPage(touch),
        }));
        send({ type: 'touch', event: TOUCHES[name], points, modifiers: modifiersOf(event) });
      },
      { passive: false },
    );
}
