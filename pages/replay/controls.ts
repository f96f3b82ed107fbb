import { elements } from './elements.ts';

const { video, play, playIcon, speeds, fullscreen, stage } = elements;

const SPEEDS = [0.5, 1, 2, 4, 8];
const STEP_SECONDS = 5;
const ICONS = {
  play: 'M4 2.5v11l9-5.5z',
  pause: 'M4 3h3v10H4zM9 3h3v10H9z',
  again: 'M8 3a5 5 0 1 0 5 5h-1.6A3.4 3.4 0 1 1 8 4.6V7l4-3.2L8 .6z',
} as const;

const WORDS = { play: 'Play', pause: 'Pause', again: 'Play again' } as const;

export function setPlayIcon(icon: keyof typeof ICONS): void {
  playIcon.setAttribute('d', ICONS[icon]);
  play.ariaLabel = WORDS[icon];
}

export interface ControlsDeps {
  readonly toggle: () => void;
  readonly seekBy: (ms: number) => void;
  /** To the beginning or the end. */
  readonly seekTo: (end: 'first' | 'last') => void;
  readonly toEvent: (step: 1 | -1) => void;
}

function setSpeed(speed: number): void {
  // Of the element too: a film that is loaded again would be at its usual speed.
  video.defaultPlaybackRate = speed;
  video.playbackRate = speed;
  for (const button of speeds.children)
    button.setAttribute('aria-pressed', String(Number((button as HTMLElement).dataset.speed) === speed));
}

function changeSpeed(step: 1 | -1): void {
  const next = SPEEDS[SPEEDS.indexOf(video.playbackRate) + step];
  if (next !== undefined) setSpeed(next);
}

function toggleFullscreen(): void {
  if (fullscreen.hidden) return;
  const done =
    document.fullscreenElement === null
      ? document.documentElement.requestFullscreen()
      : document.exitFullscreen();
  // A browser that does not want to says so to the person.
  done.catch(() => undefined);
}

function keysOf({ toggle, seekBy, seekTo, toEvent }: ControlsDeps): Readonly<Record<string, () => void>> {
  return {
    ' ': toggle,
    k: toggle,
    ArrowLeft: () => seekBy(-STEP_SECONDS * 1_000),
    ArrowRight: () => seekBy(STEP_SECONDS * 1_000),
    ArrowUp: () => toEvent(-1),
    ArrowDown: () => toEvent(1),
    Home: () => seekTo('first'),
    End: () => seekTo('last'),
    '<': () => changeSpeed(-1),
    ',': () => changeSpeed(-1),
    '-': () => changeSpeed(-1),
    '>': () => changeSpeed(1),
    '.': () => changeSpeed(1),
    '+': () => changeSpeed(1),
    f: toggleFullscreen,
  };
}

/** A key that an element has a use for by itself is that element's. */
const isOfElement = ({ key, target }: KeyboardEvent): boolean =>
  target instanceof HTMLButtonElement && (key === ' ' || key === 'Enter');

export function createControls(deps: ControlsDeps): void {
  const keys = keysOf(deps);
  speeds.append(
    ...SPEEDS.map((speed) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.dataset.speed = String(speed);
      button.textContent = `${speed}×`;
      button.addEventListener('click', () => setSpeed(speed));
      return button;
    }),
  );
  setSpeed(1);
  fullscreen.hidden = !document.fullscreenEnabled;
  fullscreen.addEventListener('click', toggleFullscreen);
  play.addEventListener('click', deps.toggle);
  stage.addEventListener('click', ({ target }) => {
    if (target === video) deps.toggle();
  });
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isOfElement(event)) return;
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act === undefined || document.body.dataset.state !== 'playing') return;
    event.preventDefault();
    act();
  });
}
