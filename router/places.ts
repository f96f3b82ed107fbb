import { REFUSALS, RefusedError } from './refusals.ts';

export interface PlaceLimits {
  readonly maxSockets: number;
  readonly maxSocketsPerSession: number;
}

/** Room for connections, of which no session gets more than its part: one client cannot keep everybody else out. */
export function createPlaces({ maxSockets, maxSocketsPerSession }: PlaceLimits) {
  const bySession = new Map<string, number>();
  let total = 0;

  return {
    /** Takes a place, and returns how it is given back. Throws a RefusedError when there is none. */
    take(sessionId: string): () => void {
      const taken = bySession.get(sessionId) ?? 0;
      if (total >= maxSockets) throw new RefusedError(REFUSALS.tooManySockets);
      if (taken >= maxSocketsPerSession) throw new RefusedError(REFUSALS.tooManyOfSession);
      total += 1;
      bySession.set(sessionId, taken + 1);
      return () => {
        total -= 1;
        const left = (bySession.get(sessionId) ?? 0) - 1;
        if (left > 0) bySession.set(sessionId, left);
        else bySession.delete(sessionId);
      };
    },
    count: (): number => total,
  };
}
