/** A person's live view: the page of a session as it is now, and their hands in it where their link allows that. */
import type { CastMessage, ViewerMessage } from '../../core/domain/cast-messages.ts';
import { createBar } from './bar.ts';
import { createDialogs } from './dialog.ts';
import { elements } from './elements.ts';
import { createFiles } from './files.ts';
import { sendKeyboard } from './keyboard.ts';
import { showState, showToast } from './notice.ts';
import { createPicker } from './picker.ts';
import { drawFrame } from './picture.ts';
import { sendPointer } from './pointer.ts';

/** Its socket is beside it: `.../live/<token>/view/<page>` has `.../live/<token>/cast/<page>`. */
const SOCKET_URL = location.href
  .replace(/^http/, 'ws')
  .replace(/[?#].*$/, '')
  .replace(/\/view(\/[\w-]+)?\/?$/, '/cast$1');
const RETRY_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
/** What the page whose frame this is listens for, as of other services of this kind. */
const DISCONNECTED = 'browserbase-disconnected';

let socket: WebSocket | undefined;
let attempts = 0;
let canAct = false;

function say(message: ViewerMessage): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}
/** What only those send who may act. */
function send(message: ViewerMessage): void {
  if (canAct || message.type === 'watch') say(message);
}

const bar = createBar(send);
const dialogs = createDialogs(send);
const files = createFiles(send);
const picker = createPicker(send);
sendPointer(send);
sendKeyboard(send);
elements.again.addEventListener('click', connect);

const HANDLERS: { [T in CastMessage['type']]: (message: Extract<CastMessage, { type: T }>) => void } = {
  hello(message) {
    canAct = message.mode === 'control';
    elements.keys.disabled = !canAct;
    bar.greet(message);
  },
  page: bar.showPage,
  pages(message) {
    bar.showPages(message);
    if (message.pages.length === 0) showState('empty');
  },
  cursor({ cursor }) {
    elements.picture.style.cursor = cursor;
  },
  dialog: (message) => dialogs.show(message, canAct),
  'dialog-closed': dialogs.close,
  picker: ({ picker: shown }) => (shown === null ? picker.close() : picker.show(shown)),
  chooser: (message) => {
    if (canAct) files.show(message);
  },
  'chooser-closed': files.close,
  copied({ text }) {
    if (text === '') return;
    navigator.clipboard?.writeText(text).catch(() => showToast('The clipboard is closed to this page'));
  },
  refused: ({ text }) => showToast(text),
};

async function take(data: unknown): Promise<void> {
  if (data instanceof ArrayBuffer) {
    const number = await drawFrame(data);
    showState('live');
    say({ type: 'ack', number });
    return;
  }
  const message = JSON.parse(String(data)) as CastMessage;
  (HANDLERS[message.type] as ((message: CastMessage) => void) | undefined)?.(message);
}

function connect(): void {
  showState(attempts === 0 ? 'connecting' : 'lost', attempts === 0 ? '' : 'Connecting again');
  const opened = new WebSocket(SOCKET_URL);
  opened.binaryType = 'arraybuffer';
  socket = opened;
  // Pictures are decoded one after the other, and messages keep their place between them.
  let turn: Promise<void> = Promise.resolve();
  opened.addEventListener('open', () => {
    attempts = 0;
    showState('waiting');
  });
  opened.addEventListener('message', ({ data }) => {
    turn = turn.then(() => take(data)).catch((error: unknown) => console.error(error));
  });
  opened.addEventListener('close', ({ code, reason }) => {
    dialogs.close();
    files.close();
    picker.close();
    leave(code, reason);
  });
}

/** The session's end has its own code and sentence; a connection that broke is tried again. */
function leave(code: number, reason: string): void {
  const isBroken = code === 1006 || code === 1012 || code === 1005;
  const waitMs = RETRY_MS[attempts];
  if (isBroken && waitMs !== undefined) {
    attempts += 1;
    showState('lost', 'Connecting again');
    setTimeout(connect, waitMs);
    return;
  }
  attempts = 0;
  // A session that has ended does not come back.
  const isOver = code >= 4_000 && code < 4_030;
  showState(
    'ended',
    reason === '' ? 'The session cannot be reached: it may have ended.' : `${reason}.`,
    !isOver,
  );
  for (const target of new Set([window, window.parent])) target.postMessage(DISCONNECTED, '*');
}

connect();
