import { elements } from './elements.ts';
import { type Film, toRealMs } from './film.ts';
import { CLOSE, type Mark, type MarkedEvent, marksOf } from './marks.ts';
import { clockOf, spanOf } from './words.ts';

const { timeline, marks, track, scenes, played, headOfTime, tip } = elements;

/** More are not drawn apart: one could not see them. */
const MAX_SCENES = 400;
/** A shorter gap is not marked. */
const MIN_GAP_MS = 3_000;

const percent = (part: number, whole: number): string => `${whole === 0 ? 0 : (100 * part) / whole}%`;

/** Where one page's film gives way to another's, where something was cut out, and what is left out of the choice. */
function drawScenes(film: Film, selected: string | undefined): void {
  const drawn = film.scenes.length > MAX_SCENES ? [] : film.scenes;
  scenes.replaceChildren(
    ...drawn.map(({ atMs, durationMs, gapMs, pageId }) => {
      const scene = document.createElement('span');
      scene.style.left = percent(atMs, film.durationMs);
      scene.style.width = percent(durationMs, film.durationMs);
      if (gapMs >= MIN_GAP_MS) scene.dataset.gap = spanOf(gapMs);
      if (selected !== undefined && selected !== pageId) scene.dataset.other = '';
      return scene;
    }),
  );
}

function drawMarks(found: readonly Mark[], durationMs: number): void {
  marks.replaceChildren(
    ...found.map(({ kind, filmMs }) => {
      const mark = document.createElement('span');
      mark.dataset.kind = kind;
      mark.style.left = percent(filmMs, durationMs);
      return mark;
    }),
  );
}

function showTip(words: string, part: number): void {
  tip.textContent = words;
  tip.hidden = false;
  const wanted = track.offsetLeft + track.clientWidth * part - tip.offsetWidth / 2;
  tip.style.left = `${Math.max(0, Math.min(timeline.clientWidth - tip.offsetWidth, wanted))}px`;
}

export interface TimelineDeps {
  readonly seek: (filmMs: number) => void;
  readonly timeOfDay: (realMs: number) => string;
}

/** The film as a line: a slider with the events as marks. */
export function createTimeline({ seek, timeOfDay }: TimelineDeps) {
  let film: Film = { scenes: [], durationMs: 0 };
  let found: readonly Mark[] = [];
  let nowMs = 0;

  function point(event: PointerEvent): void {
    if (film.durationMs === 0) return;
    const { left, width } = track.getBoundingClientRect();
    const part = Math.max(0, Math.min(1, (event.clientX - left) / width));
    const filmMs = part * film.durationMs;
    const near = found.find((mark) => Math.abs(mark.filmMs - filmMs) <= 1.5 * CLOSE * film.durationMs);
    const time = timeOfDay(toRealMs(film, filmMs));
    showTip(near === undefined ? time : `${time}\n${near.words}`, part);
    if (timeline.hasPointerCapture(event.pointerId)) seek(near?.filmMs ?? filmMs);
  }
  timeline.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return;
    timeline.focus({ preventScroll: true });
    timeline.setPointerCapture(event.pointerId);
    point(event);
  });
  timeline.addEventListener('pointermove', point);
  for (const name of ['pointerleave', 'pointerup', 'pointercancel'] as const)
    timeline.addEventListener(name, () => {
      tip.hidden = true;
    });

  function show(filmMs: number): void {
    nowMs = filmMs;
    const part = percent(Math.min(filmMs, film.durationMs), film.durationMs);
    played.style.width = part;
    headOfTime.style.left = part;
    timeline.ariaValueNow = String(Math.round(filmMs / 1_000));
    timeline.ariaValueText = `${clockOf(filmMs)} of ${clockOf(film.durationMs)}, ${timeOfDay(toRealMs(film, filmMs))}`;
  }

  return {
    show,
    draw(given: Film, events: readonly MarkedEvent[], selected: string | undefined): void {
      film = given;
      found = marksOf(events, film.durationMs);
      timeline.ariaValueMax = String(Math.round(film.durationMs / 1_000));
      drawScenes(film, selected);
      drawMarks(found, film.durationMs);
      show(nowMs);
    },
  };
}
