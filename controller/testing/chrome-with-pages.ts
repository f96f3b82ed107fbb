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
  const iconOf = (sessionId = '') => pages[Number(sessionId.slice(1))]?.icon;
  const METHODS: Readonly<Record<string, (params: object, sessionId?: string) => Record<string, unknown>>> = {
    'Target.getTargets': () => ({ targetInfos }),
    'Target.attachToTarget': (params) => ({ sessionId: (params as { targetId: string }).targetId }),
    'DOM.getDocument': () => ({ root: { nodeId: 1 } }),
    'DOM.querySelector': (_, sessionId) => ({ nodeId: iconOf(sessionId) === undefined ? 0 : 2 }),
    'DOM.getAttributes': (_, sessionId) => ({ attributes: ['rel', 'icon', 'href', iconOf(sessionId)] }),
  };
  return {
    call: async (method, params = {}, sessionId) => METHODS[method]?.(params, sessionId) ?? {},
    closeSession() {},
  };
}
