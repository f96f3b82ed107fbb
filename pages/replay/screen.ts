import { END_REASONS } from '../../core/domain/end-reason.ts';
import type { ReplayView } from '../../core/domain/replay.ts';
import { createControls, setPlayIcon } from './controls.ts';
import { elements } from './elements.ts';
import { createEventList } from './event-list.ts';
import { type Film, filmOf, nextOf, sceneAt, toRealMs } from './film.ts';
import { type MarkedEvent, markEvents } from './marks.ts';
import { createTabs } from './tabs.ts';
import { createTimeline } from './timeline.ts';
import { clockOf, spanOf } from './words.ts';

const { video, title, running, skipped, day, elapsed, status } = elements;

const SKIPPED_SHOWN_MS = 2_500;
/** A shorter gap is not worth a word. */
const WORTH_SAYING_MS = 3_000;
/** The film's own last moment is not to the millisecond where its pieces say. */
const END_MS = 200;
const LAST_PICTURE_MS = 50;

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: 'long' });
const TIME = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });
const timeOfDay = (realMs: number): string => TIME.format(realMs);

const nowMs = (): number => video.currentTime * 1_000;

let view: ReplayView | undefined;
let film: Film = filmOf([]);
let events: MarkedEvent[] = [];
let isGrowing = false;
let lastScene = 0;
let hiding: ReturnType<typeof setTimeout> | undefined;

const timeline = createTimeline({ seek, timeOfDay });
const list = createEventList({ seek, timeOfDay });
const tabs = createTabs((pageId) => {
  timeline.draw(film, events, pageId);
  if (pageId !== undefined) goTo(pageId);
});

const sceneIndex = (): number => film.scenes.findLastIndex(({ atMs }) => atMs <= nowMs());
const isAtEnd = (): boolean => video.ended || (film.durationMs > 0 && nowMs() >= film.durationMs - END_MS);

function seek(filmMs: number): void {
  video.currentTime = Math.max(0, Math.min(filmMs, film.durationMs)) / 1_000;
  lastScene = sceneIndex();
  show();
}

/** To the next moment of a page that was chosen, or to its first. */
function goTo(pageId: string): void {
  if (sceneAt(film, nowMs())?.pageId === pageId) return;
  const next = nextOf(film, pageId, nowMs()) ?? nextOf(film, pageId, 0);
  if (next !== undefined) seek(next);
}

/** The others are left out; at the end of its last scene the film stands still. */
function stayOn(pageId: string): void {
  const scene = sceneAt(film, nowMs());
  if (scene === undefined || scene.pageId === pageId) return;
  const next = nextOf(film, pageId, nowMs());
  if (next === undefined) video.pause();
  seek(next ?? scene.atMs - LAST_PICTURE_MS);
}

function saySkipped(gapMs: number): void {
  skipped.textContent = `${spanOf(gapMs)} without a command, skipped`;
  skipped.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    skipped.hidden = true;
  }, SKIPPED_SHOWN_MS);
}

/** What stands beside the picture, as the picture is now. */
function show(): void {
  const at = nowMs();
  const realMs = toRealMs(film, at);
  timeline.show(at);
  // The last things that happen, such as the end, happen when there is nothing more to film.
  list.show(isAtEnd() && !isGrowing ? Number.POSITIVE_INFINITY : realMs);
  tabs.show(sceneAt(film, at)?.pageId);
  day.textContent = timeOfDay(realMs);
  day.dateTime = new Date(realMs).toISOString();
  day.title = DAY.format(realMs);
  elapsed.textContent = `${clockOf(at)} / ${clockOf(film.durationMs)}`;
}

/** With each picture of the screen while the film plays. */
function follow(): void {
  const index = sceneIndex();
  const gapMs = film.scenes[index]?.gapMs ?? 0;
  if (index === lastScene + 1 && gapMs >= WORTH_SAYING_MS) saySkipped(gapMs);
  lastScene = index;
  const selected = tabs.selected();
  if (selected !== undefined && !video.paused) stayOn(selected);
  show();
  if (!video.paused) requestAnimationFrame(follow);
}

function endWords(): string {
  if (isGrowing) return 'The film is some 20 s behind the session: more comes by itself';
  const reason = view?.endReason;
  return reason === undefined ? 'The end' : `The end. ${END_REASONS[reason].text}`;
}

function sayHow(): void {
  const isOver = isAtEnd();
  setPlayIcon(isOver && !isGrowing ? 'again' : video.paused ? 'play' : 'pause');
  const isLoading = !video.paused && video.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
  status.textContent = isOver ? endWords() : isLoading ? 'Loading' : '';
  status.title = status.textContent;
}

/** A browser that does not begin by itself leaves it to the button. */
const play = (): void => void video.play().catch(sayHow);

function toggle(): void {
  if (!video.paused && !video.ended) {
    video.pause();
    return;
  }
  const selected = tabs.selected();
  const isOver = selected === undefined ? isAtEnd() : nextOf(film, selected, nowMs() + END_MS) === undefined;
  if (isOver && !isGrowing) seek(selected === undefined ? 0 : (nextOf(film, selected, 0) ?? 0));
  play();
}

function draw(next: ReplayView): void {
  view = next;
  film = filmOf(next.scenes);
  events = markEvents(next.events, film);
  title.textContent = `Session of ${DAY.format(next.startMs)}, ${timeOfDay(next.startMs)}`;
  title.title = next.sessionId;
  document.title = title.textContent;
  running.hidden = !next.isRunning;
  timeline.draw(film, events, tabs.selected());
  list.draw(events);
  tabs.draw(next.pages, film);
  show();
  sayHow();
}

/** All that is seen of a replay but the notices. */
export function createScreen() {
  createControls({
    toggle,
    seekBy: (ms) => seek(nowMs() + ms),
    seekTo: (end) => seek(end === 'first' ? 0 : film.durationMs),
    toEvent(step) {
      const next = list.neighbour(nowMs(), step);
      if (next !== undefined) seek(next);
    },
  });
  video.addEventListener('play', () => requestAnimationFrame(follow));
  for (const name of ['play', 'playing', 'pause', 'waiting', 'seeked', 'ended', 'loadeddata'] as const)
    video.addEventListener(name, () => {
      show();
      sayHow();
    });
  return {
    draw,
    play,
    /** Whether there may be more; answers whether it has just ended. */
    setGrowing(is: boolean): boolean {
      const hasEnded = isGrowing && !is;
      isGrowing = is;
      sayHow();
      return hasEnded;
    },
  };
}
