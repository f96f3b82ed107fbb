import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { MAX_CLAIM_BYTES } from '../core/domain/claim.ts';
import { refusalOf } from '../core/testing/handshake.ts';
import { sendClaim } from './testing/claim-sender.ts';
import { closing } from './testing/proxy-fixture.ts';
import { TEST_CHROME_UID } from './testing/run-controller.ts';
import { connect, ended, sessionTests } from './testing/session-suite.ts';

const suiteOfSessions = suite('a warm container');
const session = sessionTests(suiteOfSessions);

const SANDBOX = TEST_CHROME_UID === undefined ? 'off' : 'on';

session(
  'is handed its session in one message, and works for it as any other',
  async ({ platform, start, site }) => {
    const controller = await start({ isWarm: true, settings: { viewport: { width: 1012, height: 633 } } });
    const { publicKey, sandbox } = await controller.warm();
    assert.is(sandbox, SANDBOX);
    const { kty, crv, d } = JSON.parse(String(publicKey));
    assert.equal([kty, crv, d], ['OKP', 'X25519', undefined]);
    const early = `ws://${await controller.origin()}/?signingKey=${controller.token('cdp')}`;
    assert.is((await refusalOf(new WebSocket(early))).status, 401, 'it is nobody\u2019s yet');
    assert.equal(await controller.claim(), { status: 200, body: { status: 'ready', sandbox: SANDBOX } });
    const browser = await connect(controller);
    const [page] = await browser.pages();
    assert.is(page?.url(), 'about:blank');
    assert.equal(await page?.evaluate('[innerWidth, innerHeight, history.length, document.hasFocus()]'), [
      1012,
      633,
      1,
      true,
    ]);
    await page?.goto(site.url);
    await platform.called('heartbeat', ({ body }) => body.connectionCount === 1);
    await browser.disconnect();
    assert.equal(await controller.exited, { code: 0, signal: null });
    assert.equal(ended(platform), [{ reason: 'disconnected' }]);
    const [warm] = controller.logs().filter(({ message }) => message === 'warm');
    assert.equal([warm?.warmId, warm?.sessionId], [controller.warmId, undefined]);
    const [last] = controller.logs().slice(-1);
    assert.equal([last?.warmId, last?.sessionId], [controller.warmId, controller.sessionId]);
  },
);

session(
  'opens the profile of its session in a Chrome of its own, and saves it',
  async ({ platform, start, site }) => {
    const settings = { context: { id: 'c', persist: true } };
    const first = await start({ isWarm: true, settings });
    // A context that has no profile yet needs no other Chrome.
    assert.is((await first.claim({ assignment: { profileUrl: null } })).status, 200);
    const before = await connect(first);
    await (await before.newPage()).goto(`${site.url}/login`);
    await before.close();
    await first.exited;
    assert.is(platform.state.puts, 1);

    const second = await start({ isWarm: true, settings });
    assert.equal(await second.claim(), { status: 202, body: { status: 'restoring' } });
    await platform.called('ready', ({ sessionId }) => sessionId === second.sessionId);
    const after = await connect(second);
    const [page] = await after.pages();
    await page?.goto(site.url);
    assert.match(site.cookies.at(-1) ?? '', 'remembered=yes');
    await after.close();
    await second.exited;
    assert.is(platform.state.puts, 2);
  },
);

session(
  'asks for another URL where its own is too old, and says when there is no profile to open',
  async ({ platform, start }) => {
    platform.state.failNextStoreCalls = 1;
    platform.state.archive = Buffer.from('no archive at all');
    const controller = await start({ isWarm: true, settings: { context: { id: 'c', persist: true } } });
    assert.is((await controller.claim()).status, 202);
    assert.is((await controller.exited).code, 0);
    assert.equal(
      platform.find('profile-urls').map(({ body }) => body),
      [{ operation: 'restore' }],
    );
    assert.equal(
      ended(platform).map(({ reason }) => reason),
      ['bad_archive'],
    );
    assert.is(platform.state.puts, 0);
  },
);

session('takes no claim that is not good, and is not used up by it', async ({ start }) => {
  const controller = await start({ isWarm: true });
  const { claim } = controller;
  const past = new Date(Date.now() - 1_000);
  for (const [status, change] of [
    [401, { token: { audience: 'cdp' as const } }],
    [401, { token: { audience: 'controller' as const } }],
    [401, { token: { expiresAt: past } }],
    [401, { token: { warmId: 'w01-5b7a2c9e-8f0a-4a6e-9d0a-3c1c9a1d2e3f' } }],
    [400, { token: { bodyHash: 'another' } }],
    [400, { token: { sessionId: 'another' } }],
    [400, { token: { projectId: 'another' } }],
    [400, { assignment: { token: '' } }],
    [400, { assignment: { settings: {} as never } }],
    [400, { body: 'no JWE' }],
    [400, { body: '' }],
    [413, { body: 'x'.repeat(MAX_CLAIM_BYTES + 1) }],
  ] as const) {
    assert.is((await claim(change)).status, status, JSON.stringify(change).slice(0, 80));
  }
  const { url, body } = await controller.sealed();
  assert.is((await sendClaim(url.replace(/[^/]+$/, 'no-token'), body)).status, 401);
  const answers = await Promise.all(Array.from({ length: 5 }, () => sendClaim(url, body)));
  assert.equal(answers.map(({ status }) => status).sort(), [200, 409, 409, 409, 409]);
  assert.is((await sendClaim(url, body)).status, 409, 'a replay');
  assert.is((await claim()).status, 409);
  controller.kill('SIGTERM');
  await controller.exited;
});

session('ends on SIGTERM at once, and tells nobody', async ({ platform, start }) => {
  const controller = await start({ isWarm: true });
  await controller.warm();
  controller.kill('SIGTERM');
  assert.equal(await controller.exited, { code: 0, signal: null });
  assert.equal(
    platform.calls.map(({ operation }) => operation),
    ['ready'],
  );
  assert.not(existsSync(controller.folder));
});

session('ends with its Chrome, and is not claimed any more', async ({ platform, start }) => {
  const controller = await start({ isWarm: true });
  const { url, body } = await controller.sealed();
  process.kill(controller.browserPid(), 'SIGKILL');
  const answer = await sendClaim(url, body).catch(() => null);
  assert.ok(answer === null || answer.status === 503, `${answer?.status}`);
  assert.is((await controller.exited).code, 1);
  assert.equal(ended(platform), [], 'whoever claimed it goes on to the next one with this session');
});

session(
  'ends a session whose Chrome dies after the claim, with what happened',
  async ({ platform, start }) => {
    const controller = await start({ isWarm: true });
    await controller.claim();
    const { connectUrl } = await controller.ready();
    const socket = new WebSocket(connectUrl);
    await once(socket, 'open');
    const closed = closing(socket);
    process.kill(controller.browserPid(), 'SIGKILL');
    assert.is((await closed)[0], 4020);
    await controller.exited;
    assert.equal(
      ended(platform).map(({ reason }) => reason),
      ['browser_crashed'],
    );
  },
);

session('is released while its profile is on its way', async ({ platform, start }) => {
  const controller = await start({ isWarm: true, settings: { context: { id: 'c', persist: true } } });
  platform.state.failNextStoreCalls = 9;
  assert.is((await controller.claim()).status, 202);
  platform.state.endReason = 'released';
  controller.kill('SIGTERM');
  assert.is((await controller.exited).code, 0);
  assert.equal(
    ended(platform).map(({ reason }) => reason),
    ['released'],
  );
});

suiteOfSessions.run();
