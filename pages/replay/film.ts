import type { Scene } from '../../core/domain/replay.ts';

/** A scene, and when the film comes to it: the film has no gaps. */
export interface PlacedScene extends Scene {
  readonly atMs: number;
  /** What is skipped before it. */
  readonly gapMs: number;
}

export interface Film {
  readonly scenes: readonly PlacedScene[];
  readonly durationMs: number;
}

export function filmOf(scenes: readonly Scene[]): Film {
  let atMs = 0;
  let endedMs: number | undefined;
  const placed = scenes.map((scene) => {
    const gapMs = endedMs === undefined ? 0 : Math.max(0, scene.startMs - endedMs);
    const one = { ...scene, atMs, gapMs };
    atMs += scene.durationMs;
    endedMs = scene.startMs + scene.durationMs;
    return one;
  });
  return { scenes: placed, durationMs: atMs };
}

/** The last of `items` whose `value` is at most `limit`; they are in order of it. */
function lastUpTo<T>(items: readonly T[], limit: number, value: (item: T) => number): T | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const item = items[middle];
    if (item !== undefined && value(item) <= limit) low = middle + 1;
    else high = middle;
  }
  return items[low - 1];
}

/** What is shown at a time of the film. */
export const sceneAt = ({ scenes }: Film, filmMs: number): PlacedScene | undefined =>
  lastUpTo(scenes, filmMs, ({ atMs }) => atMs) ?? scenes[0];

/** The time of the day that is seen then. */
export function toRealMs(film: Film, filmMs: number): number {
  const scene = sceneAt(film, filmMs);
  if (scene === undefined) return 0;
  return scene.startMs + Math.min(Math.max(0, filmMs - scene.atMs), scene.durationMs);
}

/** Where the film is at a time of the day: what lies in a gap is where the gap was cut out. */
export function toFilmMs({ scenes }: Film, realMs: number): number {
  const scene = lastUpTo(scenes, realMs, ({ startMs }) => startMs);
  if (scene === undefined) return 0;
  return scene.atMs + Math.min(realMs - scene.startMs, scene.durationMs);
}

/** The first moment, from `filmMs` on, that shows this page; undefined where none does. */
export function nextOf({ scenes }: Film, pageId: string, filmMs: number): number | undefined {
  const found = scenes.find((scene) => scene.pageId === pageId && scene.atMs + scene.durationMs > filmMs + 1);
  return found === undefined ? undefined : Math.max(found.atMs, filmMs);
}

export const durationOf = ({ scenes }: Film, pageId: string): number =>
  scenes.reduce((sum, scene) => sum + (scene.pageId === pageId ? scene.durationMs : 0), 0);
