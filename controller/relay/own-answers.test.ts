import { EventEmitter, once } from 'node:events';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { WebSocket } from 'ws';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import type { ChromeChannel } from '../chrome/channel.ts';
import { createProxyFixtures } from '../testing/proxy-fixture.ts';
import { untilSteady } from '../testing/until-steady.ts';
import { type RelayOptions, startRelay } from './relay.ts';
import { FULL_CONTROL } from './rights.ts';

const MIB = 1024 * 1024;
const COMMANDS = 40;
const LIMITS = {
  highWaterBytes: 10_000,
  lowWaterBytes: 1_000,
  messageOverheadBytes: 500,
  maxMessageBytes: 300,
  chromeLossGraceMs: 1_000,
};
const answers = suite("the relay's own answers");

const { start, stopAll } = createProxyFixtures();
answers.after.each(stopAll);

/** A relay to a client that takes nothing until `flush`, and to a Chrome that has no session but the client's own. */
function startStubRelay(evictSlowest: RelayOptions['evictSlowest'] = () => true) {
  const waiting: (() => void)[] = [];
  const client = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    isPaused: false,
    bufferedAmount: 0,
    send(data: Buffer | string, _options?: object, onFlushed?: () => void) {
      client.bufferedAmount += data.length;
      waiting.push(onFlushed ?? (() => {}));
    },
    pause() {
      client.isPaused = true;
    },
    resume() {
      client.isPaused = false;
    },
    close() {
      client.readyState = 2;
    },
    flush() {
      client.bufferedAmount = 0;
      for (const onFlushed of waiting.splice(0)) onFlushed();
    },
    waiting: () => waiting.length,
    says: (text: string) => client.emit('message', Buffer.from(text), false),
  });
  const chrome: ChromeChannel = {
    listen() {},
    send: (_message, { cdpSessionId }) => (cdpSessionId === undefined ? 'sent' : 'unknown'),
    tap() {},
    setBehind() {},
    hasWaiting: () => false,
    resumeWaiting() {},
    close() {},
  };
  const relay = startRelay({
    client: client as unknown as WebSocket,
    chrome,
    rights: FULL_CONTROL,
    clock: createManualClock(),
    downloadsFolder: '/downloads',
    uploadPathOf: () => undefined,
    limits: LIMITS,
    evictSlowest,
    events: { onMessage() {}, onBrowserClose() {}, onWaiting() {}, onEnd() {}, onFault() {} },
  });
  return { client, relay };
}

for (const [what, message] of [
  ['junk', 'x'],
  ["another client's session", '{"id":1,"method":"A.b","sessionId":"S9"}'],
  ['a command too large', `{"id":1,"method":"A.b","params":{"many":[${'1e20,'.repeat(40)}0]}}`],
  ['Browser.close', '{"id":1,"method":"Browser.close"}'],
  [
    'a nested message that is none',
    '{"id":1,"method":"Target.sendMessageToTarget","params":{"message":"x"}}',
  ],
] as const) {
  answers(`to ${what} are few for a client that does not read them`, () => {
    const { client } = startStubRelay();
    let sent = 0;
    for (; sent < 100 && !client.isPaused; sent += 1) client.says(message);
    // Each costs its overhead beside its bytes.
    assert.ok(sent > 10 && sent < 30, `${sent} were answered`);
    assert.is(client.waiting(), sent);
    client.flush();
    assert.is(client.isPaused, false);
  });
}

answers('ask for room with what each costs beside its bytes, and are dropped when there is none', () => {
  const asked: number[] = [];
  const { client, relay } = startStubRelay((_, bytes) => {
    asked.push(bytes);
    return false;
  });
  for (const _ of [1, 2, 3, 4]) client.says('x');
  const bytes = client.bufferedAmount / 2;
  assert.equal(asked, [bytes + 500, bytes + 500]);
  assert.is(relay.unsentBytes(), 2 * bytes + 500);
});

answers('do not stop the reading of a client that is being closed', () => {
  const { client, relay } = startStubRelay();
  for (let sent = 0; sent < 100; sent += 1) client.says('x');
  assert.is(client.isPaused, true);
  relay.close({ code: 4000, text: 'over' });
  client.says('x');
  assert.is(client.isPaused, false);
});

/** A command that the proxy answers itself, with as many bytes as it has. */
const echoed = (bytes: number) =>
  JSON.stringify({ id: 1, method: 'Browser.close', sessionId: 'x'.repeat(bytes) });

answers('leave the commands behind them in the socket of a client that does not read', async () => {
  const { connect, seen } = await start({ limits: { highWaterBytes: MIB, lowWaterBytes: MIB / 4 } });
  const client = await connect();
  client.pause();
  for (let sent = 0; sent < COMMANDS; sent += 1) client.send(echoed(MIB));
  const taken = await untilSteady(() => seen.commands);
  assert.ok(taken > 0 && taken < COMMANDS / 2, `${taken} commands were taken`);
  let received = 0;
  client.on('message', () => {
    received += 1;
  });
  client.resume();
  while (received < COMMANDS) await once(client, 'message');
  assert.is(seen.commands, COMMANDS);
});

/** Its close code, or null when it gets all its answers. */
function outcomeOf(client: WebSocket): Promise<number | null> {
  let received = 0;
  return new Promise((resolve) => {
    client.on('message', () => {
      received += 1;
      if (received === COMMANDS) resolve(null);
    });
    client.on('close', resolve);
  });
}

answers('count as what waits for all clients, of whom the slowest is closed', async () => {
  const { connect, ask, seen } = await start({
    limits: {
      highWaterBytes: 2 * MIB,
      lowWaterBytes: MIB / 4,
      maxUnsentBytes: 5 * MIB,
      closeTimeoutMs: 20_000,
    },
  });
  const slow = await Promise.all([1, 2, 3, 4].map(() => connect()));
  const quick = await connect();
  const outcomes = slow.map(outcomeOf);
  for (const client of slow) {
    client.pause();
    for (let sent = 0; sent < COMMANDS; sent += 1) client.send(echoed(MIB));
  }
  await untilSteady(() => seen.commands);
  for (const client of slow) client.resume();
  assert.ok((await Promise.all(outcomes)).includes(1013));
  assert.is((await ask(quick, { id: 1, method: 'A.b' })).id, 1);
});

answers.run();
