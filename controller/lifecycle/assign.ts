import type { ProxySession } from '../proxy/server.ts';
import type { BootedContainer } from './boot.ts';
import { applySettings, type Browser, type LaunchSettings } from './browser.ts';
import type { StartOptions, StepLog } from './start.ts';

export const proxySessionOf = ({
  assignment,
  proxyEvents: events,
}: Pick<StartOptions, 'assignment' | 'proxyEvents'>): ProxySession => ({
  sessionId: assignment.sessionId,
  keepAlive: assignment.settings.keepAlive,
  events,
});

/**
 * From here on a booted container works for one session: its tokens open the proxy, and its clients wait until Chrome has
 * its settings.
 */
export async function assign(
  { proxy }: Pick<BootedContainer, 'proxy'>,
  { chrome }: Pick<Browser, 'chrome'>,
  options: Pick<StartOptions, 'assignment' | 'proxyEvents' | 'resources'> & { readonly log: StepLog },
  launched?: LaunchSettings,
): Promise<void> {
  proxy.assign(proxySessionOf(options));
  const { assignment, resources } = options;
  // Asked before any client can ask: nothing that one does is missing, and nobody waits.
  void resources.sessionLog?.watch(chrome.connection);
  await applySettings(chrome, assignment.settings, launched);
  options.log('settings taken');
  proxy.attach(chrome.connection);
}
