import { elements } from './elements.ts';

const { head, controls, events, noticeTitle, noticeText, again } = elements;

/** `playing` shows the film, all others a notice in its place. */
export type State = 'loading' | 'waiting' | 'empty' | 'refused' | 'unsupported' | 'lost' | 'playing';

interface Notice {
  readonly title: string;
  readonly text?: string;
  readonly canTryAgain?: boolean;
}

export function showState(state: State, { title, text = '', canTryAgain = false }: Notice): void {
  document.body.dataset.state = state;
  noticeTitle.textContent = title;
  noticeText.textContent = text;
  again.hidden = !canTryAgain;
}

export function showFilm(): void {
  document.body.dataset.state = 'playing';
  head.hidden = false;
  controls.hidden = false;
  events.hidden = false;
}

/** By the status of the answer; each reason has its own words. */
const REFUSALS: Readonly<Record<number, Notice>> = {
  401: {
    title: 'This link is not valid any more',
    text: 'Ask whoever sent it to you for a new one.',
  },
  404: { title: 'This session is not there any more', text: 'Sessions can be looked at for 30 days.' },
  410: {
    title: 'This recording was deleted',
    text: 'Recordings are kept for a while only, and its time is over.',
  },
  422: {
    title: 'This session was not recorded',
    text: 'It was created so, or its installation records none.',
  },
};

export const isRefusal = (status: number): boolean => Object.hasOwn(REFUSALS, status);

export function showRefusal(status: number): void {
  const notice = REFUSALS[status];
  if (notice !== undefined) showState('refused', notice);
}

export const NOTICES = {
  waiting: {
    title: 'Nothing is filmed yet',
    text: 'The session is running. Its film comes here by itself, some 20 seconds after a client has used it.',
  },
  empty: {
    title: 'Nothing was filmed',
    text: 'No client used the browser of this session, or it has no recorder.',
  },
  unsupported: {
    title: 'This browser cannot play AV1',
    text: 'Open the link in Chrome, Edge or Firefox. Or have an MP4 made, which plays everywhere: POST /v1/sessions/{id}/recording/downloads.',
  },
  lost: {
    title: 'The recording cannot be reached',
    text: 'The connection was lost, or its store does not answer.',
    canTryAgain: true,
  },
} as const satisfies Record<string, Notice>;
