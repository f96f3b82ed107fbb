import type { ChromeConnection } from '../chrome/connection.ts';

/** A page of Chrome's own, in a target that no client sees in its list of pages. */
export interface HiddenTarget {
  readonly targetId: string;
  readonly cdpSessionId: string;
  /** Resolves when the page is there: one that still loads would forget what it was asked. */
  readonly loaded: Promise<unknown>;
}

type Connection = Pick<ChromeConnection, 'call' | 'closeSession'>;

/** Resolves before the page is loaded: one that never is must be closed as well. */
export async function openHiddenTarget(connection: Connection, url: string): Promise<HiddenTarget> {
  const { call } = connection;
  const created = await call('Target.createTarget', { url: 'about:blank', hidden: true });
  const targetId = String(created.targetId);
  try {
    const attached = await call('Target.attachToTarget', { targetId, flatten: true });
    const cdpSessionId = String(attached.sessionId);
    const loaded = call('Page.navigate', { url }, cdpSessionId);
    // Whoever waits for it hears of it; when nobody does, it is nobody's fault.
    loaded.catch(() => undefined);
    return { targetId, cdpSessionId, loaded };
  } catch (error) {
    // Somebody closed it, or all of Chrome is gone, and then it needs no closing.
    await call('Target.closeTarget', { targetId }).catch(() => undefined);
    throw error;
  }
}

export async function closeHiddenTarget(
  connection: Connection,
  target: Pick<HiddenTarget, 'targetId' | 'cdpSessionId'>,
): Promise<void> {
  connection.closeSession(target.cdpSessionId);
  await connection.call('Target.closeTarget', { targetId: target.targetId });
}
