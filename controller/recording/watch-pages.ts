import { pageAddressOf } from '../../core/domain/page-address.ts';
import type { Json } from '../chrome/connection.ts';
import type { RecorderConnection } from './record-page.ts';

const PAGES = { discover: true, filter: [{ type: 'page' }] };

export interface PageEvents {
  /** A page is there, or went elsewhere. */
  onPage(targetId: string, url: string): void;
  /** It is closed, or shows nothing any more. */
  onGone(targetId: string): void;
}

/** Hears which pages there are, by a session of CDP of the controller's own. Resolves when those that are there are told. */
export async function watchPages(
  connection: RecorderConnection,
  { onPage, onGone }: PageEvents,
): Promise<void> {
  const { sessionId } = await connection.call('Target.attachToBrowserTarget');
  const watcher = String(sessionId);
  connection.listen(watcher, (method, params) => {
    if (method === 'Target.targetDestroyed' || method === 'Target.targetCrashed')
      onGone(String(params.targetId));
    if (method !== 'Target.targetCreated' && method !== 'Target.targetInfoChanged') return;
    const { targetId, type, url } = params.targetInfo as Json;
    if (type === 'page') onPage(String(targetId), pageAddressOf(String(url)));
  });
  await connection.call('Target.setDiscoverTargets', PAGES, watcher);
}
