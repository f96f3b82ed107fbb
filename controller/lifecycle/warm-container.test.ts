import { existsSync } from 'node:fs';
import path from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HEARTBEAT, WARM } from '../../core/domain/timing.ts';
import { createLogger } from '../../core/log/logger.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { createClaimKey } from '../assignment/claim-key.ts';
import { CallRefusedError } from '../container-api/container-api.ts';
import type { WarmReport } from '../container-api/warm-api.ts';
import { type FakeBrowser, writeFakeBrowser } from '../testing/fake-browser.ts';
import { WarmContainer } from './warm-container.ts';

const WARM_ID = 'w01-5b7a2c9e-8f0a-4a6e-9d0a-3c1c9a1d2e3f';
const LIFE_MS = 3_600_000;
const browsers: FakeBrowser[] = [];
const key = await createClaimKey();

const unclaimed = suite('a container that nobody claims');
unclaimed.after.each(async () => {
  for (const browser of browsers.splice(0)) await browser.remove();
});

/** One with a stand-in for Chrome, whose platform answers its report as `report` does. */
async function start(report: (given: WarmReport) => Promise<void> = async () => {}, script = '') {
  const browser = await writeFakeBrowser(script);
  browsers.push(browser);
  const clock = createManualClock();
  const reported = Promise.withResolvers<WarmReport>();
  const lines: string[] = [];
  const container = new WarmContainer({
    warm: { warmId: WARM_ID, token: 'token', untilMs: clock.now() + LIFE_MS },
    identity: { publicKeys: {} },
    host: {
      proxyHost: '127.0.0.1',
      proxyPort: 0,
      chromePath: browser.executable,
      chromeUser: undefined,
      sessionRoot: browser.folder,
      isReclaimable: false,
      times: {
        connectDeadlineMs: 1,
        idleTimeoutMs: 1,
        reconnectGraceMs: 1,
        heartbeatIntervalMs: 1,
        shutdownTimeoutMs: 1,
      },
    },
    key,
    api: {
      async reportReady(given) {
        reported.resolve(given);
        await report(given);
      },
    },
    clock,
    logger: createLogger({}, (line) => lines.push(line)),
  });
  const ending = container.run();
  const leavesNothing = () => assert.not(existsSync(path.join(browser.folder, WARM_ID)));
  return { container, clock, ending, reported: reported.promise, lines, leavesNothing };
}

unclaimed('reports that it can be claimed, with the key to seal claims to', async () => {
  const { container, reported, ending, lines, leavesNothing } = await start();
  const { publicKey, sandbox } = await reported;
  assert.equal([publicKey, sandbox], [key.publicKey, process.getuid?.() === 0 ? 'off' : 'on']);
  container.stop();
  assert.equal(await ending, { exitCode: 0 });
  leavesNothing();
  assert.ok(lines.every((line) => line.includes(WARM_ID)));
});

unclaimed('ends by itself when whoever should end it has not', async () => {
  const { clock, reported, ending, leavesNothing } = await start();
  await reported;
  clock.advance(LIFE_MS + WARM.overdueMs - 1);
  assert.is(
    await Promise.race([ending, new Promise((resolve) => setImmediate(resolve, 'it waits'))]),
    'it waits',
  );
  clock.advance(1);
  assert.equal(await ending, { exitCode: 0 });
  leavesNothing();
});

const flush = () => new Promise((resolve) => setImmediate(resolve));

unclaimed('ends when the platform that wanted it has gone without a word', async () => {
  let isThere = true;
  const { clock, lines, ending, leavesNothing } = await start(async () => {
    if (!isThere) throw new Error('nobody listens');
  });
  while (!lines.some((line) => line.includes('can be claimed'))) await flush();
  isThere = false;
  clock.advance(HEARTBEAT.silenceMs - 1);
  await flush();
  const early = await Promise.race([ending, flush().then(() => 'it waits')]);
  assert.is(early, 'it waits');
  while (lines.every((line) => !line.includes('ends unclaimed'))) {
    clock.advance(WARM.beatMs);
    await flush();
  }
  assert.ok(lines.some((line) => line.includes('The platform did not answer for')));
  assert.ok(clock.now() < Date.parse('2026-01-01T00:05:00Z'), 'long before its age');
  assert.equal(await ending, { exitCode: 0 });
  leavesNothing();
});

unclaimed('ends when its slot has gone to another', async () => {
  let isWanted = true;
  const { clock, lines, ending, leavesNothing } = await start(async () => {
    if (!isWanted) throw new CallRefusedError('ready', 409, 'Replaced');
  });
  while (!lines.some((line) => line.includes('can be claimed'))) await flush();
  isWanted = false;
  clock.advance(WARM.beatMs);
  assert.equal(await ending, { exitCode: 0 });
  leavesNothing();
});

unclaimed('ends quietly when the platform refuses it', async () => {
  const refuse = () => Promise.reject(new CallRefusedError('ready', 409, 'Replaced'));
  const { ending, leavesNothing } = await start(refuse);
  assert.equal(await ending, { exitCode: 0 });
  leavesNothing();
});

unclaimed('ends with a fault when the platform cannot be reached', async () => {
  const { ending, leavesNothing } = await start(() => Promise.reject(new Error('no way')));
  assert.equal(await ending, { exitCode: 1 });
  leavesNothing();
});

unclaimed('ends with a fault when its Chrome goes, or never comes', async () => {
  for (const script of [
    `methods['Browser.getVersion'] = () => process.exit(3);`,
    `setTimeout(() => process.exit(3), 400);`,
  ]) {
    const { ending, leavesNothing } = await start(undefined, script);
    assert.equal(await ending, { exitCode: 1 });
    leavesNothing();
  }
});

unclaimed('can be stopped at any moment of its start', async () => {
  const { container, ending, leavesNothing } = await start();
  container.stop();
  assert.equal(await ending, { exitCode: 0 });
  leavesNothing();
});

unclaimed.run();
