import type { ConnectEndpoint } from '../../core/domain/connect-url.ts';
import { CONNECTION } from '../../core/domain/timing.ts';
import type { ListedPage } from './live-urls.ts';

/** The container refused, or its answer is not a list of pages. */
export class PageListError extends Error {
  override readonly name = 'PageListError';
}

/** The pages that are open in a session, asked of its container. */
export async function listPages({ httpOrigin }: ConnectEndpoint, liveToken: string): Promise<ListedPage[]> {
  const response = await fetch(`${httpOrigin}/live/${liveToken}/json/list`, {
    signal: AbortSignal.timeout(CONNECTION.pageListMs),
  });
  if (!response.ok) throw new PageListError(`The container answered ${response.status}`);
  const pages: unknown = await response.json();
  if (!Array.isArray(pages)) throw new PageListError('The container did not answer with a list');
  return pages as ListedPage[];
}
