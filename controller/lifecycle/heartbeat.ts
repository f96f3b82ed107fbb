import type { Clock } from '../../core/domain/clock.ts';
import { HEARTBEAT } from '../../core/domain/timing.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { ContainerApi, PlatformView } from '../container-api/container-api.ts';

export interface Heartbeat {
  start(): void;
  /** Beats at once: the number of clients changed. */
  beatNow(): void;
  stop(): void;
}

export interface HeartbeatEvents {
  onView(view: PlatformView): void;
  onSilence(silentMs: number): void;
}

/** Tells the platform that this container lives, and learns from the answers when it should not. */
export function createHeartbeat(
  deps: {
    api: Pick<ContainerApi, 'reportHeartbeat'>;
    clock: Clock;
    logger: Logger;
    countClients: () => number;
  },
  { intervalMs }: { intervalMs: number },
  events: HeartbeatEvents,
): Heartbeat {
  const { api, clock, logger, countClients } = deps;
  const stopping = new AbortController();
  let isRunning = false;
  let isBeating = false;
  let isAnotherDue = false;
  let lastAnswerMs = 0;
  let cancelTimer = () => {};

  async function beat(): Promise<void> {
    cancelTimer();
    isBeating = true;
    isAnotherDue = false;
    try {
      // No retries within a beat: the next beat is the retry.
      const options = { signal: stopping.signal, timeoutMs: HEARTBEAT.answerMs, backoff: [] };
      const view = await api.reportHeartbeat(countClients(), options);
      lastAnswerMs = clock.now();
      if (isRunning) events.onView(view);
    } catch (error) {
      if (isRunning) noteFailure(error);
    }
    isBeating = false;
    if (isRunning) schedule();
  }

  function noteFailure(error: unknown): void {
    const silentMs = clock.now() - lastAnswerMs;
    logger.warn('heartbeat failed', { error, silentMs });
    if (silentMs >= HEARTBEAT.silenceMs) events.onSilence(silentMs);
  }

  function schedule(): void {
    if (isAnotherDue) void beat();
    else cancelTimer = clock.setTimer(intervalMs, () => void beat());
  }

  return {
    start() {
      isRunning = true;
      lastAnswerMs = clock.now();
      schedule();
    },
    beatNow() {
      if (!isRunning) return;
      if (isBeating) isAnotherDue = true;
      else void beat();
    },
    stop() {
      isRunning = false;
      cancelTimer();
      stopping.abort();
    },
  };
}
