import type { ReplayEvent } from '../../core/domain/replay.ts';
import { type Film, toFilmMs } from './film.ts';
import { type Kind, kindOf, wordsOf } from './words.ts';

/** Marks that would lie so close, in parts of the whole, are one. */
export const CLOSE = 0.006;

/** Of several in one place the first in this order is seen. */
const RANK: readonly Kind[] = [
  'crash',
  'session',
  'download',
  'page',
  'recording',
  'extension',
  'network',
  'client',
];
const MAX_SAID = 4;

export interface MarkedEvent {
  readonly event: ReplayEvent;
  readonly kind: Kind;
  readonly filmMs: number;
}

/** What is seen in one place of the timeline, and all that it stands for. */
export interface Mark {
  readonly filmMs: number;
  readonly kind: Kind;
  readonly words: string;
}

/** The events that the page knows, and where the film is then. */
export const markEvents = (events: readonly ReplayEvent[], film: Film): MarkedEvent[] =>
  events.flatMap((event) => {
    const kind = kindOf(event);
    return kind === undefined ? [] : [{ event, kind, filmMs: toFilmMs(film, event.atMs) }];
  });

function toMark(first: MarkedEvent, all: readonly MarkedEvent[]): Mark {
  const said = all.slice(0, MAX_SAID).map(({ event }) => wordsOf(event));
  const rest = all.length - said.length;
  return {
    filmMs: first.filmMs,
    kind: RANK.find((kind) => all.some((event) => event.kind === kind)) ?? first.kind,
    words: [...said, ...(rest === 0 ? [] : [`and ${rest} more`])].join('\n'),
  };
}

/** Those that can be told apart in a timeline of so long. */
export function marksOf(events: readonly MarkedEvent[], durationMs: number): Mark[] {
  const groups: { readonly first: MarkedEvent; readonly all: MarkedEvent[] }[] = [];
  for (const event of [...events].sort((one, other) => one.filmMs - other.filmMs)) {
    const last = groups.at(-1);
    if (last !== undefined && event.filmMs - last.first.filmMs <= CLOSE * durationMs) last.all.push(event);
    else groups.push({ first: event, all: [event] });
  }
  return groups.map(({ first, all }) => toMark(first, all));
}
