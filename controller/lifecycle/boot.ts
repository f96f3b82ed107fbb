import type { Clock } from '../../core/domain/clock.ts';
import type { ContainerSettings } from '../../core/domain/container-settings.ts';
import type { Logger } from '../../core/log/logger.ts';
import type { Host } from '../assignment/host.ts';
import type { Identity } from '../assignment/identity.ts';
import type { ClaimDoor } from '../proxy/serve-claim.ts';
import type { ProxySession, SessionProxy } from '../proxy/server.ts';
import type { Browser } from './browser.ts';
import { originOf, proveReady } from './prove-ready.ts';
import type { SessionResources } from './resources.ts';
import { openEgress } from './session-egress.ts';
import { createSessionFolder, type SessionFolder } from './session-folder.ts';

export interface BootOptions {
  readonly identity: Pick<Identity, 'publicKeys'>;
  readonly host: Host;
  readonly resources: SessionResources;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Of the folder: the session's id, or that of a container which has none yet. */
  readonly name: string;
  readonly openBrowser: (folder: SessionFolder) => Promise<Browser>;
  /** Where it is known already: its clients wait for Chrome, instead of being sent away. */
  readonly session?: ProxySession;
  readonly settings?: ContainerSettings;
  readonly claims?: ClaimDoor | undefined;
  readonly onListening?: (prove: BootedContainer['prove']) => void;
}

/** A container that runs, as far as it can without a session: its proxy listens and has no Chrome yet. */
export interface BootedContainer {
  readonly folder: SessionFolder;
  readonly proxy: SessionProxy;
  readonly browser: Browser;
  readonly port: number;
  /** Its proxy's, for itself. */
  readonly origin: string;
  /** One CDP round trip through the proxy, to the Chrome that is attached. What Chrome calls itself. */
  prove(): Promise<string>;
}

/** Chrome first, so that it starts while this process loads and binds the rest. */
export async function boot(options: BootOptions): Promise<BootedContainer> {
  const { host, resources, name, openBrowser } = options;
  const folder = createSessionFolder(host.sessionRoot, name, host.chromeUser);
  resources.folder = folder;
  resources.egress = openEgress(options);
  const opening = openBrowser(folder);
  resources.browserSettled = opening.catch(() => undefined);
  const proxy = await openProxy(folder, options);
  const { address, port } = await proxy.listen(host.proxyHost, host.proxyPort);
  const origin = originOf(address, port);
  const prove = () => proveReady(origin, proxy.issueProbeKey());
  options.onListening?.(prove);
  const browser = await opening;
  return { folder, proxy, browser, port, origin, prove };
}

async function openProxy(folder: SessionFolder, options: BootOptions): Promise<SessionProxy> {
  const { identity, resources, clock, logger, claims } = options;
  const [{ createProxy }, { Uploads }] = await Promise.all([
    import('../proxy/server.ts'),
    import('../uploads/uploads.ts'),
  ]);
  const proxy = createProxy({
    publicKeys: identity.publicKeys,
    downloadsFolder: folder.downloads,
    uploads: new Uploads({ folder: folder.uploads, unfinished: folder.controller }),
    // A claim may open the way out that it asks.
    contextProxy: (server, bypassList) => resources.egress?.contextProxy(server, bypassList),
    logger,
    clock,
    claims,
  });
  if (options.session !== undefined) proxy.assign(options.session);
  resources.proxy = proxy;
  return proxy;
}
