import { on, once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { systemClock } from '../../core/clock/system-clock.ts';
import type { UploadLimits } from '../../core/domain/uploads.ts';
import { createLogger } from '../../core/log/logger.ts';
import { connected, refusalOf } from '../../core/testing/handshake.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { publicKeysOf, type TokenAudience } from '../../core/tokens/tokens.ts';
import type { Departed } from '../proxy/clients.ts';
import type { ProxyLimits } from '../proxy/limits.ts';
import { createProxy } from '../proxy/server.ts';
import { Uploads } from '../uploads/uploads.ts';
import { type FakeChrome, type FakeChromeOptions, startFakeChrome } from './fake-chrome.ts';

export interface FixtureOptions extends FakeChromeOptions {
  readonly limits?: Partial<ProxyLimits>;
  readonly isAttached?: boolean;
  readonly keepAlive?: boolean;
  readonly uploadLimits?: Partial<UploadLimits>;
}

/** The proxy opens a session of its own for the pages' dialogs; what clients do comes after it. */
async function ownSession(chrome: FakeChrome): Promise<void> {
  while (!chrome.commands.some(({ method }) => method === 'Target.setAutoAttach')) await setImmediate();
  chrome.forget();
}

/** A real proxy on a real port before a fake Chrome. */
async function startProxyFixture({
  limits = {},
  isAttached = true,
  keepAlive = false,
  uploadLimits = {},
  ...chromeOptions
}: FixtureOptions = {}) {
  const keySet = rotateKeySet(undefined, new Date());
  const chrome = startFakeChrome(chromeOptions);
  const seen = {
    counts: [] as number[],
    departures: [] as Departed[],
    commands: 0,
    browserCloses: 0,
    log: '',
  };
  const folder = mkdtempSync(join(tmpdir(), 'wallcrawler-proxy-'));
  const [uploaded, unfinished] = [join(folder, 'uploads'), join(folder, 'unfinished')];
  for (const each of [uploaded, unfinished]) mkdirSync(each);
  const uploads = new Uploads({ folder: uploaded, unfinished, limits: uploadLimits });
  const proxy = createProxy({
    publicKeys: publicKeysOf(keySet),
    downloadsFolder: '/downloads',
    uploads,
    logger: createLogger({}, (line) => {
      seen.log += `${line}\n`;
    }),
    clock: systemClock,
    limits,
  });
  const events = {
    onCdpClients(count: number, left?: Departed) {
      seen.counts.push(count);
      if (left !== undefined) seen.departures.push(left);
    },
    onCommand() {
      seen.commands += 1;
    },
    onBrowserClose() {
      seen.browserCloses += 1;
    },
  };
  proxy.assign({ sessionId: 's1', keepAlive, events });
  const { port } = await proxy.listen('127.0.0.1', 0);
  if (isAttached) {
    proxy.attach(chrome.connection);
    if (chromeOptions.hangs === undefined) await ownSession(chrome);
  }
  const token = (audience: TokenAudience, pageId?: string) =>
    signToken(keySet, keySet.current, audience, {
      sessionId: 's1',
      projectId: 'p1',
      expiresAt: new Date(Date.now() + 60_000),
      ...(pageId === undefined ? {} : { pageId }),
    });
  const open = (path: string, headers: Record<string, string> = {}) =>
    new WebSocket(`ws://127.0.0.1:${port}${path}`, {
      perMessageDeflate: false,
      maxPayload: 300 << 20,
      headers,
    });

  return {
    port,
    proxy,
    chrome,
    seen,
    token,
    /** Names of files that are there whole, and what lies there of others. */
    filesThere: () => ({ whole: readdirSync(uploaded), unfinished: readdirSync(unfinished) }),
    pathOf: (name: string) => join(uploaded, name),
    get: (path: string) => fetch(`http://127.0.0.1:${port}${path}`),
    open,
    /** The answer to a command of a client. */
    async ask(client: WebSocket, command: object): Promise<Record<string, unknown>> {
      client.send(JSON.stringify(command));
      const [data] = await once(client, 'message');
      return JSON.parse(data.toString());
    },
    /** A client that is connected. */
    connect: (path = `/?signingKey=${token('cdp')}`, headers: Record<string, string> = {}) =>
      connected(open(path, headers)),
    /** The answer to an upgrade that is refused. */
    refusal: (path: string) => refusalOf(open(path)),
    async stop(): Promise<void> {
      await proxy.close();
      chrome.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

export type ProxyFixture = Awaited<ReturnType<typeof startProxyFixture>>;

/** Starts proxies for the tests of a file; `stopAll` goes into its `after.each`. */
export function createProxyFixtures() {
  const fixtures: ProxyFixture[] = [];
  return {
    async start(options?: FixtureOptions): Promise<ProxyFixture> {
      const fixture = await startProxyFixture(options);
      fixtures.push(fixture);
      return fixture;
    },
    async stopAll(): Promise<void> {
      for (const fixture of fixtures.splice(0)) await fixture.stop();
    },
  };
}

/** The session of CDP that a client's commands reach, which the client itself never sees. */
export async function cdpSessionOf({ ask, chrome }: ProxyFixture, client: WebSocket): Promise<string> {
  await ask(client, { id: 1, method: 'Which.session' });
  return chrome.commands.at(-1)?.sessionId ?? '';
}

/** A client's messages, none lost when several come at once. */
export function inboxOf(socket: WebSocket): () => Promise<Record<string, unknown>> {
  const messages = on(socket, 'message');
  return async () => {
    const { value } = await messages.next();
    return JSON.parse(String(value?.[0]));
  };
}

/** Resolves with the close code and reason of a client's socket. */
export async function closing(socket: WebSocket): Promise<readonly [code: number, reason: string]> {
  const [code, reason] = await once(socket, 'close');
  return [code, reason.toString()];
}
