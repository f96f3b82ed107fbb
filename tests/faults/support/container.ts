import { pause } from '../../../core/domain/clock.ts';
import type { EndReason } from '../../../core/domain/end-reason.ts';
import { AppError } from '../../../core/domain/errors.ts';
import { CONTAINER_API, CONTAINER_STOP, HEARTBEAT, SESSION_DEADLINES } from '../../../core/domain/timing.ts';
import type { Instruction } from '../../../functions/container-api/instruction.ts';
import type { Container, Task } from './cluster.ts';
import type { Turns } from './turns.ts';

/** The container API, as one container calls it for one session. */
export interface SessionApi {
  readonly reportReady: () => Promise<Instruction>;
  readonly reportHeartbeat: (connectionCount: number) => Promise<Instruction>;
  readonly reportEnded: (reason: EndReason) => Promise<unknown>;
}

/** A container that has a session. */
export interface SessionContainer extends Container {
  /** False when it is not there any more, or on its way out. */
  connect(): boolean;
  disconnect(): void;
}

interface Deps {
  readonly turns: Turns;
  readonly task: Pick<Task, 'taskArn' | 'exit'>;
  readonly api: SessionApi;
  readonly expiresAt: Date;
  /** A claimed one has said that it is ready with its answer. */
  readonly isReady: boolean;
}

/** What is over for the platform is not told twice. */
const isRefusal = (error: unknown): boolean => error instanceof AppError && error.status < 500;

/**
 * What a controller does with its session, as far as the platform can see: it reports, beats, ends at its deadlines, when its
 * last client has gone, when it is told to, and when nobody answers. controller/lifecycle is the real one.
 */
export function createSessionContainer({ turns, task, api, expiresAt, isReady }: Deps): SessionContainer {
  const { clock } = turns;
  const { taskArn } = task;
  let isAlive = true;
  let isEnding = false;
  let clients = 0;
  let heardAtMs = clock.now();
  const cancels = new Set<() => void>();
  const at = (delayMs: number, run: () => void) => {
    cancels.add(clock.setTimer(Math.max(0, delayMs), () => isAlive && run()));
  };

  /** Undefined when nothing can be heard, or the container has gone in the meantime. */
  async function call<Answer>(name: string, run: () => Promise<Answer>, retriesAfterMs: readonly number[]) {
    for (const waitMs of [0, ...retriesAfterMs]) {
      if (waitMs > 0) await pause(clock, waitMs);
      if (!isAlive) return undefined;
      try {
        // The way there may be long; the store's own turns come after it.
        await turns.take(`${taskArn} ${name}`, async () => undefined);
        const answer = await run();
        heardAtMs = clock.now();
        return answer;
      } catch (error) {
        if (isRefusal(error)) return exit(0);
      }
    }
    return undefined;
  }

  function exit(code: number): undefined {
    if (!isAlive) return;
    isAlive = false;
    for (const cancel of cancels) cancel();
    task.exit(code);
  }

  async function end(reason: EndReason): Promise<void> {
    if (!isAlive || isEnding) return;
    isEnding = true;
    await turns.take(`${taskArn} closes for ${reason}`, async () => undefined);
    await call(`says that it ends: ${reason}`, () => api.reportEnded(reason), CONTAINER_API.retriesAfterMs);
    exit(0);
  }

  function obey(view: Instruction | undefined): void {
    if (view?.status === 'TERMINATING') void end(view.endReason ?? 'platform_stopping');
  }

  async function beat(): Promise<void> {
    at(HEARTBEAT.intervalMs, () => void beat());
    obey(await call('beats', () => api.reportHeartbeat(clients), []));
    if (isAlive && clock.now() - heardAtMs > HEARTBEAT.silenceMs) exit(1);
  }

  async function start(): Promise<void> {
    if (!isReady) {
      await turns.take(`${taskArn} starts its browser`, async () => undefined);
      const view = await call('is ready', api.reportReady, CONTAINER_API.retriesAfterMs);
      if (view === undefined) return void exit(1);
      obey(view);
    }
    at(HEARTBEAT.intervalMs, () => void beat());
    at(SESSION_DEADLINES.connectMs, () => clients === 0 && void end('never_connected'));
    at(expiresAt.getTime() - clock.now(), () => void end('timed_out'));
  }

  void start();
  return {
    connect() {
      if (!isAlive || isEnding) return false;
      clients++;
      return true;
    },
    disconnect() {
      clients--;
      void end('disconnected');
    },
    stop() {
      at(CONTAINER_STOP.killAfterMs, () => exit(137));
      void call('asks why it is stopped', () => api.reportHeartbeat(clients), []).then((view) =>
        end(view?.endReason ?? 'platform_stopping'),
      );
    },
    kill: () => void exit(137),
  };
}
