import { randomUUID } from 'node:crypto';
import type { QueueSpec } from '../../../terraform/reader/infrastructure.ts';
import { pause } from '../../processes/pause.ts';

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

/** A standard queue in memory. Whoever waits looks again when something changes or becomes visible, the longest first. */
export class Queue {
  readonly #spec: QueueSpec;
  readonly #now: () => number;
  readonly #messages = new Map<string, Message>();
  #changed = new AbortController();
  #isClosed = false;

  constructor(spec: QueueSpec, now: () => number = Date.now) {
    this.#spec = spec;
    this.#now = now;
  }

  /** Answers its id. */
  send(body: string): string {
    const id = randomUUID();
    this.#messages.set(id, { id, body, sentAtMs: this.#now(), receiveCount: 0, visibleAtMs: this.#now() });
    this.#wakeAll();
    return id;
  }

  async receive({ max, waitMs, gone }: ReceiveOptions): Promise<readonly Message[]> {
    const deadlineMs = performance.now() + waitMs;
    for (;;) {
      const taken = this.#take(max);
      const leftMs = deadlineMs - performance.now();
      if (taken.length > 0 || leftMs <= 0 || gone.aborted || this.#isClosed) {
        this.#giveBackWhenGone(taken, gone);
        return taken;
      }
      const wake = AbortSignal.any([gone, this.#changed.signal]);
      await pause(Math.min(leftMs, this.#nextVisibleInMs()), wake);
    }
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
    this.#wakeAll();
    return true;
  }

  close(): void {
    this.#isClosed = true;
    this.#wakeAll();
  }

  #inFlight(receipt: string): Message | undefined {
    const message = this.#messages.get(receipt.slice(0, receipt.indexOf(':')));
    return message?.receipt === receipt ? message : undefined;
  }

  #take(max: number): Message[] {
    const nowMs = this.#now();
    for (const { id, sentAtMs } of this.#messages.values())
      if (sentAtMs <= nowMs - this.#spec.retentionSeconds * 1000) this.#messages.delete(id);
    const visible = [...this.#messages.values()].filter(({ visibleAtMs }) => visibleAtMs <= nowMs);
    const taken = visible.slice(0, max);
    for (const message of taken) {
      message.receipt = `${message.id}:${randomUUID()}`;
      message.receiveCount += 1;
      message.visibleAtMs = nowMs + this.#spec.visibilityTimeoutSeconds * 1000;
    }
    return taken;
  }

  #wakeAll(): void {
    this.#changed.abort();
    this.#changed = new AbortController();
  }

  #nextVisibleInMs(): number {
    const times = [...this.#messages.values()].map(({ visibleAtMs }) => visibleAtMs);
    return Math.max(1, Math.min(...times) - this.#now());
  }

  #giveBackWhenGone(taken: readonly Message[], gone: AbortSignal): void {
    const receipts = new Map(taken.map((message) => [message, message.receipt]));
    const giveBack = (): void => {
      for (const [message, receipt] of receipts)
        if (message.receipt === receipt) message.visibleAtMs = this.#now();
      this.#wakeAll();
    };
    if (gone.aborted) giveBack();
    else gone.addEventListener('abort', giveBack, { once: true });
  }
}
