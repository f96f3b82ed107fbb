import type { ConnectEndpoint } from '../../core/domain/connect-url.ts';
import { toIconUri, toUri } from '../../core/domain/to-uri.ts';

/** As the contract has them, and as the container cuts them. */
export const MAX_URL_CHARACTERS = 2_048;
export const MAX_ICON_CHARACTERS = 4_096;

/** A page as Chrome's /json/list has it. */
export interface ListedPage {
  readonly id: string;
  readonly url: string;
  readonly title: string;
  readonly faviconUrl?: string;
}

export interface LivePageView {
  readonly id: string;
  readonly url: string;
  readonly faviconUrl: string;
  readonly title: string;
  readonly debuggerUrl: string;
  readonly debuggerFullscreenUrl: string;
}

export interface LiveUrlsView {
  readonly debuggerUrl: string;
  readonly debuggerFullscreenUrl: string;
  readonly wsUrl: string;
  readonly pages: readonly LivePageView[];
}

export interface LiveUrlsOptions {
  /** Signs for one page, or for the whole session. */
  readonly signLiveToken: (pageId?: string) => string;
  /** The tokens are for watching. */
  readonly isViewOnly: boolean;
}

/**
 * The token stands in the path, so that the inspector's own files, which it loads by relative addresses, are opened by
 * it too. To who may only watch an inspector shows nothing: they get the view instead.
 */
export function toLiveUrls(
  { webSocketOrigin, httpOrigin }: ConnectEndpoint,
  pages: readonly ListedPage[],
  { signLiveToken, isViewOnly }: LiveUrlsOptions,
): LiveUrlsView {
  const socketPathOf = (token: string, pageId: string) => `/live/${token}/devtools/page/${pageId}`;
  const inspectorOf = (pageId: string) => {
    const token = signLiveToken(pageId);
    const [scheme = 'ws', address = ''] = webSocketOrigin.split('://');
    const query = `${scheme}=${address}${socketPathOf(token, pageId)}`;
    return `${httpOrigin}/live/${token}/devtools/inspector.html?${query}`;
  };
  // The page alone, for a person; of one page, or of the session with whichever page it is at.
  const viewOf = (pageId?: string) =>
    `${httpOrigin}/live/${signLiveToken(pageId)}/view${pageId === undefined ? '' : `/${pageId}`}`;
  const views = pages.map((page): LivePageView => {
    const { id, title } = page;
    const debuggerFullscreenUrl = viewOf(id);
    const debuggerUrl = isViewOnly ? debuggerFullscreenUrl : inspectorOf(id);
    const url = toUri(page.url, MAX_URL_CHARACTERS);
    const faviconUrl = toIconUri(page.faviconUrl ?? '', MAX_ICON_CHARACTERS);
    return { id, url, faviconUrl, title, debuggerUrl, debuggerFullscreenUrl };
  });
  const [first] = views;
  const token = signLiveToken();
  // A browser whose last page was closed still has its list of pages to look at.
  const none = isViewOnly ? viewOf() : `${httpOrigin}/live/${token}/json/list`;
  return {
    debuggerUrl: first?.debuggerUrl ?? none,
    debuggerFullscreenUrl: viewOf(),
    wsUrl: `${webSocketOrigin}${first === undefined ? `/live/${token}` : socketPathOf(token, first.id)}`,
    pages: views,
  };
}
