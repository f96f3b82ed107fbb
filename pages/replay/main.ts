import type { ReplayView } from '../../core/domain/replay.ts';
import { elements } from './elements.ts';
import { isRefusal, NOTICES, showFilm, showRefusal, showState } from './notice.ts';
import { canPlay, createPlayer, type Player } from './player.ts';
import { createScreen } from './screen.ts';

const { video, again } = elements;

const BASE = location.pathname.replace(/\/$/, '');
/** A session that runs is asked about this often. */
const ASK_EVERY_MS = 15_000;

const screen = createScreen();
let player: Player | undefined;
let asking: ReturnType<typeof setTimeout> | undefined;

/** `status`: of the answer that said so; undefined where there was none. */
function lose(status: number | undefined): void {
  if (status !== undefined && isRefusal(status)) showRefusal(status);
  else showState('lost', NOTICES.lost);
}

function begin(): void {
  showFilm();
  if (player !== undefined) return;
  player = createPlayer({
    video,
    playlistUrl: `${BASE}/film.m3u8`,
    onLost: lose,
    onPlaylist(isGrowing) {
      // It has ended: what is said of it is not what it was.
      if (screen.setGrowing(isGrowing)) void ask();
    },
  });
  if (!matchMedia('(prefers-reduced-motion: reduce)').matches) screen.play();
}

/** What is there of the session; the status of the answer, or undefined, where it is not said. */
async function read(): Promise<ReplayView | number | undefined> {
  try {
    const answer = await fetch(`${BASE}/replay.json`, { cache: 'no-store' });
    return answer.ok ? ((await answer.json()) as ReplayView) : answer.status;
  } catch {
    return undefined;
  }
}

function show(view: ReplayView): void {
  screen.draw(view);
  if (view.scenes.length > 0) begin();
  else if (view.isRunning) showState('waiting', NOTICES.waiting);
  else showState('empty', NOTICES.empty);
}

/** Once, and while the session runs again and again. */
async function ask(): Promise<void> {
  clearTimeout(asking);
  const found = await read();
  if (typeof found === 'object') show(found);
  // A film that is being seen goes on: its next pieces may be here already, and the player says when they are not.
  else if (player === undefined) return lose(found);
  if (typeof found !== 'object' || found.isRunning) asking = setTimeout(ask, ASK_EVERY_MS);
}

again.addEventListener('click', () => {
  if (player === undefined) showState('loading', { title: 'Loading the recording' });
  else {
    showFilm();
    player.retry();
  }
  void ask();
});
if (canPlay()) void ask();
else showState('unsupported', NOTICES.unsupported);
