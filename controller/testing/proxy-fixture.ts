import { once } from 'node:events';
import { WebSocket } from 'ws';
import { createLogger } from '../../core/log/logger.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { publicKeysOf, signToken, type TokenAudience } from '../../core/tokens/tokens.ts';
import type { ProxyLimits } from '../proxy/limits.ts';
import { createProxy } from '../proxy/server.ts';
import { startFakeChrome } from './fake-chrome.ts';

export interface FixtureOptions {
  readonly limits?: Partial<ProxyLimits>;
  readonly onChromeSocket?: Parameters<typeof startFakeChrome>[0];
  readonly isAttached?: boolean;
}

/** A real proxy on a real port before a fake Chrome. */
export async function startProxyFixture({
  limits = {},
  onChromeSocket,
  isAttached = true,
}: FixtureOptions = {}) {
  const keySet = rotateKeySet();
  const chrome = await startFakeChrome(onChromeSocket);
  const seen = { counts: [] as number[], commands: 0, browserCloses: 0, log: '' };
  const proxy = createProxy({
    publicKeys: publicKeysOf(keySet),
    sessionId: 's1',
    downloadsFolder: '/downloads',
    logger: createLogger({}, (line) => {
      seen.log += `${line}\n`;
    }),
    now: () => Date.now(),
    limits,
    events: {
      onCdpClients: (count) => seen.counts.push(count),
      onCommand: () => {
        seen.commands += 1;
      },
      onBrowserClose: () => {
        seen.browserCloses += 1;
      },
    },
  });
  const { port } = await proxy.listen('127.0.0.1', 0);
  if (isAttached) proxy.attach(chrome.endpoint);
  const token = (audience: TokenAudience, pageId?: string) =>
    signToken(keySet, keySet.current, audience, {
      sessionId: 's1',
      projectId: 'p1',
      expiresAt: new Date(Date.now() + 60_000),
      ...(pageId === undefined ? {} : { pageId }),
    });
  const open = (path: string) =>
    new WebSocket(`ws://127.0.0.1:${port}${path}`, { perMessageDeflate: false, maxPayload: 300 << 20 });

  return {
    port,
    proxy,
    chrome,
    seen,
    token,
    get: (path: string) => fetch(`http://127.0.0.1:${port}${path}`),
    open,
    /** A client that is connected. */
    async connect(path = `/?signingKey=${token('cdp')}`): Promise<WebSocket> {
      const socket = open(path);
      await once(socket, 'open');
      return socket;
    },
    /** The answer to an upgrade that is refused. */
    async refusal(path: string): Promise<{ status: number; body: Record<string, unknown> }> {
      const socket = open(path);
      socket.on('error', () => {});
      const [, response] = await once(socket, 'unexpected-response');
      let text = '';
      for await (const chunk of response) text += chunk;
      return { status: response.statusCode, body: JSON.parse(text) };
    },
    async stop(): Promise<void> {
      await proxy.close();
      await chrome.stop();
    },
  };
}

export type ProxyFixture = Awaited<ReturnType<typeof startProxyFixture>>;

/** Resolves with the close code and reason of a client's socket. */
export async function closing(socket: WebSocket): Promise<readonly [code: number, reason: string]> {
  const [code, reason] = await once(socket, 'close');
  return [code, reason.toString()];
}
