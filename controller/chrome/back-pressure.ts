import type { HostedChannel } from './channel.ts';
import type { PendingCalls } from './pending-calls.ts';
import type { ChromePipe } from './pipe.ts';

export interface BackPressure {
  /** To be called when a channel came, left, fell behind or caught up, and when a call was made or answered. */
  update(): void;
  isHeldBack(): boolean;
}

/**
 * Holds Chrome back, but only for a client that is alone, and while the controller itself waits for nothing, such as the
 * channel of a second client: nobody's slowness is to be somebody else's.
 */
export function createBackPressure(
  pipe: Pick<ChromePipe, 'pause' | 'resume'>,
  channels: ReadonlySet<Pick<HostedChannel, 'isBehind'>>,
  calls: Pick<PendingCalls, 'size'>,
): BackPressure {
  let isHeldBack = false;
  return {
    update() {
      const [only] = channels;
      const shouldHold = channels.size === 1 && calls.size() === 0 && only?.isBehind() === true;
      if (shouldHold === isHeldBack) return;
      isHeldBack = shouldHold;
      if (isHeldBack) pipe.pause();
      else pipe.resume();
    },
    isHeldBack: () => isHeldBack,
  };
}
