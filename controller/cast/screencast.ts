import type { Clock } from '../../core/domain/clock.ts';
import type { Json } from '../chrome/connection.ts';
import { INACTIVE_PAGE_MS, isInactivePage } from '../chrome/inactive-page.ts';
import { type Frame, type FrameMetadata, toFrame } from './frame.ts';
import { CAST_LIMITS } from './limits.ts';

/** Somebody who is shown pictures. */
export interface FrameSink {
  showFrame(frame: Frame): void;
}

interface ScreencastOptions {
  readonly call: (method: string, params?: object) => Promise<Json>;
  readonly clock: Clock;
  /** Chrome did not do what it was asked. */
  readonly onFault: (error: unknown) => void;
}

const STARTED = {
  format: 'jpeg',
  quality: CAST_LIMITS.jpegQuality,
  maxWidth: CAST_LIMITS.maxFrameWidth,
  maxHeight: CAST_LIMITS.maxFrameHeight,
  everyNthFrame: 1,
};

/**
 * The pictures of one page, for everybody who watches it: one screencast however many they are, and none when nobody is
 * left. Chrome sends the next picture when the fastest of them has this one, and no sooner than 66 ms after it. A slower
 * one gets the newest when it is ready, and misses those between.
 */
export class Screencast {
  readonly #options: ScreencastOptions;
  readonly #sinks = new Map<FrameSink, SinkState>();
  #last: Frame | undefined;
  #count = 0;
  /** What Chrome waits for, of the newest picture. */
  #pending: PendingAck | undefined;
  #isRunning = false;
  #cancelStart: (() => void) | undefined;

  constructor(options: ScreencastOptions) {
    this.#options = options;
  }

  get isWatched(): boolean {
    return this.#sinks.size > 0;
  }

  add(sink: FrameSink): void {
    const state: SinkState = { unseen: undefined, sentNumber: undefined };
    this.#sinks.set(sink, state);
    if (this.#last !== undefined) show(sink, state, this.#last);
    if (!this.#isRunning) this.#start();
  }

  remove(sink: FrameSink): void {
    if (!this.#sinks.delete(sink) || this.#sinks.size > 0) return;
    if (this.#isRunning) this.#ask('Page.stopScreencast');
    this.end();
  }

  /** The page has gone: nothing is asked of it any more. */
  end(): void {
    this.#isRunning = false;
    this.#cancelStart?.();
    this.#last = undefined;
    this.#pending?.cancel();
    this.#pending = undefined;
  }

  /** A viewer has the picture of this number. */
  acknowledge(sink: FrameSink, number: number): void {
    const state = this.#sinks.get(sink);
    if (state === undefined || state.sentNumber !== number) return;
    state.sentNumber = undefined;
    if (number === this.#last?.number) this.#pending?.seen();
    const { unseen } = state;
    state.unseen = undefined;
    if (unseen !== undefined) show(sink, state, unseen);
  }

  /** `Page.screencastFrame`. */
  take({ data, metadata, sessionId }: Json): void {
    if (!this.#isRunning) return;
    const frame = toFrame(++this.#count, String(data), metadata as FrameMetadata);
    this.#last = frame;
    this.#pending?.cancel();
    this.#pending = awaitAck(this.#options.clock, () => {
      this.#pending = undefined;
      this.#ask('Page.screencastFrameAck', { sessionId });
    });
    for (const [sink, state] of this.#sinks) show(sink, state, frame);
  }

  #start(): void {
    this.#isRunning = true;
    this.#options.call('Page.startScreencast', STARTED).catch((error: unknown) => {
      if (isInactivePage(error)) this.#startSoon();
      else this.#options.onFault(error);
    });
  }

  /** The page is on its way to another address: it is shown when it is there. */
  #startSoon(): void {
    this.#cancelStart?.();
    if (this.#isRunning)
      this.#cancelStart = this.#options.clock.setTimer(INACTIVE_PAGE_MS, () => this.#start());
  }

  #ask(method: string, params?: object): void {
    this.#options.call(method, params).catch(this.#options.onFault);
  }
}

interface SinkState {
  /** The newest one that it is not ready for. */
  unseen: Frame | undefined;
  /** Of the one that it was sent and has not acknowledged. */
  sentNumber: number | undefined;
}

function show(sink: FrameSink, state: SinkState, frame: Frame): void {
  if (state.sentNumber !== undefined) state.unseen = frame;
  else {
    state.sentNumber = frame.number;
    sink.showFrame(frame);
  }
}

interface PendingAck {
  /** Somebody has it. */
  seen(): void;
  cancel(): void;
}

/** `run` when somebody has seen it, or after a second; and not before the interval is over. */
function awaitAck(clock: Clock, run: () => void): PendingAck {
  let isSeen = false;
  let isDue = false;
  const cancelDue = clock.setTimer(CAST_LIMITS.frameIntervalMs, () => {
    isDue = true;
    if (isSeen) finish();
  });
  const cancelLate = clock.setTimer(CAST_LIMITS.slowestAckMs, () => finish());
  function cancel(): void {
    cancelDue();
    cancelLate();
  }
  function finish(): void {
    cancel();
    run();
  }
  return {
    cancel,
    seen() {
      isSeen = true;
      if (isDue) finish();
    },
  };
}
