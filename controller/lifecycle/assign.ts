import type { ProxySession } from '../proxy/server.ts';
import type { BootedContainer } from './boot.ts';
import { applySettings, type Browser, type LaunchSettings } from './browser.ts';
import type { StartOptions } from './start.ts';

export const proxySessionOf = ({
  assignment,
  proxyEvents: events,
}: Pick<StartOptions, 'assignment' | 'proxyEvents'>): ProxySession => ({
  sessionId: assignment.sessionId,
  keepAlive: assignment.settings.keepAlive,
  events,
});

/**
 * From here on a booted container works for one session: its tokens open the proxy, its clients wait until Chrome has its
 * settings, and a round trip proves both. What Chrome calls itself.
 */
export async function assign(
  { proxy, prove }: Pick<BootedContainer, 'prove' | 'proxy'>,
  { chrome }: Pick<Browser, 'chrome'>,
  options: Pick<StartOptions, 'assignment' | 'proxyEvents'>,
  launched?: LaunchSettings,
): Promise<string> {
  proxy.assign(proxySessionOf(options));
  await applySettings(chrome, options.assignment.settings, launched);
  proxy.attach(chrome.connection);
  return prove();
}
