import { randomInt } from 'node:crypto';
import type { Json } from './json.ts';

/** Chrome answered a command with an error, or will not answer it any more. */
export class ChromeRefusedError extends Error {
  override readonly name = 'ChromeRefusedError';
}

export class ChromeGoneError extends Error {
  override readonly name = 'ChromeGoneError';
  constructor() {
    super('Chrome closed its pipe');
  }
}

export interface Call {
  readonly method: string;
  readonly params?: object | undefined;
  readonly cdpSessionId?: string | undefined;
}

/** What Chrome says, as far as the controller reads it. */
export interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Json & {
    readonly sessionId?: string;
    readonly targetInfo?: Json & { readonly targetId?: string };
  };
  readonly result?: Json;
  readonly error?: { readonly code?: number; readonly message?: string };
}

export type Settle = (error: Error | null, result: Json) => void;

export interface PendingCalls {
  /** Asks; `settle` is called in the same turn in which the answer comes. Returns the id that the answer will have. */
  request(call: Call, settle: Settle): number;
  has(id: number): boolean;
  /** An answer with one of our ids; it counts only in the session of CDP that was asked. */
  answer(id: number, answer: Answer, cdpSessionId: string | undefined): void;
  /** Nothing that was asked in this session of CDP will be answered. */
  forgetSession(cdpSessionId: string): void;
  /** Chrome is gone. */
  close(): void;
  size(): number;
}

/** The controller's own commands that wait for their answers. `onChange` is called when their number may have changed. */
export function createPendingCalls(
  write: (message: string, method: string) => void,
  onChange: () => void,
): PendingCalls {
  const pending = new Map<number, { readonly cdpSessionId: string | undefined; readonly settle: Settle }>();
  // Where no client guesses it: Chrome's answer to a command that it could not read names an id and no session of CDP.
  let nextId = randomInt(-(2 ** 31), -(2 ** 30));
  let isClosed = false;

  return {
    request({ method, params, cdpSessionId }, settle) {
      const id = nextId++;
      if (isClosed) settle(new ChromeGoneError(), {});
      else {
        pending.set(id, { cdpSessionId, settle });
        onChange();
        write(JSON.stringify({ id, method, params, sessionId: cdpSessionId }), method);
      }
      return id;
    },
    has: (id) => pending.has(id),
    answer(id, { result, error }, cdpSessionId) {
      const call = pending.get(id);
      // A client that left may have used the same id, in its session of CDP.
      if (call === undefined || call.cdpSessionId !== cdpSessionId) return;
      pending.delete(id);
      onChange();
      if (error === undefined) call.settle(null, result ?? {});
      else call.settle(new ChromeRefusedError(error.message ?? 'Chrome gave no reason'), {});
    },
    forgetSession(cdpSessionId) {
      for (const [id, call] of pending) {
        if (call.cdpSessionId !== cdpSessionId) continue;
        pending.delete(id);
        call.settle(new ChromeRefusedError('The session was closed'), {});
      }
      onChange();
    },
    close() {
      isClosed = true;
      for (const { settle } of pending.values()) settle(new ChromeGoneError(), {});
      pending.clear();
    },
    size: () => pending.size,
  };
}
