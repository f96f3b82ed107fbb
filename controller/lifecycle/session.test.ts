import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pidsMentioning } from '../chrome/orphaned-processes.ts';
import { CallRefusedError } from '../container-api/container-api.ts';
import { type FakePlatform, startFakePlatform } from '../testing/fake-platform.ts';
import { createSessionFixtures, GOES_ON, type SessionFixture } from '../testing/session-fixture.ts';

const MINUTE_MS = 60_000;
const sessions = suite('a session from its first moment to its last');
const { start, removeAll } = createSessionFixtures();
sessions.after.each(removeAll);

/** Runs it until it is ready, and answers its exit code to come. */
async function untilReady({ session, ready }: SessionFixture): Promise<{ exitCode: Promise<number> }> {
  const exitCode = session.run();
  await ready;
  return { exitCode };
}
const reasons = ({ ended }: SessionFixture) => ended.map(({ reason }) => reason);

sessions('is ready, is released, and leaves neither a process nor a folder', async () => {
  const fixture = await start();
  const { exitCode } = await untilReady(fixture);
  assert.ok(fixture.hasFolder());
  assert.is.not(pidsMentioning(fixture.folder).length, 0);
  fixture.session.end.decide('released');
  assert.is(await exitCode, 0);
  assert.equal(fixture.calls, ['ready', 'ended']);
  assert.equal(fixture.ended, [{ reason: 'released' }]);
  assert.equal([fixture.hasFolder(), pidsMentioning(fixture.folder)], [false, []]);
  assert.is(fixture.clock.pending(), 0);
});

sessions('beats while it is ready, and obeys what the platform says', async () => {
  let beats = 0;
  const fixture = await start({
    api: {
      reportHeartbeat: async () => {
        beats += 1;
        return beats < 3 ? GOES_ON : { ...GOES_ON, isOver: true, endReason: 'timed_out' };
      },
    },
  });
  const { exitCode } = await untilReady(fixture);
  for (const _ of [1, 2, 3]) {
    fixture.clock.advance(15_000);
    await new Promise(setImmediate);
  }
  assert.is(await exitCode, 0);
  assert.equal(fixture.calls, ['ready', 'heartbeat 0', 'heartbeat 0', 'heartbeat 0', 'ended']);
  assert.equal(reasons(fixture), ['timed_out']);
});

sessions('ends at once when it is over before it was ready', async () => {
  const fixture = await start({
    api: { reportReady: async () => ({ ...GOES_ON, isOver: true, endReason: 'released' }) },
  });
  assert.is(await fixture.session.run(), 0);
  assert.equal(reasons(fixture), ['released']);
});

sessions('ends as the platform’s stop when that gives no reason', async () => {
  const fixture = await start({ api: { reportReady: async () => ({ ...GOES_ON, isOver: true }) } });
  await fixture.session.run();
  assert.equal(reasons(fixture), ['platform_stopping']);
});

sessions('runs until the time that the platform moved it to', async () => {
  let expiresAtMs = Number.NaN;
  const fixture = await start({ api: { reportReady: async () => ({ ...GOES_ON, expiresAtMs }) } });
  expiresAtMs = fixture.clock.now() + 2 * MINUTE_MS;
  const { exitCode } = await untilReady(fixture);
  fixture.clock.advance(2 * MINUTE_MS - 1);
  assert.not(fixture.session.end.isDecided());
  fixture.clock.advance(1);
  await exitCode;
  assert.equal(reasons(fixture), ['timed_out']);
});

sessions('ends when nobody connects within the time that its session says', async () => {
  const fixture = await start({ settings: { connectDeadlineMs: 90_000 } });
  const { exitCode } = await untilReady(fixture);
  fixture.clock.advance(90_000 - 1);
  assert.not(fixture.session.end.isDecided());
  fixture.clock.advance(1);
  await exitCode;
  assert.equal(reasons(fixture), ['never_connected']);
});

sessions('ends when nobody connects, by the clock that it was given', async () => {
  const fixture = await start({ settings: { keepAlive: true } });
  const { exitCode } = await untilReady(fixture);
  fixture.clock.advance(5 * MINUTE_MS);
  await exitCode;
  assert.equal(reasons(fixture), ['never_connected']);
});

sessions('ends when the platform is silent for too long, and says for how long', async () => {
  const fixture = await start({
    settings: { keepAlive: true },
    api: { reportHeartbeat: () => Promise.reject(new Error('the platform is down')) },
  });
  const { exitCode } = await untilReady(fixture);
  for (let beats = 0; beats < 12; beats += 1) {
    assert.not(fixture.session.end.isDecided());
    fixture.clock.advance(15_000);
    await new Promise(setImmediate);
  }
  await exitCode;
  assert.equal(fixture.ended, [
    { reason: 'container_lost', detail: 'The platform did not answer for 180 s' },
  ]);
});

sessions('fails to start with the words of what went wrong', async () => {
  for (const [options, detail] of [
    [
      { script: 'process.stderr.write("no fonts"); process.exit(4);' },
      /^Chrome exited at once \(code 4\).*no fonts$/,
    ],
    [
      { api: { reportReady: () => Promise.reject(new CallRefusedError('ready', 400, 'no such sandbox')) } },
      /^The container API answered 400 to ready: no such sandbox$/,
    ],
    [{ settings: { context: { id: 'c', persist: true } } }, /^No context of this name$/],
    [
      {
        script: `methods['Browser.getVersion'] = (_, session) => session === undefined ? {} : { error: {} };`,
      },
      /^Chrome did not say which version it is$/,
    ],
  ] as const) {
    const fixture = await start(options);
    assert.is(await fixture.session.run(), 0);
    assert.equal(reasons(fixture), ['start_failed']);
    assert.match(fixture.ended[0]?.detail ?? '', detail);
    assert.equal([fixture.hasFolder(), pidsMentioning(fixture.folder)], [false, []]);
  }
});

sessions('gives a start up that is under way when the end is decided', async () => {
  const fixture = await start({ script: `methods['Browser.getVersion'] = () => undefined;` });
  const exitCode = fixture.session.run();
  while (pidsMentioning(fixture.folder).length === 0) await new Promise(setImmediate);
  fixture.session.end.decide('released');
  assert.is(await exitCode, 0);
  assert.equal([fixture.calls, reasons(fixture)], [['ended'], ['released']]);
  assert.equal([fixture.hasFolder(), pidsMentioning(fixture.folder)], [false, []]);
});

for (const [what, script, reason, detail] of [
  ['closes by itself', 'process.exit(0)', 'browser_closed', 'Chrome exited with code 0'],
  [
    'crashes',
    'process.stderr.write("out of memory"), process.exit(133)',
    'browser_crashed',
    'Chrome exited with code 133. The last lines of its stderr: out of memory',
  ],
] as const) {
  sessions(`ends when its browser ${what}`, async () => {
    const fixture = await start({ script: `process.on('SIGUSR2', () => { ${script}; });` });
    const { exitCode } = await untilReady(fixture);
    for (const pid of pidsMentioning(fixture.folder)) process.kill(pid, 'SIGUSR2');
    assert.is(await exitCode, 0);
    assert.equal(fixture.ended, [{ reason, detail }]);
  });
}

const signingFor = ({ url }: FakePlatform) => ({
  signProfileDownload: async () => `${url}/store`,
  signProfileSave: async (replaces: string) => ({ url: `${url}/store`, headers: { 'x-replaces': replaces } }),
});

sessions('saves its profile when it was ready, and not when it never was', async () => {
  const platform = await startFakePlatform();
  const settings = { context: { id: 'c', persist: true } };
  const api = signingFor(platform);
  try {
    const fixture = await start({ settings, api });
    const { exitCode } = await untilReady(fixture);
    fixture.session.end.decide('released');
    await exitCode;
    assert.equal(fixture.calls, ['restore', 'ready', 'persist', 'ended']);
    assert.equal(fixture.ended, [{ reason: 'released', savedProfileBytes: platform.state.archive?.length }]);
    const reportReady = () => Promise.reject(new CallRefusedError('ready', 400, ''));
    const never = await start({ settings, api: { ...api, reportReady } });
    await never.session.run();
    assert.equal([never.calls, platform.state.puts], [['restore', 'ready', 'ended'], 1]);
  } finally {
    await platform.stop();
  }
});

sessions('saves no profile of a start that was given up when Chrome was there already', async () => {
  const platform = await startFakePlatform();
  try {
    const fixture: SessionFixture = await start({
      settings: { context: { id: 'c', persist: true } },
      api: {
        ...signingFor(platform),
        reportReady: () => {
          fixture.session.end.decide('released');
          return Promise.reject(new Error('given up'));
        },
      },
    });
    await fixture.session.run();
    assert.equal(fixture.calls, ['restore', 'ready', 'ended']);
    assert.equal([fixture.ended, platform.state.puts], [[{ reason: 'released' }], 0]);
  } finally {
    await platform.stop();
  }
});

sessions('that loses its profile ends for that', async () => {
  const platform = await startFakePlatform();
  try {
    const fixture = await start({
      settings: { context: { id: 'c', persist: true } },
      api: {
        ...signingFor(platform),
        signProfileSave: () => Promise.reject(new CallRefusedError('profile-urls', 403, 'not yours')),
      },
    });
    const { exitCode } = await untilReady(fixture);
    fixture.session.end.decide('released');
    await exitCode;
    assert.equal(reasons(fixture), ['profile_not_saved']);
    assert.match(fixture.ended[0]?.detail ?? '', /answered 403 to profile-urls: not yours$/);
  } finally {
    await platform.stop();
  }
});

sessions('exits with the code of who decided its end', async () => {
  const fixture = await start();
  const { exitCode } = await untilReady(fixture);
  fixture.session.end.decide('container_lost', 'The controller failed: a fault', 1);
  assert.is(await exitCode, 1);
  assert.equal(fixture.ended, [{ reason: 'container_lost', detail: 'The controller failed: a fault' }]);
});

sessions('that is abandoned is gone within the call', async () => {
  const fixture = await start();
  const { exitCode } = await untilReady(fixture);
  fixture.session.abandon();
  assert.not(fixture.hasFolder());
  await exitCode;
  assert.equal(reasons(fixture), ['browser_crashed']);
});

sessions('asks at a stop why, and ends for that', async () => {
  const fixture = await start({
    api: { reportHeartbeat: async () => ({ ...GOES_ON, isOver: true, endReason: 'idle' }) },
  });
  const { exitCode } = await untilReady(fixture);
  fixture.session.stop();
  assert.is(await exitCode, 0);
  assert.equal(reasons(fixture), ['idle']);
});

sessions.run();
