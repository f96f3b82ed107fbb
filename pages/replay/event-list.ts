import { elements } from './elements.ts';
import type { MarkedEvent } from './marks.ts';
import { wordsOf } from './words.ts';

const { events: panel, list, toggle } = elements;

export interface EventListDeps {
  readonly seek: (filmMs: number) => void;
  readonly timeOfDay: (realMs: number) => string;
}

/** The events beside the film: which was last, and a way to each. */
export function createEventList({ seek, timeOfDay }: EventListDeps) {
  let shown: readonly MarkedEvent[] = [];
  let current = -1;

  const isOpen = () => toggle.ariaExpanded === 'true';
  function open(is: boolean): void {
    toggle.ariaExpanded = String(is);
    panel.toggleAttribute('data-closed', !is);
  }
  toggle.addEventListener('click', () => open(!isOpen()));
  // Where there is little room the film has it.
  open(innerWidth >= 860 || innerHeight >= 560);

  function rowOf({ event, kind, filmMs }: MarkedEvent): HTMLLIElement {
    const row = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    const dot = document.createElement('i');
    dot.dataset.kind = kind;
    const time = document.createElement('time');
    time.textContent = timeOfDay(event.atMs);
    const words = document.createElement('span');
    words.textContent = wordsOf(event);
    words.title = words.textContent;
    button.append(dot, time, words);
    button.addEventListener('click', () => seek(filmMs));
    row.append(button);
    return row;
  }

  /** The last one that has happened is to be seen, unless a person is about in the list. */
  function mark(next: number): void {
    if (next === current) return;
    list.children[current]?.firstElementChild?.removeAttribute('aria-current');
    current = next;
    const button = list.children[current]?.firstElementChild;
    if (!(button instanceof HTMLElement)) return;
    button.ariaCurrent = 'true';
    if (panel.matches(':hover, :focus-within')) return;
    const top = button.offsetTop - list.clientHeight / 2;
    list.scrollTo({ top, behavior: 'instant' });
  }

  return {
    draw(events: readonly MarkedEvent[]): void {
      if (events.length < shown.length) {
        list.replaceChildren();
        shown = [];
        current = -1;
      }
      // They are told in order, and none goes: what is there keeps its place and the keyboard.
      list.append(...events.slice(shown.length).map(rowOf));
      shown = events;
    },
    show(realMs: number): void {
      mark(shown.findLastIndex(({ event }) => event.atMs <= realMs));
    },
    /** The film's time of the event before or after this one. */
    neighbour(filmMs: number, step: 1 | -1): number | undefined {
      const times = shown.map((event) => event.filmMs);
      return step === 1
        ? times.find((time) => time > filmMs + 500)
        : times.findLast((time) => time < filmMs - 1_000);
    },
  };
}
