import {
  type KeyMessage,
  MOUSE_BUTTONS,
  type MouseMessage,
  type TouchMessage,
  type ViewerMessage,
  type WheelMessage,
} from '../../core/domain/cast-messages.ts';
import { isObject } from '../../core/domain/is-object.ts';
import { CAST_LIMITS } from './limits.ts';

/** What a viewer sent is none of the messages; the sentence names the field. */
export class ViewerMessageError extends Error {
  override readonly name = 'ViewerMessageError';
}

const MAX_COORDINATE = 100_000;
const MAX_TOUCHES = 10;
const MAX_FILES = 100;
const MAX_NAME_CHARACTERS = 64;

type Raw = Readonly<Record<string, unknown>>;

function fail(name: string, expected: string): never {
  throw new ViewerMessageError(`${name} must be ${expected}`);
}

function number(raw: Raw, name: string, min = -MAX_COORDINATE, max = MAX_COORDINATE): number {
  const value = raw[name];
  if (typeof value !== 'number' || !Number.isFinite(value) || value < min || value > max)
    fail(name, `a number from ${min} to ${max}`);
  return value;
}

function integer(raw: Raw, name: string, min: number, max: number): number {
  const value = number(raw, name, min, max);
  return Number.isInteger(value) ? value : fail(name, 'a whole number');
}

function text(raw: Raw, name: string, max: number = CAST_LIMITS.maxTextCharacters): string {
  const value = raw[name];
  if (typeof value !== 'string' || value.length > max) fail(name, `a text of at most ${max} characters`);
  return value.toWellFormed();
}

function boolean(raw: Raw, name: string): boolean {
  const value = raw[name];
  return typeof value === 'boolean' ? value : fail(name, 'true or false');
}

function oneOf<const T extends string>(raw: Raw, name: string, values: readonly T[]): T {
  const found = values.find((value) => value === raw[name]);
  return found ?? fail(name, `one of ${values.join(', ')}`);
}

function texts(raw: Raw, name: string, maxCount: number): readonly string[] {
  const value = raw[name];
  if (!Array.isArray(value) || value.length > maxCount) fail(name, `a list of at most ${maxCount} texts`);
  return value.map((_each, index) => text(value as unknown as Raw, String(index), 4_096));
}

const point = (raw: Raw) => ({ x: number(raw, 'x'), y: number(raw, 'y') });
const modifiers = (raw: Raw) => ({ modifiers: integer(raw, 'modifiers', 0, 15) });

const mouse = (raw: Raw): MouseMessage => ({
  type: 'mouse',
  event: oneOf(raw, 'event', ['moved', 'pressed', 'released']),
  ...point(raw),
  button: oneOf(raw, 'button', MOUSE_BUTTONS),
  buttons: integer(raw, 'buttons', 0, 31),
  clickCount: integer(raw, 'clickCount', 0, 3),
  ...modifiers(raw),
});

const wheel = (raw: Raw): WheelMessage => ({
  type: 'wheel',
  ...point(raw),
  deltaX: number(raw, 'deltaX'),
  deltaY: number(raw, 'deltaY'),
  ...modifiers(raw),
});

function touch(raw: Raw): TouchMessage {
  const { points } = raw;
  if (!Array.isArray(points) || points.length > MAX_TOUCHES || !points.every(isObject))
    fail('points', `a list of at most ${MAX_TOUCHES} points`);
  return {
    type: 'touch',
    event: oneOf(raw, 'event', ['start', 'move', 'end', 'cancel']),
    points: points.map((each) => ({ id: integer(each, 'id', 0, 1_000), ...point(each) })),
    ...modifiers(raw),
  };
}

const key = (raw: Raw): KeyMessage => ({
  type: 'key',
  event: oneOf(raw, 'event', ['down', 'up']),
  key: text(raw, 'key', MAX_NAME_CHARACTERS),
  code: text(raw, 'code', MAX_NAME_CHARACTERS),
  keyCode: integer(raw, 'keyCode', 0, 65_535),
  location: integer(raw, 'location', 0, 3),
  isRepeat: boolean(raw, 'isRepeat'),
  text: text(raw, 'text', 4),
  ...modifiers(raw),
});

const READERS: Readonly<Record<ViewerMessage['type'], (raw: Raw) => ViewerMessage>> = {
  ack: (raw) => ({ type: 'ack', number: integer(raw, 'number', 0, 0xffff_ffff) }),
  watch: (raw) => ({ type: 'watch', pageId: text(raw, 'pageId', MAX_NAME_CHARACTERS) }),
  mouse,
  wheel,
  touch,
  key,
  compose: (raw) => ({ type: 'compose', text: text(raw, 'text', 1_000) }),
  text: (raw) => ({ type: 'text', text: text(raw, 'text') }),
  copy: () => ({ type: 'copy' }),
  navigate: (raw) => ({ type: 'navigate', url: text(raw, 'url', CAST_LIMITS.maxUrlCharacters) }),
  history: (raw) => ({ type: 'history', steps: integer(raw, 'steps', -1, 1) < 0 ? -1 : 1 }),
  reload: () => ({ type: 'reload' }),
  dialog: (raw) => ({ type: 'dialog', isAccepted: boolean(raw, 'isAccepted'), text: text(raw, 'text') }),
  pick: (raw) => ({ type: 'pick', values: texts(raw, 'values', CAST_LIMITS.maxOptions) }),
  files: (raw) => ({
    type: 'files',
    chooserId: text(raw, 'chooserId', MAX_NAME_CHARACTERS),
    fileIds: texts(raw, 'fileIds', MAX_FILES),
  }),
};

/** Reads one message of a viewer. Throws a ViewerMessageError for anything else than one of those that there are. */
export function readViewerMessage(json: string): ViewerMessage {
  let raw: unknown;
  try {
    raw = JSON.parse(json);
  } catch {
    throw new ViewerMessageError('A message must be JSON');
  }
  if (!isObject(raw)) throw new ViewerMessageError('A message must be an object');
  const { type } = raw;
  if (typeof type !== 'string' || !Object.hasOwn(READERS, type))
    throw new ViewerMessageError(`type must be one of ${Object.keys(READERS).join(', ')}`);
  return READERS[type as ViewerMessage['type']](raw);
}

/** Whether it only watches. */
export const isWatching = ({ type }: ViewerMessage): boolean => type === 'ack' || type === 'watch';
