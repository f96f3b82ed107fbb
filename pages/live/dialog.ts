import type { CastMessage, ViewerMessage } from '../../core/domain/cast-messages.ts';
import { elements } from './elements.ts';

const { dialog, dialogText, dialogInput, dialogCancel, dialogOk, keys } = elements;

/** Shows what the page asks with `alert`, `confirm`, `prompt`, or before it is left. */
export function createDialogs(send: (message: ViewerMessage) => void) {
  const answer = (isAccepted: boolean) => send({ type: 'dialog', isAccepted, text: dialogInput.value });
  dialogCancel.addEventListener('click', () => answer(false));
  dialog.addEventListener('submit', (event) => {
    // It closes when the page's own is closed.
    event.preventDefault();
    answer(true);
  });
  dialog.addEventListener('cancel', (event) => {
    event.preventDefault();
    if (!dialogCancel.hidden) answer(false);
    else if (!dialogOk.hidden) answer(true);
  });
  return {
    show({ kind, text, defaultText }: Extract<CastMessage, { type: 'dialog' }>, canAct: boolean): void {
      dialogText.textContent =
        kind === 'beforeunload' ? 'Leave this page? What was changed may be lost.' : text;
      dialogInput.hidden = kind !== 'prompt' || !canAct;
      dialogInput.value = defaultText;
      dialogCancel.hidden = kind === 'alert' || !canAct;
      dialogOk.hidden = !canAct;
      if (!dialog.open) dialog.showModal();
      if (dialogInput.hidden) return;
      // As Chrome's own: who types answers, and does not press a button.
      dialogInput.focus();
      dialogInput.select();
    },
    close(): void {
      if (!dialog.open) return;
      dialog.close();
      keys.focus({ preventScroll: true });
    },
  };
}
