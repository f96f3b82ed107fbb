import { randomUUID } from 'node:crypto';
import type { QueueSpec } from '../../../terraform/reader/infrastructure.ts';
import type { MessageAttributes } from './message-attributes.ts';

export interface Message {
  readonly id: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  readonly sentAtMs: number;
  firstReceivedAtMs?: number;
  receiveCount: number;
  visibleAtMs: number;
  /** Of the last receive; every receive gives a new one. */
  receipt?: string;
}

export interface ReceiveOptions {
  readonly max: number;
  readonly waitMs: number;
  readonly visibilityMs?: number;
  /** Ends the wait when the receiver goes away, and gives back what it no longer takes. */
  readonly gone: AbortSignal;
}

export interface Queue {
  readonly name: string;
  send(body: string, attributes: MessageAttributes): Message;
  receive(options: ReceiveOptions): Promise<readonly Message[]>;
  /** False when the receipt is of an earlier receive, or the message is gone: as SQS, that is no error. */
  delete(receipt: string): boolean;
  /** False when the message is not in flight under this receipt. */
  changeVisibility(receipt: string, visibilityMs: number): boolean;
  close(): void;
}

interface Waiter {
  readonly options: ReceiveOptions;
  finish(messages: readonly Message[]): void;
}

/** A standard queue in memory. A send wakes the longest waiter at once; one timer wakes for what becomes visible again. */
export function createQueue(spec: QueueSpec, now: () => number = Date.now): Queue {
  const messages = new Map<string, Message>();
  const waiters = new Set<Waiter>();
  let visibilityTimer: NodeJS.Timeout | undefined;

  const dropExpired = (): void => {
    for (const message of messages.values()) {
      if (message.sentAtMs + spec.retentionSeconds * 1000 <= now()) messages.delete(message.id);
    }
  };

  const take = ({ max, visibilityMs = spec.visibilityTimeoutSeconds * 1000 }: ReceiveOptions): Message[] => {
    const visible = [...messages.values()].filter(({ visibleAtMs }) => visibleAtMs <= now()).slice(0, max);
    for (const message of visible) {
      message.receipt = `${message.id}:${randomUUID()}`;
      message.receiveCount += 1;
      message.firstReceivedAtMs ??= now();
      message.visibleAtMs = now() + visibilityMs;
    }
    return visible;
  };

  /** Called after every change: hands visible messages to waiters, and sets the timer for the next one. */
  const settle = (): void => {
    dropExpired();
    for (const waiter of [...waiters]) {
      const taken = take(waiter.options);
      if (taken.length === 0) break;
      waiter.finish(taken);
    }
    clearTimeout(visibilityTimer);
    if (waiters.size === 0 || messages.size === 0) return;
    const nextMs = Math.min(...[...messages.values()].map(({ visibleAtMs }) => visibleAtMs));
    visibilityTimer = setTimeout(settle, Math.max(1, nextMs - now()));
  };

  const wait = (options: ReceiveOptions): Promise<readonly Message[]> =>
    new Promise((resolve) => {
      const finish = (taken: readonly Message[]) => {
        clearTimeout(timer);
        options.gone.removeEventListener('abort', giveUp);
        waiters.delete(waiter);
        resolve(taken);
      };
      const giveUp = () => finish([]);
      const waiter: Waiter = { options, finish };
      const timer = setTimeout(giveUp, options.waitMs);
      options.gone.addEventListener('abort', giveUp);
      waiters.add(waiter);
      settle();
    });

  const giveBackWhenGone = (taken: readonly Message[], gone: AbortSignal): void => {
    const receipts = new Map(taken.map((message) => [message, message.receipt]));
    const giveBack = () => {
      for (const [message, receipt] of receipts) if (message.receipt === receipt) message.visibleAtMs = now();
      settle();
    };
    if (gone.aborted) giveBack();
    else gone.addEventListener('abort', giveBack, { once: true });
  };

  const inFlight = (receipt: string): Message | undefined => {
    const message = messages.get(receipt.slice(0, receipt.indexOf(':')));
    return message?.receipt === receipt ? message : undefined;
  };

  return {
    name: spec.name,
    send(body, attributes) {
      const message: Message = {
        id: randomUUID(),
        body,
        attributes,
        sentAtMs: now(),
        receiveCount: 0,
        visibleAtMs: now(),
      };
      messages.set(message.id, message);
      settle();
      return message;
    },
    async receive(options) {
      dropExpired();
      // Who waits already comes first.
      const taken = waiters.size === 0 ? take(options) : [];
      const received = taken.length > 0 || options.waitMs === 0 ? taken : await wait(options);
      giveBackWhenGone(received, options.gone);
      return received;
    },
    delete(receipt) {
      const message = inFlight(receipt);
      return message !== undefined && messages.delete(message.id);
    },
    changeVisibility(receipt, visibilityMs) {
      const message = inFlight(receipt);
      if (message === undefined || message.visibleAtMs <= now()) return false;
      message.visibleAtMs = now() + visibilityMs;
      settle();
      return true;
    },
    close() {
      clearTimeout(visibilityTimer);
      for (const { finish } of [...waiters]) finish([]);
    },
  };
}
