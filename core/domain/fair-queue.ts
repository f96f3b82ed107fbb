/** Creates that wait for room: first come, first served within a project, and the projects in turn. */

export interface Waiter {
  readonly sessionId: string;
  readonly projectId: string;
  /** ISO 8601. */
  readonly joinedAt: string;
  /** It is gone unless it has said by then that it still waits. */
  readonly aliveUntil: string;
}

/** In which round a waiting create of a project last got room, and when. */
export interface Turn {
  readonly projectId: string;
  readonly round: number;
  /** ISO 8601. */
  readonly servedAt: string;
}

/** A waiter and the round in which it is to get room. */
export interface Placed {
  readonly waiter: Waiter;
  readonly round: number;
}

/**
 * Pure: who is next, and who then. Each project has one place a round: its next creates are in the rounds after its last one.
 * A project that had none waiting for a while begins with the round that the others have reached: it gets neither the rounds
 * in which it did not ask, nor has to wait for more than its first one.
 */
export function orderOfWaiters(
  waiters: readonly Waiter[],
  turns: readonly Turn[],
  now: Date,
): readonly Placed[] {
  const lines = linesByProject(waiters, now);
  const nextRounds = new Map(
    turns.filter((turn) => hasWaitedSince(turn, lines)).map(({ projectId, round }) => [projectId, round + 1]),
  );
  const reached = Math.min(...nextRounds.values());
  const first = Number.isFinite(reached) ? reached : 1;
  return [...lines]
    .flatMap(([projectId, line]) => {
      const next = nextRounds.get(projectId) ?? first;
      return line.map((waiter, index) => ({ waiter, round: next + index }));
    })
    .sort((one, other) => one.round - other.round || compareTimes(one.waiter, other.waiter));
}

/** Whether the project has had a create in the queue ever since. */
const hasWaitedSince = ({ projectId, servedAt }: Turn, lines: Lines): boolean =>
  (lines.get(projectId)?.[0]?.joinedAt ?? servedAt) < servedAt;

type Lines = ReadonlyMap<string, readonly Waiter[]>;

/** Each project's waiters who are still there, in the order in which they came. */
function linesByProject(waiters: readonly Waiter[], now: Date): Lines {
  const lines = new Map<string, Waiter[]>();
  const present = waiters.filter(({ aliveUntil }) => Date.parse(aliveUntil) > now.getTime());
  for (const waiter of present.sort(compareTimes)) {
    const line = lines.get(waiter.projectId) ?? [];
    line.push(waiter);
    lines.set(waiter.projectId, line);
  }
  return lines;
}

const compareTimes = (one: Waiter, other: Waiter): number =>
  compare(one.joinedAt, other.joinedAt) || compare(one.sessionId, other.sessionId);

const compare = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
