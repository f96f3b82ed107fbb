import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from '../../core/log/logger.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { publicKeysOf, type TokenAudience } from '../../core/tokens/tokens.ts';
import type { ChromeChannel } from '../chrome/channel.ts';
import { type ChromeConnection, ChromeGoneError, ChromeRefusedError } from '../chrome/connection.ts';
import { PROXY_LIMITS, type ProxyLimits } from './limits.ts';
import { type AuthenticatedUpgrade, createUpgradeHandler } from './upgrades.ts';

const upgrades = suite('a WebSocket handshake');

const keySet = rotateKeySet(undefined, new Date());
const sign = (audience: TokenAudience) =>
  signToken(keySet, keySet.current, audience, {
    sessionId: 's1',
    projectId: 'p1',
    expiresAt: new Date(Date.now() + 60_000),
  });
const BROWSER = `/?signingKey=${sign('cdp')}`;
const PAGE = `/devtools/page/A?signingKey=${sign('cdp')}`;
const PROBE_KEY = 'a-key-for-the-probe';
const PROBE = `/?signingKey=${PROBE_KEY}`;

interface Setting {
  readonly limits?: Partial<ProxyLimits>;
  /** Before Chrome is there, nothing resolves. */
  readonly isAttached?: boolean;
  readonly openChannel?: (pageId: string | null) => Promise<ChromeChannel>;
  readonly accept?: () => void;
}

function start({ limits, isAttached = true, openChannel, accept }: Setting = {}) {
  const state = { isEnding: false, clients: 0, probeKey: PROBE_KEY as string | null };
  const seen = { refused: [] as (readonly [number, string])[], opened: [] as (string | null)[], log: '' };
  const accepted: AuthenticatedUpgrade[] = [];
  const channels = { open: 0 };
  const chrome = Promise.withResolvers<Pick<ChromeConnection, 'openChannel'>>();
  const clock = createManualClock(Date.now());
  const attach = () =>
    chrome.resolve({
      async openChannel(pageId) {
        seen.opened.push(pageId);
        if (openChannel !== undefined) return openChannel(pageId);
        channels.open += 1;
        return {
          listen() {},
          send: () => 'sent',
          tap() {},
          setBehind() {},
          hasWaiting: () => false,
          resumeWaiting() {},
          close: () => {
            channels.open -= 1;
          },
        };
      },
    });
  if (isAttached) attach();
  const handle = createUpgradeHandler({
    access: () => ({
      publicKeys: publicKeysOf(keySet),
      sessionId: 's1',
      now: () => new Date(clock.now()),
      probeKey: state.probeKey,
      keepAlive: false,
    }),
    limits: { ...PROXY_LIMITS, ...limits },
    logger: createLogger({}, (line) => {
      seen.log += line;
    }),
    refuse: (_, { status, message }) => seen.refused.push([status, message]),
    clock,
    clients: { size: () => state.clients },
    isEnding: () => state.isEnding,
    ready: () => chrome.promise,
    spendProbeKey() {
      state.probeKey = null;
    },
    accept(upgrade) {
      accept?.();
      accepted.push(upgrade);
    },
  });
  const socket = new PassThrough() as unknown as Socket;
  const knock = (url: string, by = socket) =>
    handle({ url, headers: {} } as IncomingMessage, by, Buffer.alloc(0));
  return { state, seen, accepted, channels, clock, attach, knock, socket };
}

upgrades('is answered when its channel to Chrome is there', async () => {
  const { seen, accepted, knock, socket } = start();
  await knock(BROWSER);
  await knock(PAGE);
  assert.equal(seen.opened, [null, 'A']);
  assert.equal(
    accepted.map(({ grant }) => [grant.kind, grant.pageId]),
    [
      ['cdp', null],
      ['cdp', 'A'],
    ],
  );
  assert.is(socket.listenerCount('error'), 0, 'from here on it is somebody else’s to listen');
});

for (const [what, url, status] of [
  ['a bad token', '/?signingKey=x', 401],
  ['another path', `/json/version?signingKey=${sign('cdp')}`, 404],
] as const) {
  upgrades(`with ${what} never reaches Chrome, ready or not`, async () => {
    for (const isAttached of [true, false]) {
      const { seen, knock } = start({ isAttached });
      await knock(url);
      assert.equal([seen.refused.map(([code]) => code), seen.opened], [[status], []]);
    }
  });
}

upgrades('waits for Chrome, and no longer than that is worth', async () => {
  const waiting = start({ isAttached: false });
  const knocking = waiting.knock(BROWSER);
  assert.equal([waiting.accepted.length, waiting.seen.refused.length], [0, 0]);
  waiting.attach();
  await knocking;
  assert.is(waiting.accepted.length, 1);
  const late = start({ isAttached: false, limits: { maxReadyWaitMs: 5 } });
  await late.knock(BROWSER);
  assert.equal(late.seen.refused, [[503, 'The browser is not ready yet']]);
});

upgrades('is refused when the session ends, however far it has come', async () => {
  const over = [410, 'The session has ended'] as const;
  const before = start();
  before.state.isEnding = true;
  await before.knock(BROWSER);
  const waiting = start({ isAttached: false });
  const knocking = waiting.knock(BROWSER);
  waiting.state.isEnding = true;
  waiting.attach();
  await knocking;
  const opening = Promise.withResolvers<ChromeChannel>();
  const closed: string[] = [];
  const late = start({ openChannel: () => opening.promise });
  const entering = late.knock(BROWSER);
  while (late.seen.opened.length === 0) await new Promise(setImmediate);
  late.state.isEnding = true;
  opening.resolve({
    listen() {},
    send: () => 'sent',
    tap() {},
    setBehind() {},
    hasWaiting: () => false,
    resumeWaiting() {},
    close: () => closed.push('closed'),
  });
  await entering;
  for (const { seen, accepted } of [before, waiting, late])
    assert.equal([seen.refused, accepted], [[over], []]);
  assert.equal([before.seen.opened, waiting.seen.opened, closed], [[], [], ['closed']]);
});

upgrades('of a client that left meanwhile, or whose connection broke, leaves no channel behind', async () => {
  for (const error of [undefined, new Error('ECONNRESET')]) {
    const { accepted, channels, knock, attach, socket } = start({ isAttached: false });
    const knocking = knock(BROWSER);
    socket.destroy(error);
    await new Promise(setImmediate);
    attach();
    await knocking;
    assert.equal([accepted, channels.open], [[], 0]);
  }
});

for (const [what, url, error, refusal, isLogged] of [
  [
    'a page that is not there',
    PAGE,
    new ChromeRefusedError('No target'),
    [404, 'The browser has no page with this id'],
    false,
  ],
  [
    'a browser that refuses',
    BROWSER,
    new ChromeRefusedError('no'),
    [503, 'The browser does not answer'],
    true,
  ],
  ['a browser that is gone', BROWSER, new ChromeGoneError(), [503, 'The browser does not answer'], true],
  [
    'a page of a browser that is gone',
    PAGE,
    new ChromeGoneError(),
    [503, 'The browser does not answer'],
    true,
  ],
] as const) {
  upgrades(`to ${what} is refused with ${refusal[0]}`, async () => {
    const { seen, accepted, knock } = start({ openChannel: () => Promise.reject(error) });
    await knock(url);
    assert.equal([seen.refused, accepted], [[refusal], []]);
    assert.is(seen.log.includes('Chrome did not accept a connection'), isLogged);
    assert.not.match(seen.log, 'eyJ');
  });
}

upgrades('is one too many, or one too soon', async () => {
  const { state, seen, accepted, clock, knock } = start({
    limits: { maxSockets: 2, upgradeBurst: 2, upgradesPerSecond: 1 },
  });
  state.clients = 2;
  await knock(BROWSER);
  state.clients = 1;
  for (const _ of [1, 2, 3]) await knock(BROWSER);
  assert.equal(seen.refused, [
    [429, 'Too many connections are open'],
    [429, 'Too many connections are opened too fast'],
  ]);
  assert.is(accepted.length, 2, 'one that found no slot has not cost its turn');
  clock.advance(1_000);
  await knock(BROWSER);
  assert.is(accepted.length, 3);
});

upgrades('of the probe comes in once, however full it is, and costs nobody a turn', async () => {
  const { state, seen, accepted, knock } = start({ limits: { maxSockets: 0, upgradeBurst: 0 } });
  await knock(PROBE);
  await knock(PROBE);
  assert.equal([accepted.map(({ grant }) => grant.kind), state.probeKey], [['probe'], null]);
  assert.equal(
    seen.refused.map(([status]) => status),
    [401],
  );
});

upgrades('that fails by a fault of ours is answered, and the fault is logged', async () => {
  const { seen, knock } = start({
    accept() {
      throw new TypeError('a fault');
    },
  });
  await knock(BROWSER);
  assert.equal(seen.refused, [[503, 'The browser does not answer']]);
  assert.match(seen.log, 'an upgrade failed');
});

upgrades.run();
