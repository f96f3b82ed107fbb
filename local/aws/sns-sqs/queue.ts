import { randomUUID } from 'node:crypto';
import type { QueueSpec } from '../../../terraform/reader/infrastructure.ts';

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly sentAtMs: number;
  receiveCount: number;
  visibleAtMs: number;
  /** Of the last receive; every receive gives a new one. */
  receipt?: string;
}

export interface ReceiveOptions {
  readonly max: number;
  readonly waitMs: number;
  /** Ends the wait when the receiver goes away, and gives back what it no longer takes. */
  readonly gone: AbortSignal;
}

interface Waiter {
  readonly max: number;
  finish(messages: readonly Message[]): void;
}

/** A standard queue in memory. A send wakes the longest waiter at once; one timer wakes for what becomes visible again. */
export class Queue {
  readonly #spec: QueueSpec;
  readonly #now: () => number;
  readonly #messages = new Map<string, Message>();
  readonly #waiters = new Set<Waiter>();
  #visibilityTimer: NodeJS.Timeout | undefined;

  constructor(spec: QueueSpec, now: () => number = Date.now) {
    this.#spec = spec;
    this.#now = now;
  }

  send(body: string): void {
    const id = randomUUID();
    this.#messages.set(id, { id, body, sentAtMs: this.#now(), receiveCount: 0, visibleAtMs: this.#now() });
    this.#settle();
  }

  async receive(options: ReceiveOptions): Promise<readonly Message[]> {
    this.#dropExpired();
    // Who waits already comes first.
    const taken = this.#waiters.size === 0 ? this.#take(options.max) : [];
    const received = taken.length > 0 || options.waitMs === 0 ? taken : await this.#wait(options);
    this.#giveBackWhenGone(received, options.gone);
    return received;
  }

  /** A receipt of an earlier receive, or of a message that is gone, deletes nothing: as for SQS, that is no error. */
  delete(receipt: string): void {
    const message = this.#inFlight(receipt);
    if (message !== undefined) this.#messages.delete(message.id);
  }

  /** False when the message is not in flight under this receipt. */
  changeVisibility(receipt: string, visibilityMs: number): boolean {
    const message = this.#inFlight(receipt);
    if (message === undefined || message.visibleAtMs <= this.#now()) return false;
    message.visibleAtMs = this.#now() + visibilityMs;
    this.#settle();
    return true;
  }

  close(): void {
    clearTimeout(this.#visibilityTimer);
    for (const { finish } of [...this.#waiters]) finish([]);
  }

  #inFlight(receipt: string): Message | undefined {
    const message = this.#messages.get(receipt.slice(0, receipt.indexOf(':')));
    return message?.receipt === receipt ? message : undefined;
  }

  #dropExpired(): void {
    const oldestMs = this.#now() - this.#spec.retentionSeconds * 1000;
    for (const { id, sentAtMs } of this.#messages.values())
      if (sentAtMs <= oldestMs) this.#messages.delete(id);
  }

  #take(max: number): Message[] {
    const nowMs = this.#now();
    const visible = [...this.#messages.values()].filter(({ visibleAtMs }) => visibleAtMs <= nowMs);
    const taken = visible.slice(0, max);
    for (const message of taken) {
      message.receipt = `${message.id}:${randomUUID()}`;
      message.receiveCount += 1;
      message.visibleAtMs = nowMs + this.#spec.visibilityTimeoutSeconds * 1000;
    }
    return taken;
  }

  /** After every change: hands visible messages to waiters, and sets the timer for the next one. */
  #settle(): void {
    this.#dropExpired();
    for (const waiter of [...this.#waiters]) {
      const taken = this.#take(waiter.max);
      if (taken.length === 0) break;
      waiter.finish(taken);
    }
    clearTimeout(this.#visibilityTimer);
    if (this.#waiters.size === 0 || this.#messages.size === 0) return;
    const nextMs = Math.min(...[...this.#messages.values()].map(({ visibleAtMs }) => visibleAtMs));
    this.#visibilityTimer = setTimeout(() => this.#settle(), Math.max(1, nextMs - this.#now()));
  }

  #wait({ max, waitMs, gone }: ReceiveOptions): Promise<readonly Message[]> {
    return new Promise((resolve) => {
      const finish = (taken: readonly Message[]): void => {
        clearTimeout(timer);
        gone.removeEventListener('abort', giveUp);
        this.#waiters.delete(waiter);
        resolve(taken);
      };
      const giveUp = () => finish([]);
      const waiter: Waiter = { max, finish };
      const timer = setTimeout(giveUp, waitMs);
      gone.addEventListener('abort', giveUp);
      this.#waiters.add(waiter);
      this.#settle();
    });
  }

  #giveBackWhenGone(taken: readonly Message[], gone: AbortSignal): void {
    const receipts = new Map(taken.map((message) => [message, message.receipt]));
    const giveBack = (): void => {
      for (const [message, receipt] of receipts)
        if (message.receipt === receipt) message.visibleAtMs = this.#now();
      this.#settle();
    };
    if (gone.aborted) giveBack();
    else gone.addEventListener('abort', giveBack, { once: true });
  }
}
