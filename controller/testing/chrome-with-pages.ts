import type { ChromeConnection } from '../chrome/connection.ts';

export interface FakePage {
  readonly title: string;
  readonly url: string;
  /** The href of its icon; it has none by default. */
  readonly icon?: string;
}

/** As much of Chrome as the list of its pages asks for; the first is P0. */
export function chromeWithPages(pages: readonly FakePage[]): Pick<ChromeConnection, 'call' | 'closeSession'> {
  const targetInfos = pages.map(({ title, url }, index) => ({
    targetId: `P${index}`,
    type: 'page',
    title,
    url,
  }));
  const iconOf = (cdpSessionId = '') => pages[Number(cdpSessionId.slice(1))]?.icon;
  const METHODS: Readonly<
    Record<string, (params: object, cdpSessionId?: string) => Record<string, unknown>>
  > = {
    'Target.getTargets': () => ({ targetInfos }),
    'Target.attachToTarget': (params) => ({ sessionId: (params as { targetId: string }).targetId }),
    'DOM.getDocument': () => ({ root: { nodeId: 1 } }),
    'DOM.querySelector': (_, cdpSessionId) => ({ nodeId: iconOf(cdpSessionId) === undefined ? 0 : 2 }),
    'DOM.getAttributes': (_, cdpSessionId) => ({ attributes: ['rel', 'icon', 'href', iconOf(cdpSessionId)] }),
  };
  return {
    call: async (method, params = {}, cdpSessionId) => METHODS[method]?.(params, cdpSessionId) ?? {},
    closeSession() {},
  };
}
