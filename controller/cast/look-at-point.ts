import type { Picker } from '../../core/domain/cast-messages.ts';
import { CAST_LIMITS } from './limits.ts';

/** What is under the mouse. */
export interface Look {
  readonly cursor: string;
  /** Of a field whose choice no picture shows; null elsewhere. */
  readonly picker: Picker | null;
}

/**
 * Runs in a world of the page's own document, where no script of the page has changed anything. Frames of the same origin
 * are looked into; of another origin their frame is all that is seen.
 */
const LOOK = `(x, y, maxOptions, maxCharacters) => {
  const cut = (text) => String(text ?? '').slice(0, maxCharacters);
  let root = document, left = 0, top = 0, element = null;
  for (;;) {
    const found = root.elementFromPoint(x - left, y - top);
    if (found === null) break;
    element = found;
    if (found.shadowRoot && found.shadowRoot.elementFromPoint(x - left, y - top)) {
      const inner = found.shadowRoot.elementFromPoint(x - left, y - top);
      if (inner !== found) { element = inner; if (!inner.shadowRoot && inner.tagName !== 'IFRAME') break; }
    }
    if (element.tagName !== 'IFRAME') break;
    let inner = null;
    try { inner = element.contentDocument; } catch {}
    if (inner === null) break;
    const box = element.getBoundingClientRect();
    left += box.left + element.clientLeft; top += box.top + element.clientTop; root = inner;
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
  if (field === null || field.disabled || field.readOnly) return { cursor, picker: null };
  const isSelect = field.tagName === 'SELECT';
  if (isSelect ? (field.multiple || field.size > 1) : !kinds.includes(field.type)) return { cursor, picker: null };
  const box = field.getBoundingClientRect();
  globalThis.__picked = field;
  return { cursor, picker: {
    kind: isSelect ? 'select' : field.type, isMultiple: false,
    x: box.left + left, y: box.top + top, width: box.width, height: box.height,
    value: cut(field.value), min: cut(field.min), max: cut(field.max), step: cut(field.step),
    options: isSelect ? [...field.options].slice(0, maxOptions).map((option, index) => ({
      value: String(index), label: (option.label || option.text).slice(0, 200),
      group: option.parentElement.tagName === 'OPTGROUP' ? option.parentElement.label.slice(0, 200) : '',
      isSelected: option.selected,
      isDisabled: option.disabled || (option.parentElement.tagName === 'OPTGROUP' && option.parentElement.disabled),
    })) : [],
  } };
}`;

/** Sets what was looked at last, as a person would have: the page hears of it. */
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

const SELECTION = `() => {
  let root = document;
  while (root.activeElement?.contentDocument) root = root.activeElement.contentDocument;
  const field = root.activeElement;
  const isField = field && (field.tagName === 'TEXTAREA' || field.tagName === 'INPUT') && field.type !== 'password';
  const text = isField && typeof field.selectionStart === 'number'
    ? field.value.slice(field.selectionStart, field.selectionEnd)
    : String(root.getSelection() ?? '');
  return text.slice(0, ${CAST_LIMITS.maxTextCharacters});
}`;

export const lookExpression = (x: number, y: number): string =>
  `(${LOOK})(${JSON.stringify(x)}, ${JSON.stringify(y)}, ${CAST_LIMITS.maxOptions}, ${CAST_LIMITS.maxFieldCharacters})`;
export const pickExpression = (values: readonly string[]): string => `(${PICK})(${JSON.stringify(values)})`;
export const selectionExpression = (): string => `(${SELECTION})()`;
