import type { Picker } from '../../core/domain/cast-messages.ts';
import { CAST_LIMITS } from './limits.ts';
import type { FrameRef, PageFrames } from './page-frames.ts';

/** What is under the mouse. */
export interface Look {
  readonly cursor: string;
  /** Of a field whose choice no picture shows; null elsewhere. */
  readonly picker: Picker | null;
  /** The document that it is in. */
  readonly frame: FrameRef;
}

/** Where a document lies in another one: how far from its top left, and how much larger or smaller. */
interface Place {
  readonly left: number;
  readonly top: number;
  readonly scaleX: number;
  readonly scaleY: number;
}

const HERE: Place = { left: 0, top: 0, scaleX: 1, scaleY: 1 };

/**
 * Runs in a world of a document's own. Frames of the same origin are looked into from here; of one of another origin it says
 * where it is (`inner`), and it is asked by itself. `isPress`: the field that is found is the one that is chosen in.
 */
const LOOK = `(x, y, isPress, maxOptions, maxCharacters) => {
  const cut = (text) => String(text ?? '').slice(0, maxCharacters);
  // Of what is seen of a page that is shown larger or smaller than it is.
  const at = { left: -visualViewport.offsetLeft, top: -visualViewport.offsetTop, scaleX: 1, scaleY: 1 };
  const deepest = (root) => {
    const [innerX, innerY] = [(x - at.left) / at.scaleX, (y - at.top) / at.scaleY];
    let found = root.elementFromPoint(innerX, innerY);
    for (;;) {
      const inner = found?.shadowRoot?.elementFromPoint(innerX, innerY);
      if (!inner || inner === found) return found;
      found = inner;
    }
  };
  const enter = (frame) => {
    const box = frame.getBoundingClientRect(), style = frame.ownerDocument.defaultView.getComputedStyle(frame);
    const [scaleX, scaleY] = [box.width / frame.offsetWidth || 1, box.height / frame.offsetHeight || 1];
    at.left += (box.left + (frame.clientLeft + parseFloat(style.paddingLeft)) * scaleX) * at.scaleX;
    at.top += (box.top + (frame.clientTop + parseFloat(style.paddingTop)) * scaleY) * at.scaleY;
    at.scaleX *= scaleX; at.scaleY *= scaleY;
  };
  let element = null;
  for (let root = document; root !== null; ) {
    const found = deepest(root);
    if (found === null) break;
    element = found; root = null;
    if (!/^I?FRAME$/.test(found.tagName)) break;
    enter(found);
    try { root = found.contentDocument; } catch {}
    if (root === null) {
      globalThis[isPress ? '__pressed' : '__hovered'] = found;
      return { cursor: 'default', picker: null, inner: at };
    }
  }
  if (element === null) return { cursor: 'default', picker: null };
  const view = element.ownerDocument.defaultView;
  // Its last word is the one that Chrome falls back to: an address of the page's choice is not for who watches.
  let cursor = view.getComputedStyle(element).cursor.slice(-40).match(/[a-z-]+$/)?.[0] ?? 'default';
  if (cursor === 'auto') {
    const isText = element.matches('textarea, [contenteditable=""], [contenteditable="true"], input:not([type]), input[type="text"], input[type="search"], input[type="email"], input[type="password"], input[type="url"], input[type="tel"], input[type="number"]');
    cursor = element.closest('a[href]') ? 'pointer' : isText ? 'text' : 'default';
  }
  const field = element.closest('select') ?? element.closest('input');
  const kinds = ['date', 'datetime-local', 'month', 'week', 'time', 'color'];
  if (!isPress || field === null || field.disabled || field.readOnly) return { cursor, picker: null };
  const isSelect = field.tagName === 'SELECT';
  if (isSelect ? (field.multiple || field.size > 1) : !kinds.includes(field.type)) return { cursor, picker: null };
  const box = field.getBoundingClientRect();
  globalThis.__picked = field;
  return { cursor, picker: {
    kind: isSelect ? 'select' : field.type, isMultiple: false,
    x: at.left + box.left * at.scaleX, y: at.top + box.top * at.scaleY,
    width: box.width * at.scaleX, height: box.height * at.scaleY,
    value: cut(field.value), min: cut(field.min), max: cut(field.max), step: cut(field.step),
    options: isSelect ? [...field.options].slice(0, maxOptions).map((option, index) => ({
      value: String(index), label: (option.label || option.text).slice(0, 200),
      group: option.parentElement.tagName === 'OPTGROUP' ? option.parentElement.label.slice(0, 200) : '',
      isSelected: option.selected,
      isDisabled: option.disabled || (option.parentElement.tagName === 'OPTGROUP' && option.parentElement.disabled),
    })) : [],
  } };
}`;

/** Sets what was pressed last, as a person would have: the page hears of it. */
const PICK = `(values) => {
  const field = globalThis.__picked;
  if (!field || !field.isConnected || field.disabled) return false;
  if (field.tagName === 'SELECT') {
    const option = field.options[Number(values[0])];
    if (!option || option.disabled) return false;
    field.selectedIndex = Number(values[0]);
  } else field.value = String(values[0] ?? '');
  for (const name of ['input', 'change'])
    field.dispatchEvent(new field.ownerDocument.defaultView.Event(name, { bubbles: true, composed: name === 'input' }));
  return true;
}`;

/** null: it is in a frame of another origin, which is asked by itself. */
const SELECTION = `() => {
  let root = document;
  while (root.activeElement?.contentDocument) root = root.activeElement.contentDocument;
  const field = root.activeElement;
  if (field && /^I?FRAME$/.test(field.tagName)) {
    globalThis.__selected = field;
    return null;
  }
  const isField = field && (field.tagName === 'TEXTAREA' || field.tagName === 'INPUT') && field.type !== 'password';
  const text = isField && typeof field.selectionStart === 'number'
    ? field.value.slice(field.selectionStart, field.selectionEnd)
    : String(root.getSelection() ?? '');
  return text.slice(0, ${CAST_LIMITS.maxTextCharacters});
}`;

/** The frame that the last one was about. Each has its own: they may be under way at once. */
const INNER = {
  press: 'globalThis.__pressed',
  hover: 'globalThis.__hovered',
  selection: 'globalThis.__selected',
};

interface Point {
  readonly x: number;
  readonly y: number;
}

const lookExpression = ({ x, y }: Point, isPress: boolean): string =>
  `(${LOOK})(${JSON.stringify(x)}, ${JSON.stringify(y)}, ${isPress}, ${CAST_LIMITS.maxOptions}, ${CAST_LIMITS.maxFieldCharacters})`;

type Seen = Pick<Look, 'cursor' | 'picker'> & { readonly inner?: Place };

/** Of a point of the page, through frames of whatever origin. Undefined where the page cannot be asked. */
export async function lookAt(frames: PageFrames, point: Point, isPress: boolean): Promise<Look | undefined> {
  let frame = frames.root;
  let place = HERE;
  for (let depth = 0; depth < CAST_LIMITS.maxFrameDepth; depth += 1) {
    const within = { x: (point.x - place.left) / place.scaleX, y: (point.y - place.top) / place.scaleY };
    const seen = (await frames.evaluate(frame, lookExpression(within, isPress))) as Seen | undefined;
    if (seen === undefined) return undefined;
    const { cursor, picker, inner } = seen;
    const next =
      inner === undefined ? undefined : await frames.within(frame, isPress ? INNER.press : INNER.hover);
    if (inner === undefined || next === undefined)
      return { cursor, picker: picker && { ...picker, ...placed(picker, place) }, frame };
    place = compose(place, inner);
    frame = next;
  }
  return undefined;
}

const compose = (outer: Place, inner: Place): Place => ({
  left: outer.left + inner.left * outer.scaleX,
  top: outer.top + inner.top * outer.scaleY,
  scaleX: outer.scaleX * inner.scaleX,
  scaleY: outer.scaleY * inner.scaleY,
});

const placed = ({ x, y, width, height }: Picker, { left, top, scaleX, scaleY }: Place) => ({
  x: left + x * scaleX,
  y: top + y * scaleY,
  width: width * scaleX,
  height: height * scaleY,
});

/** Sets the field that was pressed in this document. */
export const pickIn = (frames: PageFrames, frame: FrameRef, values: readonly string[]): Promise<unknown> =>
  frames.evaluate(frame, `(${PICK})(${JSON.stringify(values)})`);

/** What is selected in the page, in whichever of its frames that is. */
export async function readSelection(frames: PageFrames): Promise<string> {
  let frame: FrameRef | undefined = frames.root;
  for (let depth = 0; frame !== undefined && depth < CAST_LIMITS.maxFrameDepth; depth += 1) {
    const text = await frames.evaluate(frame, `(${SELECTION})()`);
    if (text !== null) return String(text ?? '');
    frame = await frames.within(frame, INNER.selection);
  }
  return '';
}
