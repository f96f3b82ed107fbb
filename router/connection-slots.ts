import { REFUSALS, RefusedError } from './refusals.ts';

/** A socket stays; a request for a file of the live view is soon over, and a browser makes a hundred of them at once. */
export type SlotKind = 'socket' | 'request';

export interface SlotLimits {
  readonly maxSockets: number;
  readonly maxSocketsPerSession: number;
  readonly maxRequestsPerSession: number;
}

/** Slots for connections, of which no session gets more than its part: one client cannot keep everybody else out. */
export function createConnectionSlots(limits: SlotLimits) {
  const maxOfSession = { socket: limits.maxSocketsPerSession, request: limits.maxRequestsPerSession };
  const bySession = new Map<string, number>();
  let total = 0;

  return {
    /** Takes a slot, and returns how it is given back. Throws a RefusedError when there is none. */
    take(sessionId: string, kind: SlotKind): () => void {
      const key = `${kind} ${sessionId}`;
      const taken = bySession.get(key) ?? 0;
      if (total >= limits.maxSockets) throw new RefusedError(REFUSALS.tooManySockets);
      if (taken >= maxOfSession[kind]) throw new RefusedError(REFUSALS.tooManyOfSession);
      total += 1;
      bySession.set(key, taken + 1);
      return () => {
        total -= 1;
        const left = (bySession.get(key) ?? 0) - 1;
        if (left > 0) bySession.set(key, left);
        else bySession.delete(key);
      };
    },
    count: (): number => total,
  };
}
