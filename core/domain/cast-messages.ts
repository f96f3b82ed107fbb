/**
 * What a live view and its container say to each other, on the WebSocket `/live/<token>/cast`: pictures as binary messages,
 * all else as JSON with a `type`. It is no DevTools protocol: a person who watches can do what is listed here and nothing
 * else.
 */

/** `view`: to watch. `control`: to act as well. */
export type CastMode = 'view' | 'control';

/**
 * Before each picture (JPEG), big-endian: its number (4 bytes), and how wide and how high what it shows is in CSS pixels
 * (2 bytes each).
 */
export const FRAME_HEADER_BYTES = 8;

/** Everything that is said of a point is in CSS pixels of the page's viewport, from its top left. */
interface Point {
  readonly x: number;
  readonly y: number;
}

/** Bits: Alt 1, Ctrl 2, Meta 4, Shift 8, as in the DevTools protocol. */
interface Modified {
  readonly modifiers: number;
}

export const MOUSE_BUTTONS = ['none', 'left', 'middle', 'right', 'back', 'forward'] as const;
export type MouseButton = (typeof MOUSE_BUTTONS)[number];

export interface MouseMessage extends Point, Modified {
  readonly type: 'mouse';
  readonly event: 'moved' | 'pressed' | 'released';
  readonly button: MouseButton;
  /** Those that are down, as `MouseEvent.buttons` has them. */
  readonly buttons: number;
  readonly clickCount: number;
}

export interface WheelMessage extends Point, Modified {
  readonly type: 'wheel';
  readonly deltaX: number;
  readonly deltaY: number;
}

export interface TouchMessage extends Modified {
  readonly type: 'touch';
  readonly event: 'start' | 'move' | 'end' | 'cancel';
  /** Those that are down now. */
  readonly points: readonly (Point & { readonly id: number })[];
}

export interface KeyMessage extends Modified {
  readonly type: 'key';
  readonly event: 'down' | 'up';
  readonly key: string;
  readonly code: string;
  readonly keyCode: number;
  readonly location: number;
  readonly isRepeat: boolean;
  /** What it writes; empty for a key that writes nothing. */
  readonly text: string;
}

/** What a person's live view sends. All but `ack` and `watch` is to act. */
export type ViewerMessage =
  | { readonly type: 'ack'; readonly number: number }
  /** Of a link for the whole session: another page is to be shown. */
  | { readonly type: 'watch'; readonly pageId: string }
  | MouseMessage
  | WheelMessage
  | TouchMessage
  | KeyMessage
  /** What an input method is composing; then `text` takes its place. */
  | { readonly type: 'compose'; readonly text: string }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'copy' }
  | { readonly type: 'navigate'; readonly url: string }
  | { readonly type: 'history'; readonly steps: -1 | 1 }
  | { readonly type: 'reload' }
  | { readonly type: 'dialog'; readonly isAccepted: boolean; readonly text: string }
  | { readonly type: 'pick'; readonly values: readonly string[] }
  /** Of a chooser that is open: what was sent for it before, by PUT to `/live/<token>/files/<chooser>/<name>`; none: cancelled. */
  | { readonly type: 'files'; readonly chooserId: string; readonly fileIds: readonly string[] };

export interface PageInfo {
  readonly id: string;
  readonly title: string;
  readonly url: string;
}

/** A field whose choice Chrome draws outside of the page, where no picture has it. */
export interface Picker {
  readonly kind: 'select' | 'date' | 'datetime-local' | 'month' | 'week' | 'time' | 'color';
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly isMultiple: boolean;
  readonly value: string;
  readonly min: string;
  readonly max: string;
  readonly step: string;
  readonly options: readonly {
    readonly value: string;
    readonly label: string;
    readonly group: string;
    readonly isSelected: boolean;
    readonly isDisabled: boolean;
  }[];
}

/** What a container sends to a live view. */
export type CastMessage =
  | { readonly type: 'hello'; readonly mode: CastMode; readonly hasTabs: boolean }
  | {
      readonly type: 'page';
      readonly page: PageInfo;
      readonly canGoBack: boolean;
      readonly canGoForward: boolean;
    }
  | { readonly type: 'pages'; readonly pages: readonly PageInfo[] }
  | { readonly type: 'cursor'; readonly cursor: string }
  | {
      readonly type: 'dialog';
      readonly kind: 'alert' | 'confirm' | 'prompt' | 'beforeunload';
      readonly text: string;
      readonly defaultText: string;
    }
  | { readonly type: 'dialog-closed' }
  | { readonly type: 'picker'; readonly picker: Picker | null }
  /** The page asks for files; `accept` as its field has it. */
  | {
      readonly type: 'chooser';
      readonly id: string;
      readonly isMultiple: boolean;
      readonly isFolder: boolean;
      readonly accept: string;
    }
  | { readonly type: 'chooser-closed' }
  | { readonly type: 'copied'; readonly text: string }
  | { readonly type: 'refused'; readonly text: string };
