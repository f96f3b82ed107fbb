import type { ChromeConnection } from '../chrome/connection.ts';
import { faviconUrlOf } from './favicon.ts';

export interface ListedPage {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  readonly url: string;
  readonly faviconUrl?: string;
}

interface TargetInfo {
  readonly targetId: string;
  readonly type: string;
  readonly title: string;
  readonly url: string;
}

/**
 * What a page says of itself may be megabytes, and a Lambda answers with 6 MB at most. With all that goes with it, a list
 * of so many such pages stays below 4 MB, also where every character of it has to be escaped.
 */
export const PAGE_LIST_LIMITS = Object.freeze({
  maxPages: 100,
  /** In UTF-16 units, as in JavaScript. */
  maxTitleLength: 512,
  maxUrlLength: 2_048,
});

/** The real pages, as Chrome's own list would name them; only one, when an id is given. */
export async function listPages(
  connection: Pick<ChromeConnection, 'call' | 'closeSession'>,
  onlyPageId: string | null,
): Promise<ListedPage[]> {
  const { targetInfos } = await connection.call('Target.getTargets');
  const pages = (targetInfos as readonly TargetInfo[])
    .filter(({ targetId, type }) => type === 'page' && (onlyPageId === null || targetId === onlyPageId))
    .slice(0, PAGE_LIST_LIMITS.maxPages);
  return Promise.all(pages.map((page) => describe(connection, page)));
}

async function describe(
  connection: Pick<ChromeConnection, 'call' | 'closeSession'>,
  page: TargetInfo,
): Promise<ListedPage> {
  const faviconUrl = await faviconUrlOf(connection, page);
  return {
    id: page.targetId,
    type: page.type,
    title: cutText(page.title, PAGE_LIST_LIMITS.maxTitleLength),
    url: cutText(page.url, PAGE_LIST_LIMITS.maxUrlLength),
    ...(faviconUrl === null ? {} : { faviconUrl }),
  };
}

/** The text's beginning; a character that takes two units is not cut in two. */
export function cutText(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '');
}
