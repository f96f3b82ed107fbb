import type { ProxyRoute } from '../../core/domain/proxies.ts';
import type { ProxySession } from '../proxy/server.ts';
import { keepPages } from './allowed-domains.ts';
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
 * its settings and its extension.
 */
export async function assign(
  { proxy, folder }: Pick<BootedContainer, 'proxy' | 'folder'>,
  { chrome, downloads }: Pick<Browser, 'chrome' | 'downloads'>,
  options: Pick<StartOptions, 'assignment' | 'proxyEvents' | 'resources' | 'emit' | 'end' | 'logger'> & {
    readonly log: StepLog;
    readonly proxies: readonly ProxyRoute[];
  },
  launched?: LaunchSettings,
): Promise<void> {
  const { settings } = options.assignment;
  proxy.assign(proxySessionOf(options));
  // Asked before any client can ask: nothing that one does is missing, and nobody waits.
  void options.resources.sessionLog?.watch(chrome.connection);
  void options.resources.recording?.watch(chrome.connection);
  options.resources.downloads?.follow(downloads);
  // Before the extension, which may ask for something at once.
  await options.resources.egress?.open({ ...options, blockAds: settings.blockAds });
  await Promise.all([applySettings(chrome, settings, launched), keepPages(chrome, options)]);
  options.log('settings taken');
  if (settings.extensionId !== null) {
    const { extensionId } = settings;
    const { loadExtension } = await import('../extension/load-extension.ts');
    const { nameLoaded } = await import('../extension/name-loaded.ts');
    const chromeId = await loadExtension(chrome.connection, folder.extension);
    options.log('extension loaded', { extensionId, chromeId });
    // Beside the start: nobody waits for a name.
    void nameLoaded(chrome.connection, chromeId).then((name) =>
      options.emit('extension.loaded', { extensionId, ...name }),
    );
  }
  proxy.attach(chrome.connection);
}
