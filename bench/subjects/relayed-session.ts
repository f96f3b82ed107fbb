/** A session whose proxy can be reached by its own port as well as through the router. */
import { listeningPortsOf } from '../../tests/e2e/support/listening-ports.ts';
import type { Platform } from './platform.ts';

export interface RelayedSession {
  /** As clients are given it: through the one port and the router. */
  readonly routedUrl: string;
  /** The port of the session's own proxy, with the same key. */
  readonly ownUrl: string;
  release(): Promise<void>;
}

export async function createRelayedSession(platform: Platform): Promise<RelayedSession> {
  const { client } = platform;
  await platform.rest();
  const { id, connectUrl } = await client.sessions.create({ keepAlive: true });
  const [port] = listeningPortsOf(platform.onlyChrome().controllerPid);
  const signingKey = new URL(connectUrl).searchParams.get('signingKey');
  if (port === undefined || signingKey === null)
    throw new Error('the proxy of the session cannot be reached');
  return {
    routedUrl: connectUrl,
    ownUrl: `ws://127.0.0.1:${port}/?signingKey=${signingKey}`,
    async release() {
      await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
      await platform.rest();
    },
  };
}
