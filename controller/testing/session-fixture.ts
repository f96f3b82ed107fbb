import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type ContainerSettings, DEFAULT_VIEWPORT } from '../../core/domain/container-settings.ts';
import type { NewEvent } from '../../core/domain/session-event.ts';
import { createLogger } from '../../core/log/logger.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import type { ContainerApi, EndReport, PlatformView } from '../container-api/container-api.ts';
import { RunningSession } from '../lifecycle/session.ts';
import { writeFakeBrowser } from './fake-browser.ts';

export const GOES_ON: PlatformView = { isOver: false, endReason: null, expiresAtMs: Number.NaN };

export interface SessionFixtureOptions {
  /** Of the stand-in for Chrome. */
  readonly script?: string;
  readonly settings?: Partial<ContainerSettings>;
  readonly api?: Partial<ContainerApi>;
}

/** A session in this process: its browser is a stand-in, its platform answers as a test says, its clock stands still. */
async function startSessionFixture({ script, settings, api: answers }: SessionFixtureOptions) {
  const browser = await writeFakeBrowser(script);
  const root = await mkdtemp(path.join(tmpdir(), 'wallcrawler-session-'));
  const clock = createManualClock();
  const calls: string[] = [];
  const ended: EndReport[] = [];
  const told: NewEvent[] = [];
  const logs: Record<string, unknown>[] = [];
  const ready = Promise.withResolvers<void>();
  const answer: ContainerApi = {
    reportReady: async () => GOES_ON,
    reportHeartbeat: async () => GOES_ON,
    reportEvents: async () => GOES_ON,
    reportEnded: async () => {},
    signProfileDownload: () => Promise.reject(new Error('No context of this name')),
    signProfileSave: () => Promise.reject(new Error('No context of this name')),
    signArtifactUrls: () => Promise.reject(new Error('There is no store')),
    signExtensionUrl: () => Promise.reject(new Error('No extension of this name')),
    readNetwork: () => Promise.reject(new Error('There are none')),
    reportDownload: () => Promise.reject(new Error('There is no store')),
    ...answers,
  };
  const api: ContainerApi = {
    reportReady(sandbox, options) {
      calls.push('ready');
      return answer.reportReady(sandbox, options).finally(() => setImmediate(ready.resolve));
    },
    reportHeartbeat(count, options) {
      calls.push(`heartbeat ${count}`);
      return answer.reportHeartbeat(count, options);
    },
    reportEvents(events, options) {
      told.push(...events);
      return answer.reportEvents(events, options);
    },
    reportEnded(report, options) {
      calls.push('ended');
      ended.push(report);
      return answer.reportEnded(report, options);
    },
    signProfileDownload(options) {
      calls.push('restore');
      return answer.signProfileDownload(options);
    },
    signProfileSave(replaces, options) {
      calls.push('persist');
      return answer.signProfileSave(replaces, options);
    },
    signArtifactUrls(artifacts, options) {
      calls.push('artifact-urls');
      return answer.signArtifactUrls(artifacts, options);
    },
    signExtensionUrl(options) {
      calls.push('extension');
      return answer.signExtensionUrl(options);
    },
    readNetwork(options) {
      calls.push('network');
      return answer.readNetwork(options);
    },
    reportDownload(download, options) {
      calls.push('download');
      return answer.reportDownload(download, options);
    },
  };
  const session = new RunningSession({
    identity: { publicKeys: {} },
    host: {
      proxyHost: '127.0.0.1',
      proxyPort: 0,
      chromePath: browser.executable,
      chromeUser: undefined,
      sessionRoot: root,
      isReclaimable: false,
      times: {
        connectDeadlineMs: 300_000,
        idleTimeoutMs: 600_000,
        reconnectGraceMs: 60_000,
        heartbeatIntervalMs: 15_000,
        shutdownTimeoutMs: 20_000,
      },
    },
    assignment: {
      sessionId: 's-1',
      projectId: 'p-1',
      token: 'token',
      settings: {
        expiresAt: new Date(clock.now() + 3_600_000).toISOString(),
        keepAlive: false,
        context: null,
        extensionId: null,
        certificateIds: [],
        hasProxies: false,
        viewport: DEFAULT_VIEWPORT,
        ignoreCertificateErrors: false,
        blockAds: false,
        allowedDomains: [],
        logSession: false,
        recordSession: false,
        idleTimeoutMs: null,
        connectDeadlineMs: null,
        origin: null,
        ...settings,
      },
    },
    api,
    clock,
    logger: createLogger({}, (line) => logs.push(JSON.parse(line))),
  });
  const folder = path.join(root, 's-1');
  return {
    session,
    clock,
    calls,
    ended,
    /** Events, as they were sent. */
    told,
    logs,
    folder,
    /** When the platform has answered the ready report, and the session knows. */
    ready: ready.promise,
    hasFolder: () => existsSync(folder),
    async remove(): Promise<void> {
      session.abandon();
      await browser.remove();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export type SessionFixture = Awaited<ReturnType<typeof startSessionFixture>>;

/** Makes sessions for the tests of a file; `removeAll` goes into its `after.each`. */
export function createSessionFixtures() {
  const fixtures: SessionFixture[] = [];
  return {
    async start(options: SessionFixtureOptions = {}): Promise<SessionFixture> {
      const fixture = await startSessionFixture(options);
      fixtures.push(fixture);
      return fixture;
    },
    async removeAll(): Promise<void> {
      for (const fixture of fixtures.splice(0)) await fixture.remove();
    },
  };
}
