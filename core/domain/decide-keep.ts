/** What the keeper of the warm pool does in one run: which slots it fills, and which containers it ends. Pure. */
import { CONTAINER_START, SWEEP, WARM } from './timing.ts';
import { type WarmContainer, warmSlot } from './warm-container.ts';

export interface PoolSeen {
  readonly now: Date;
  readonly slots: readonly WarmContainer[];
  /** The warm ids of all tasks that run. Read after the slots. */
  readonly running: ReadonlySet<string>;
  /** How many there are to be... */
  readonly wanted: number;
  /** ...and how many may be kept: the most that were wanted in the last minutes. */
  readonly kept: number;
  /** The most that there may be, on the room that there is. */
  readonly most: number;
  /** How many may be started (starts-allowed.ts). */
  readonly allowed: number;
  readonly revision: string;
  readonly keys: {
    /** A container of an older one cannot be claimed for the longest sessions. */
    readonly current: string;
    /** Those that can still sign: a container of none of them cannot be claimed at all. */
    readonly all: ReadonlySet<string>;
  };
}

export type WarmEnd = 'gone' | 'not started' | 'unusable' | 'outdated' | 'surplus';

export interface Keep {
  /** Slots to start a container in. */
  readonly start: readonly string[];
  readonly end: readonly { readonly container: WarmContainer; readonly reason: WarmEnd }[];
}

// The rest has its turn in the next run.
const MOST_ENDS_A_RUN = 20;

export function decideKeep(seen: PoolSeen): Keep {
  const doomed = seen.slots.flatMap((container) => {
    const reason = faultOf(container, seen);
    return reason === undefined ? [] : [{ container, reason }];
  });
  const dead = new Set(doomed.map(({ container }) => container));
  const alive = seen.slots.filter((container) => !dead.has(container)).toSorted(byAge);
  const outdated = alive.filter((container) => isOutdated(container, seen));
  const fresh = alive.filter((container) => !isOutdated(container, seen));
  const missing = Math.max(0, seen.wanted - fresh.length);
  const start = freeSlots(seen).slice(
    0,
    Math.max(0, Math.min(missing, seen.allowed, seen.most - alive.length)),
  );
  const replaced = outdated.slice(0, replaceable(seen, { missing, outdated, fresh, starts: start.length }));
  const surplus = fresh.filter(isAvailable).slice(0, Math.max(0, fresh.length - seen.kept));
  const end = [
    ...doomed,
    ...replaced.map((container) => ({ container, reason: 'outdated' as const })),
    ...surplus.map((container) => ({ container, reason: 'surplus' as const })),
  ];
  return { start, end: end.slice(0, MOST_ENDS_A_RUN) };
}

const isAvailable = ({ status }: WarmContainer): boolean => status === 'AVAILABLE';

const byAge = (one: WarmContainer, other: WarmContainer): number =>
  Date.parse(one.startedAt) - Date.parse(other.startedAt);

const ageMs = ({ startedAt }: WarmContainer, now: Date): number => now.getTime() - Date.parse(startedAt);

/** Why nobody can or should claim this one, whatever else there is. */
function faultOf(container: WarmContainer, { now, running, keys }: PoolSeen): WarmEnd | undefined {
  if (container.status === 'STARTING' && ageMs(container, now) > CONTAINER_START.limitMs)
    return 'not started';
  if (!keys.all.has(container.tokenKeyId)) return 'unusable';
  if (now.getTime() >= Date.parse(container.expiresAt) + WARM.overdueMs) return 'unusable';
  // ECS tells of a task a little later than it starts it.
  const isKnown = running.has(container.warmId) || ageMs(container, now) < SWEEP.taskGraceMs;
  return isKnown || container.status === 'STARTING' ? undefined : 'gone';
}

/** Too old, or of another task definition or key: it serves until another one stands in its place. */
const isOutdated = (container: WarmContainer, { now, revision, keys }: PoolSeen): boolean =>
  container.revision !== revision ||
  container.tokenKeyId !== keys.current ||
  now.getTime() >= Date.parse(container.expiresAt);

const freeSlots = ({ slots, most }: PoolSeen): readonly string[] => {
  const filled = new Set(slots.map(({ slot }) => slot));
  return Array.from({ length: most }, (_, index) => warmSlot(index + 1)).filter((slot) => !filled.has(slot));
};

/** How many of the outdated can go: those that fresh ones stand in for, and some where there is no room for these. */
function replaceable(
  { wanted, allowed }: PoolSeen,
  pool: {
    readonly missing: number;
    readonly outdated: readonly WarmContainer[];
    readonly fresh: readonly WarmContainer[];
    readonly starts: number;
  },
): number {
  const { missing, outdated, fresh, starts } = pool;
  const needed = Math.max(0, wanted - fresh.filter(isAvailable).length);
  const isFull = missing > 0 && starts === 0 && allowed > 0;
  // A quarter at a time: the others are there meanwhile.
  const makingRoom = isFull ? Math.ceil(outdated.length / 4) : 0;
  return Math.max(outdated.length - needed, makingRoom, 0);
}
