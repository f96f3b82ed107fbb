import { elements } from './elements.ts';

/** `live`: the page is seen. Each other one has its own words over the picture. */
export type State = 'connecting' | 'waiting' | 'empty' | 'lost' | 'ended' | 'live';

const TITLES: Readonly<Record<Exclude<State, 'live'>, string>> = {
  connecting: 'Connecting',
  waiting: 'Waiting for the first picture',
  empty: 'No page is open',
  lost: 'The connection is lost',
  ended: 'This live view has ended',
};

export function showState(state: State, text = '', canTryAgain = false): void {
  document.body.dataset.state = state;
  if (state === 'live') return;
  elements.noticeTitle.textContent = TITLES[state];
  elements.noticeText.textContent = text;
  elements.again.hidden = !canTryAgain;
}

const TOAST_MS = 4_000;
let hiding: ReturnType<typeof setTimeout> | undefined;

/** A sentence for a moment. */
export function showToast(text: string): void {
  elements.toast.textContent = text;
  elements.toast.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    elements.toast.hidden = true;
  }, TOAST_MS);
}
