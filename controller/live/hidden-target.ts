import type { ChromeConnection } from '../chrome/connection.ts';

/** A page of Chrome's own, in a target that no client sees in its list of pages. */
export interface HiddenTarget {
  readonly targetId: string;
  readonly cdpSessionId: string;
}

type Connection = Pick<ChromeConnection, 'call' | 'closeSession'>;

export async function openHiddenTarget({ call }: Connection, url: string): Promise<HiddenTarget> {
  const created = await call('Target.createTarget', { url: 'about:blank', hidden: true });
  const targetId = String(created.targetId);
  const attached = await call('Target.attachToTarget', { targetId, flatten: true });
  const cdpSessionId = String(attached.sessionId);
  // Answered when the page is there: one that still loads would forget what it was asked.
  await call('Page.navigate', { url }, cdpSessionId);
  return { targetId, cdpSessionId };
}

export async function closeHiddenTarget(connection: Connection, target: HiddenTarget): Promise<void> {
  connection.closeSession(target.cdpSessionId);
  await connection.call('Target.closeTarget', { targetId: target.targetId });
}
