import { once } from 'node:events';
import { existsSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DEFAULT_VIEWPORT } from '../../core/domain/container-settings.ts';
import { createLogger } from '../../core/log/logger.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import type { ContainerApi } from '../container-api/container-api.ts';
import { type FakeBrowser, writeFakeBrowser } from '../testing/fake-browser.ts';
import { GOES_ON } from '../testing/session-fixture.ts';
import { createSessionEnd } from './end-decision.ts';
import { SessionResources } from './resources.ts';
import { type StartOptions, startSession } from './start.ts';

const starts = suite('the start of a session');
const made: { browser: FakeBrowser; resources: SessionResources }[] = [];
starts.after.each(async () => {
  for (const { browser, resources } of made.splice(0)) {
    await resources.browserSettled;
    resources.abandon();
    await resources.proxy?.close();
    await browser.remove();
  }
});

/** What a start needs, with a stand-in for Chrome. */
async function prepare({
  api = {},
  proxyPort = 0,
}: {
  api?: Partial<ContainerApi>;
  proxyPort?: number;
} = {}) {
  const browser = await writeFakeBrowser();
  const resources = new SessionResources();
  made.push({ browser, resources });
  const logs: Record<string, unknown>[] = [];
  const clock = createManualClock();
  const end = createSessionEnd();
  const never = () => assert.unreachable('nobody asked for it') as never;
  const options: StartOptions = {
    identity: { publicKeys: {} },
    host: {
      proxyHost: '127.0.0.1',
      proxyPort,
      chromePath: browser.executable,
      chromeUser: undefined,
      isReclaimable: false,
      sessionRoot: browser.folder,
      times: {
        connectDeadlineMs: 1,
        idleTimeoutMs: 1,
        reconnectGraceMs: 1,
        heartbeatIntervalMs: 1,
        shutdownTimeoutMs: 1,
      },
    },
    assignment: {
      sessionId: 's-1',
      projectId: 'p-1',
      token: 'token',
      settings: {
        expiresAt: '2026-06-01T12:00:00.000Z',
        keepAlive: false,
        context: api.signProfileDownload === undefined ? null : { id: 'c', persist: false },
        viewport: DEFAULT_VIEWPORT,
        extensionId: api.signExtensionUrl === undefined ? null : 'e',
        certificateIds: [],
        hasProxies: false,
        ignoreCertificateErrors: false,
        blockAds: false,
        allowedDomains: [],
        logSession: false,
        recordSession: false,
        idleTimeoutMs: null,
        connectDeadlineMs: null,
        origin: null,
      },
    },
    api: {
      reportReady: never,
      reportHeartbeat: never,
      reportEnded: never,
      signProfileDownload: never,
      signProfileSave: never,
      reportDownload: never,
      readNetwork: never,
      signArtifactUrls: never,
      signExtensionUrl: never,
      reportEvents: never,
      ...api,
    },
    clock,
    logger: createLogger({}, (line) => logs.push(JSON.parse(line))),
    resources,
    end,
    emit() {},
    proxyEvents: { onCdpClients: never, onCommand() {}, onBrowserClose: never },
  };
  return { options, resources, logs, clock, end };
}
const messageOf = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'it started',
    (error: Error) => error.message,
  );

starts('answers with what the platform says to its ready report', async () => {
  const view = { ...GOES_ON, expiresAtMs: 7 };
  const { options, end } = await prepare({
    api: {
      async reportReady(sandbox, { signal } = {}) {
        assert.is(sandbox, process.getuid?.() === 0 ? 'off' : 'on');
        assert.is(signal, end.signal, 'an end that is decided does not wait for the report');
        return view;
      },
    },
  });
  assert.is(await startSession(options), view);
});

starts('has everything that must be ended before it reports, and counts no client', async () => {
  const there: unknown[] = [];
  const { options, resources } = await prepare({
    api: {
      async reportReady() {
        const { folder, proxy, chrome } = resources;
        there.push(existsSync(folder?.root ?? ''), proxy !== undefined, chrome !== undefined);
        return GOES_ON;
      },
    },
  });
  await startSession(options);
  assert.equal([there, resources.countClients()], [[true, true, true], 0]);
});

starts('asks for its profile before there is a Chrome that could write to it', async () => {
  const { options, resources } = await prepare({
    api: {
      async signProfileDownload() {
        assert.is(resources.chrome, undefined);
        throw new Error('No context of this name');
      },
    },
  });
  assert.is(await messageOf(startSession(options)), 'No context of this name');
  assert.ok(resources.folder !== undefined && resources.chrome === undefined);
});

starts('fails without its port, and knows of the Chrome that comes up meanwhile', async () => {
  const taken = net.createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { options, resources } = await prepare({ proxyPort: (taken.address() as AddressInfo).port });
  assert.match(await messageOf(startSession(options)), 'EADDRINUSE');
  await resources.browserSettled;
  assert.ok(resources.chrome !== undefined, 'or nobody would end it');
  taken.close();
});

starts('proves its proxy anew when the proof that waited for Chrome came to nothing', async () => {
  const { options, resources } = await prepare({ api: { reportReady: async () => GOES_ON } });
  const keys: string[] = [];
  let proxy: SessionResources['proxy'];
  // The key of the first proof opens nothing.
  Object.defineProperty(resources, 'proxy', {
    get: () => proxy,
    set(opened: NonNullable<typeof proxy>) {
      const issue = opened.issueProbeKey.bind(opened);
      opened.issueProbeKey = () => {
        keys.push(keys.length === 0 ? 'none' : issue());
        return keys.at(-1) ?? '';
      };
      proxy = opened;
    },
  });
  assert.is(await startSession(options), GOES_ON);
  assert.is(keys.length, 2);
});

starts('tells in its log what took how long, and holds no key', async () => {
  const { options, logs, clock } = await prepare({
    api: {
      async reportReady() {
        clock.advance(250);
        return GOES_ON;
      },
    },
  });
  await startSession(options);
  const steps = logs.filter(({ sinceStartMs }) => sinceStartMs !== undefined);
  assert.equal(
    steps.map(({ message, sinceStartMs }) => [message, sinceStartMs]),
    [
      ['browser launching', 0],
      ['proxy listening', 0],
      ['browser answered', 0],
      ['settings taken', 0],
      ['browser ready', 0],
      ['session ready', 250],
    ],
  );
  assert.is(steps.find(({ message }) => message === 'browser ready')?.product, 'Fake/1');
  assert.not.match(JSON.stringify(logs), 'signingKey');
});

starts('ends a session whose Chrome goes, from the moment it is there', async () => {
  const { options, resources, end } = await prepare({
    api: {
      async reportReady() {
        resources.chrome?.connection.call('Fake.crash').catch(() => undefined);
        await end.decision;
        return GOES_ON;
      },
    },
  });
  await startSession(options);
  const { reason, detail } = await end.decision;
  assert.is(reason, 'browser_crashed');
  assert.match(detail ?? '', /^Chrome was killed by SIGKILL\..*the last words$/);
});

starts.run();
