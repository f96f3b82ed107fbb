import type { ProxyRoute } from '../../core/domain/proxies.ts';
import type { StartOptions } from './start.ts';

/** The session's proxies, asked for while Chrome starts. */
export function fetchProxies({
  api,
  assignment,
  end,
}: Pick<StartOptions, 'api' | 'assignment' | 'end'>): Promise<readonly ProxyRoute[]> {
  if (!assignment.settings.hasProxies) return Promise.resolve([]);
  const fetching = api.readNetwork({ signal: end.signal }).then(({ proxies }) => proxies);
  // Whoever waits for it hears of it; a start that failed before does not.
  fetching.catch(() => undefined);
  return fetching;
}
