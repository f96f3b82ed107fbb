import type { Picker, ViewerMessage } from '../../core/domain/cast-messages.ts';
import { elements } from './elements.ts';
import { pageScale, toStage } from './picture.ts';

const { picker: form, keys, stage } = elements;
const MOST_ROWS = 10;

/** Draws a field whose choice is in no picture, over where it is in the page. */
export function createPicker(send: (message: ViewerMessage) => void) {
  const close = () => {
    if (form.hidden) return;
    form.hidden = true;
    form.replaceChildren();
    keys.focus({ preventScroll: true });
  };
  const pick = (values: readonly string[]) => send({ type: 'pick', values });
  const pickAndClose = (values: readonly string[]) => {
    pick(values);
    close();
  };
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  form.addEventListener('focusout', ({ relatedTarget }) => {
    if (!(relatedTarget instanceof Node && form.contains(relatedTarget))) close();
  });
  return {
    close,
    show(picker: Picker): void {
      const field = picker.kind === 'select' ? selectOf(picker, pickAndClose) : inputOf(picker, pick, close);
      form.replaceChildren(field);
      form.hidden = false;
      const { left, top } = toStage({ x: picker.x, y: picker.y + picker.height });
      form.style.minWidth = `${picker.width * pageScale()}px`;
      form.style.left = `${Math.max(8, Math.min(left, stage.clientWidth - form.offsetWidth - 8))}px`;
      form.style.top = `${Math.max(8, Math.min(top, stage.clientHeight - form.offsetHeight - 8))}px`;
      field.focus();
      if (field instanceof HTMLInputElement) openNative(field);
    },
  };
}

function openNative(field: HTMLInputElement): void {
  try {
    field.showPicker();
  } catch {
    // In a frame of another site, or without a click just now: the field itself is there to be filled.
  }
}

function selectOf({ options }: Picker, pick: (values: readonly string[]) => void): HTMLSelectElement {
  const select = document.createElement('select');
  select.setAttribute('aria-label', 'Choices');
  const groups = new Map<string, HTMLElement>();
  for (const { value, label, group, isSelected, isDisabled } of options) {
    const option = new Option(label, value, false, isSelected);
    option.disabled = isDisabled;
    if (group === '') select.append(option);
    else {
      const parent = groups.get(group) ?? document.createElement('optgroup');
      parent.setAttribute('label', group);
      groups.set(group, parent);
      parent.append(option);
      select.append(parent);
    }
  }
  // A group's name is a row too.
  select.size = Math.max(2, Math.min(options.length + groups.size, MOST_ROWS));
  const choose = () => {
    if (select.selectedIndex >= 0) pick([select.value]);
  };
  select.addEventListener('click', (event) => {
    if (event.target instanceof HTMLOptionElement && !event.target.disabled) choose();
  });
  // A phone draws the list itself, and says no more than this; elsewhere each arrow key is such a change.
  if (matchMedia('(pointer: coarse)').matches) select.addEventListener('change', choose);
  select.addEventListener('keydown', ({ key }) => {
    if (key === 'Enter' || key === ' ') choose();
  });
  return select;
}

function inputOf(
  { kind, value, min, max, step }: Picker,
  pick: (values: readonly string[]) => void,
  close: () => void,
): HTMLInputElement {
  const input = document.createElement('input');
  Object.assign(input, { type: kind, value, min, max, step });
  input.setAttribute('aria-label', 'Value');
  // Each choice is the page's at once; the field stays until it is left.
  input.addEventListener('change', () => pick([input.value]));
  input.addEventListener('keydown', ({ key }) => {
    if (key === 'Enter') close();
  });
  return input;
}
