import type { ConnectEndpoint } from '../../core/domain/connect-url.ts';
import { isObject } from '../../core/domain/is-object.ts';
import { CONNECTION } from '../../core/domain/timing.ts';
import type { ListedPage } from './live-urls.ts';

/** The container refused, or its answer is not a list of pages. */
export class PageListError extends Error {
  override readonly name = 'PageListError';
}

/** The pages that are open in a session, asked of its container, which is not believed: a page may have taken it over. */
export async function listPages({ httpOrigin }: ConnectEndpoint, liveToken: string): Promise<ListedPage[]> {
  const response = await fetch(`${httpOrigin}/live/${liveToken}/json/list`, {
    signal: AbortSignal.timeout(CONNECTION.pageListMs),
    // Nor may it have the platform ask somebody else.
    redirect: 'error',
  });
  if (!response.ok) throw new PageListError(`The container answered ${response.status}`);
  const pages: unknown = await response.json();
  if (!Array.isArray(pages) || !pages.every(isListedPage)) {
    throw new PageListError('The container did not answer with a list of pages');
  }
  return pages;
}

const isListedPage = (page: unknown): page is ListedPage =>
  isObject(page) &&
  [page.id, page.url, page.title, page.faviconUrl ?? ''].every((text) => typeof text === 'string');
