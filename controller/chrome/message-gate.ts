import { readAnswerId } from './read-message.ts';

export interface MessageGate {
  take(message: Buffer): void;
  /** Everything waits until `release`, but the answer with this id. */
  hold(id: number): void;
  release(id: number): void;
}

/** Lets what Chrome says wait for one answer of its: only that says what the messages before it were about. */
export function createMessageGate(pass: (message: Buffer) => void): MessageGate {
  const awaited = new Set<number>();
  let held: Buffer[] = [];

  const isAwaited = (message: Buffer): boolean => {
    const id = readAnswerId(message);
    return id !== undefined && awaited.has(id);
  };

  return {
    take(message) {
      if (awaited.size === 0 || isAwaited(message)) pass(message);
      else held.push(message);
    },
    hold: (id) => void awaited.add(id),
    release(id) {
      if (!awaited.delete(id) || awaited.size > 0) return;
      const messages = held;
      held = [];
      for (const message of messages) pass(message);
    },
  };
}
