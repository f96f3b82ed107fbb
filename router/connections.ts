import type { Clock } from '../core/domain/clock.ts';
import { ROUTER_CLOSES } from '../core/domain/close-codes.ts';
import { createConnectionSlots, type SlotKind, type SlotLimits } from './connection-slots.ts';
import { drain, type OpenConnection } from './drain.ts';
import type { SessionRef } from './find-session.ts';
import { REFUSALS, RefusedError } from './refusals.ts';
import type { Splice } from './splice.ts';

/** One client, from its first byte to its last. */
export interface Connection {
  /** Throws a RefusedError when the router takes nobody any more. */
  assertOpen(): void;
  /** Its token is good: from here on it counts. Throws a RefusedError when there is no slot. */
  takeSlot(session: SessionRef, kind: SlotKind): void;
  /** Whose it is, as soon as its token was found good. */
  readonly session: SessionRef | undefined;
  /** The client is connected to its browser. */
  join(splice: Splice): void;
  close(): void;
}

/** Who is connected, and how all of them are brought to an end. */
export function createConnections(limits: SlotLimits, clock: Clock) {
  const open = new Map<object, OpenConnection>();
  const slots = createConnectionSlots(limits);
  let isDraining = false;
  let emptied = Promise.withResolvers<void>();

  return {
    /** `abort` ends the connection as long as it is not joined. */
    open(abort: (reason: Error) => void): Connection {
      const key = {};
      const entry: OpenConnection = { abort };
      let giveSlotBack = () => {};
      let session: SessionRef | undefined;
      if (open.size === 0) emptied = Promise.withResolvers();
      open.set(key, entry);
      return {
        assertOpen() {
          if (isDraining) throw new RefusedError(REFUSALS.draining);
        },
        takeSlot({ sessionId, projectId }, kind) {
          session = { sessionId, projectId };
          giveSlotBack = slots.take(sessionId, kind);
        },
        get session() {
          return session;
        },
        join(splice) {
          entry.splice = splice;
        },
        close() {
          open.delete(key);
          giveSlotBack();
          if (open.size === 0) emptied.resolve();
        },
      };
    },
    /** Who is connected is told to come again; the next one comes by another router. */
    sendAway(): void {
      const { code, text } = ROUTER_CLOSES.restarting;
      for (const { splice } of [...open.values()]) splice?.close(code, text);
    },
    /** Those with a good token. */
    count: slots.count,
    isDraining: (): boolean => isDraining,
    drain(drainMs: number, closeMs: number): Promise<void> {
      isDraining = true;
      const whenEmpty = async () => {
        while (open.size > 0) await emptied.promise;
      };
      return drain({ connections: () => [...open.values()], whenEmpty, clock }, { drainMs, closeMs });
    },
  };
}

export type Connections = ReturnType<typeof createConnections>;
