import type { Viewport } from '../../core/domain/container-settings.ts';
import { type ChromeConnection, ChromeGoneError, ChromeRefusedError } from './connection.ts';

export const metricsOf = ({ width, height }: Viewport): object => ({
  width,
  height,
  deviceScaleFactor: 0,
  mobile: false,
});

/**
 * Gives a page the session's size again when a client has left that had given it another. Chrome drops the client's
 * emulation by itself, but lays a page that is not in front out anew only when it is told a size.
 */
export function restoreViewports(
  connection: Pick<ChromeConnection, 'call' | 'closeSession' | 'leftEmulation'>,
  viewport: Viewport,
): void {
  async function restore(targetId: string): Promise<void> {
    try {
      const { sessionId } = await connection.call('Target.attachToTarget', { targetId, flatten: true });
      const cdpSessionId = String(sessionId);
      // Both at once: a client that sets a size meanwhile does so after the two, or before, and then it is asked for.
      if (!connection.leftEmulation.isHeld('viewport', targetId))
        await Promise.all([
          connection.call('Emulation.setDeviceMetricsOverride', metricsOf(viewport), cdpSessionId),
          connection.call('Emulation.clearDeviceMetricsOverride', {}, cdpSessionId),
        ]);
      connection.closeSession(cdpSessionId);
    } catch (error) {
      // The page, or all of Chrome, is gone already.
      if (!(error instanceof ChromeRefusedError || error instanceof ChromeGoneError)) throw error;
    }
  }
  connection.leftEmulation.listen('viewport', (targetId) => void restore(targetId));
}
