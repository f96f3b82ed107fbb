import type { ViewerMessage } from '../../core/domain/cast-messages.ts';
import { elements } from './elements.ts';

const { bar, keys, url } = elements;

export const modifiersOf = (event: {
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}): number =>
  (event.altKey ? 1 : 0) | (event.ctrlKey ? 2 : 0) | (event.metaKey ? 4 : 0) | (event.shiftKey ? 8 : 0);

/** Of keys that write without being a letter. */
const WRITTEN: Readonly<Record<string, string>> = { Enter: '\r', Tab: '' };

type Send = (message: ViewerMessage) => void;

/**
 * Hands on what is typed. Keys come as keys; what an input method, a phone's keyboard or the clipboard writes comes as text,
 * through a field that nobody sees.
 */
export function sendKeyboard(send: Send): void {
  const press = (key: string, code: string, keyCode: number, text = '') => {
    const common = { type: 'key', key, code, keyCode, location: 0, isRepeat: false, modifiers: 0 } as const;
    send({ ...common, event: 'down', text });
    send({ ...common, event: 'up', text: '' });
  };
  sendKeys(send);
  sendCompositions(send);
  keys.addEventListener('beforeinput', (event) => {
    // A composition writes into the field, and is told of by its own events.
    if (event.inputType === 'insertCompositionText') return;
    event.preventDefault();
    if (event.inputType === 'insertText' && event.data !== null) send({ type: 'text', text: event.data });
    else if (event.inputType === 'insertLineBreak' || event.inputType === 'insertParagraph')
      press('Enter', 'Enter', 13, '\r');
    else if (event.inputType.startsWith('deleteContentBackward')) press('Backspace', 'Backspace', 8);
  });
  keys.addEventListener('paste', (event) => {
    event.preventDefault();
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (text !== '') send({ type: 'text', text: text.slice(0, 50_000) });
  });
}

const isClipboard = ({ key, ctrlKey, metaKey }: KeyboardEvent): boolean =>
  (ctrlKey || metaKey) && /^[cvx]$/i.test(key);

/** Composing, or a phone's keyboard that does not say which key: the text comes by other events. */
const isUntold = ({ isComposing, keyCode, key }: KeyboardEvent): boolean =>
  isComposing || keyCode === 229 || key === 'Unidentified' || key === 'Process';

function toMessage(event: KeyboardEvent, name: 'down' | 'up'): ViewerMessage {
  const { key, code, keyCode, location, repeat: isRepeat } = event;
  const isLetter = [...key].length === 1 && !event.ctrlKey && !event.metaKey;
  const text = name === 'up' ? '' : isLetter ? key : (WRITTEN[key] ?? '');
  return {
    type: 'key',
    event: name,
    key,
    code,
    keyCode,
    location,
    isRepeat,
    text,
    modifiers: modifiersOf(event),
  };
}

/** The keyboard is the page's until this key: without it nobody would come out again. */
function leaveKeys(): void {
  if (bar.hidden) keys.blur();
  else url.focus();
}

/** Whether there is more to do than what the clipboard does by itself. */
function isClipboardDone(event: KeyboardEvent, send: Send): boolean {
  if (!isClipboard(event)) return false;
  // What is pasted comes by its own event.
  if (/^v$/i.test(event.key)) return true;
  send({ type: 'copy' });
  if (!/^c$/i.test(event.key)) return false;
  event.preventDefault();
  return true;
}

function sendKeys(send: Send): void {
  keys.addEventListener('keydown', (event) => {
    if (event.key === 'F6') {
      event.preventDefault();
      leaveKeys();
    } else if (!isUntold(event) && !isClipboardDone(event, send)) {
      event.preventDefault();
      send(toMessage(event, 'down'));
    }
  });
  keys.addEventListener('keyup', (event) => {
    if (isUntold(event) || event.key === 'F6' || isClipboard(event)) return;
    event.preventDefault();
    send(toMessage(event, 'up'));
  });
}

function sendCompositions(send: Send): void {
  keys.addEventListener('compositionupdate', (event) =>
    send({ type: 'compose', text: event.data.slice(0, 1_000) }),
  );
  keys.addEventListener('compositionend', (event) => {
    send({ type: 'text', text: event.data });
    keys.value = '';
  });
}
