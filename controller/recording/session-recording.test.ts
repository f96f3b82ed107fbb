import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parseIndex } from '../../core/domain/recording.ts';
import { makeFragment, makeInit } from '../../core/mp4/testing/make-film.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import type { ChannelTap } from '../chrome/channel.ts';
import { ChromeRefusedError, type Json } from '../chrome/connection.ts';
import type { OwnEventListener } from '../chrome/own-messages.ts';
import { RECORDER_LIMITS, type RecorderLimits } from './limits.ts';
import { SessionRecording } from './session-recording.ts';

const recording = suite('the recording of a session');
const never = new AbortController().signal;
const settled = async () => {
  for (let turn = 0; turn < 30; turn += 1) await new Promise(setImmediate);
};

class Unavailable extends Error {}

/** As much of Chrome as is recorded: what it has written of each page is what a test says. */
function fakeChrome(refusal?: string) {
  const calls: string[] = [];
  const written = new Map<string, Buffer>();
  const listeners = new Map<string, OwnEventListener>();
  const gone = new Set<string>();
  let hangs = false;
  const answers: Readonly<Record<string, (params: Json, cdpSessionId: string) => Json>> = {
    'Target.attachToBrowserTarget': () => ({ sessionId: 'W' }),
    'Target.attachToTarget': ({ targetId }) => ({ sessionId: `S-${targetId}` }),
    'Page.startScreenRecording': (_, cdpSessionId) => ({ stream: cdpSessionId }),
    'IO.read': ({ handle: given }) => {
      const handle = String(given);
      const bytes = written.get(handle) ?? Buffer.alloc(0);
      written.delete(handle);
      return { data: bytes.toString('base64'), base64Encoded: true, eof: bytes.length === 0 };
    },
  };
  const connection = {
    async call(method: string, params: Json = {}, cdpSessionId = ''): Promise<Json> {
      if (method !== 'IO.read') calls.push(`${cdpSessionId} ${method}`.trim());
      if (hangs) return new Promise(() => {});
      if (refusal !== undefined && method === 'Page.startScreenRecording')
        throw new ChromeRefusedError(refusal);
      if (gone.has(cdpSessionId)) throw new ChromeRefusedError('Session with given id not found.');
      return answers[method]?.(params, cdpSessionId) ?? {};
    },
    listen: (id: string, listener: OwnEventListener) => void listeners.set(id, listener),
    closeSession: (id: string) => void calls.push(`close ${id}`),
  };
  return {
    connection,
    calls,
    say: (method: string, params: Json) => listeners.get('W')?.(method, params),
    write: (targetId: string, ...bytes: readonly Buffer[]) =>
      written.set(
        `S-${targetId}`,
        Buffer.concat([written.get(`S-${targetId}`) ?? Buffer.alloc(0), ...bytes]),
      ),
    lose: (targetId: string) => void gone.add(`S-${targetId}`),
    hang: () => {
      hangs = true;
    },
  };
}

interface Options {
  readonly refusal?: string;
  readonly limits?: Partial<RecorderLimits>;
  readonly isDown?: () => boolean;
}

async function start({ refusal, limits, isDown = () => false }: Options = {}) {
  const clock = createManualClock();
  const { logger, lines } = recordLog();
  const stored = new Map<string, Buffer>();
  const order: string[] = [];
  const said: unknown[][] = [];
  const put = async (name: string, body: Buffer) => {
    if (isDown()) throw new Unavailable('down');
    stored.set(name, body);
    order.push(name);
  };
  const session = new SessionRecording({
    store: {
      putChunk: (page, number, body) => put(`${page}/${number}`, body),
      putIndex: (page, body) => put(`${page}/index`, body),
      isWorthARetry: (error) => error instanceof Unavailable,
    },
    clock,
    logger,
    events: {
      onPart: ({ page, part, durationMs }) => said.push(['part', page, part, durationMs]),
      onLost: (bytes, reason) => said.push(['lost', bytes, reason]),
      onStopped: (reason) => said.push(['stopped', reason]),
    },
    limits: { ...RECORDER_LIMITS, ...limits },
  });
  const chrome = fakeChrome(refusal);
  await session.watch(chrome.connection);
  for (const targetId of ['A', 'B'])
    chrome.say('Target.targetCreated', {
      targetInfo: { targetId, type: 'page', url: `https://${targetId}.test/x?secret` },
    });
  const taps: ChannelTap[] = [];
  session.tap({ tap: (tap) => taps.push(tap) });
  return {
    session,
    chrome,
    clock,
    stored,
    order,
    said,
    lines,
    async speak(...targetIds: readonly string[]) {
      taps[0]?.onCommand({ id: 1, method: 'Runtime.evaluate' }, '{}', targetIds);
      await settled();
    },
    async activate(targetId: string) {
      taps[0]?.onCommand({ id: 1, method: 'Target.activateTarget', params: { targetId } }, '{}', []);
      await settled();
    },
    /** A tenth of a second after the other, so that what waits for each gets its turn. */
    async pass(ms: number) {
      for (let spent = 0; spent < ms; spent += 100) {
        clock.advance(100);
        await settled();
      }
    },
    index: (page: number) => parseIndex(stored.get(`${page}/index`)?.toString() ?? '', clock.now()),
  };
}

const INIT = makeInit();
/** Ten seconds of film. */
const piece = (number: number) => makeFragment(number * 10_000, [100, 10], 5_000, number);

recording('is chunks that play by themselves, and an index of what is stored', async () => {
  const { chrome, speak, pass, order, stored, index } = await start();
  await speak('A');
  assert.equal(chrome.calls.slice(2), ['Target.attachToTarget', 'S-A Page.startScreenRecording']);
  chrome.write('A', INIT, piece(0), piece(1), piece(2));
  await pass(2_000);
  assert.equal(order, ['0/0', '0/index'], 'a chunk first, and then the index that has it');
  assert.equal(stored.get('0/0'), Buffer.concat([INIT, piece(0), piece(1)]));
  const { url, chunks } = index(0);
  assert.is(url, 'https://a.test/x', 'and nothing of what was sent with it');
  assert.equal(
    chunks.map(({ number, part, initBytes, segments }) => [
      number,
      part,
      initBytes,
      segments.map(([, ms]) => ms),
    ]),
    [[0, 0, INIT.length, [10_000, 10_000]]],
  );
});

recording('ends while nobody says anything, and its next part is in the same film', async () => {
  const { chrome, speak, pass, said, index, stored } = await start();
  await speak('A');
  chrome.write('A', INIT, piece(0));
  await pass(12_000);
  assert.equal(chrome.calls.slice(-3), ['S-A Page.stopScreenRecording', 'S-A IO.close', 'close S-A']);
  assert.equal(said, [['part', 0, 0, 10_000]]);
  await speak('A');
  chrome.write('A', INIT, piece(0));
  await pass(12_000);
  assert.equal(
    index(0).chunks.map(({ number, part }) => [number, part]),
    [
      [0, 0],
      [1, 1],
    ],
  );
  const [first, second] = index(0).chunks;
  assert.is((second?.startedAtMs ?? 0) - (first?.startedAtMs ?? 0), 12_000, 'and says when it was');
  assert.equal(stored.get('0/1')?.subarray(0, INIT.length), INIT);
});

recording('follows the client to another page, and takes a frame or worker for its page', async () => {
  const { chrome, speak, activate, pass, index } = await start();
  await speak('FRAME', 'A', 'TAB-A');
  chrome.write('A', INIT, piece(0));
  await pass(1_500);
  await activate('B');
  await pass(1_500);
  chrome.write('B', INIT, piece(0));
  await pass(12_000);
  assert.equal([index(0).url, index(1).url], ['https://a.test/x', 'https://b.test/x']);
});

recording('waits for the last bytes of a fragment that Chrome has not written yet', async () => {
  const { session, chrome, speak, pass, stored } = await start();
  await speak('A');
  const rest = piece(0);
  chrome.write('A', INIT, rest.subarray(0, 50));
  await pass(2_000);
  const stopping = session.stop(never);
  await settled();
  chrome.write('A', rest.subarray(50));
  await pass(200);
  await stopping;
  await session.close(never);
  assert.equal(stored.get('0/0'), Buffer.concat([INIT, rest]));
});

recording('keeps what there was of a page that is closed, and of a Chrome that stands still', async () => {
  for (const happens of ['close', 'hang'] as const) {
    const { session, chrome, speak, pass, index } = await start();
    await speak('A');
    chrome.write('A', INIT, piece(0));
    await pass(2_000);
    if (happens === 'hang') chrome.hang();
    else {
      chrome.lose('A');
      chrome.say('Target.targetDestroyed', { targetId: 'A' });
      await settled();
    }
    const stopping = new AbortController();
    const stopped = session.stop(stopping.signal);
    await pass(2_000);
    stopping.abort();
    await stopped;
    await session.close(never);
    assert.is(index(0).chunks.length, 1, happens);
  }
});

recording('waits while the store is down; then loses the oldest, and plays on behind the gap', async () => {
  let isDown = true;
  const bytes = INIT.length + 2 * piece(0).length;
  const { chrome, speak, pass, said, index } = await start({
    isDown: () => isDown,
    limits: { waitingBytes: 2 * bytes },
  });
  await speak('A');
  chrome.write('A', INIT, ...Array.from({ length: 8 }, (_, number) => piece(number)));
  await pass(4_000);
  assert.equal(
    said.map(([what, size]) => [what, size]),
    [
      ['lost', bytes],
      ['lost', bytes],
    ],
  );
  isDown = false;
  await pass(10_000);
  assert.equal(
    index(0).chunks.map(({ number }) => number),
    [0, 3],
  );
});

recording('loses what it cannot store until the end, and says so', async () => {
  const { session, chrome, speak, pass, said, stored } = await start({ isDown: () => true });
  await speak('A');
  chrome.write('A', INIT, piece(0));
  const stopping = session.stop(never);
  await pass(200);
  await stopping;
  const ending = new AbortController();
  const closing = session.close(ending.signal);
  await pass(1_000);
  ending.abort();
  await closing;
  assert.is(stored.size, 0);
  assert.equal(said.at(-1), ['lost', INIT.length + piece(0).length, 'there was no more time']);
});

recording('is none in a Chrome without a recorder, which is said once', async () => {
  const { session, chrome, speak, said, lines, pass } = await start({
    refusal: "'Page.startScreenRecording' wasn't found",
  });
  await speak('A');
  await speak('B');
  await pass(15_000);
  await speak('A');
  assert.equal(said, [['stopped', 'this browser has no recorder']]);
  assert.is(lines().filter(({ message }) => message === 'the recording stops').length, 1);
  assert.is(chrome.calls.filter((call) => call.endsWith('startScreenRecording')).length, 1);
  await session.stop(never);
  await session.close(never);
});

recording('leaves out a page that cannot be recorded, and goes on with the next', async () => {
  const { chrome, speak, pass, said } = await start({ refusal: 'Not attached to an active page' });
  await speak('A');
  await pass(1_500);
  await speak('A');
  await speak('B');
  await settled();
  const starts = chrome.calls.filter((call) => call.endsWith('startScreenRecording'));
  assert.equal(starts, ['S-A Page.startScreenRecording', 'S-B Page.startScreenRecording']);
  assert.equal(said, []);
});

recording('stops at its length, and its index says so', async () => {
  const { chrome, speak, pass, said, index } = await start({ limits: { sessionMs: 20_000 } });
  await speak('A');
  chrome.write('A', INIT, piece(0));
  await pass(2_000);
  await speak('A');
  chrome.write('A', piece(1), piece(2));
  await pass(4_000);
  const reason = 'it is as long as a recording may be';
  assert.equal(said[0], ['stopped', reason]);
  assert.is(index(0).stopped, reason);
  await speak('A');
  assert.is(chrome.calls.filter((call) => call.endsWith('startScreenRecording')).length, 1);
});

recording('stops at what is no film, and the session does not', async () => {
  const { chrome, speak, pass, said } = await start();
  await speak('A');
  chrome.write('A', Buffer.alloc(64));
  await pass(4_000);
  assert.equal(said, [['stopped', 'the browser records something else than was expected']]);
});

recording('has ten pages at most', async () => {
  const { chrome, speak, pass } = await start();
  for (let number = 0; number < 12; number += 1) {
    const targetId = `P${number}`;
    chrome.say('Target.targetCreated', { targetInfo: { targetId, type: 'page', url: 'https://p.test/' } });
    await speak(targetId);
    await pass(1_200);
    chrome.say('Target.targetDestroyed', { targetId });
    await settled();
  }
  assert.is(chrome.calls.filter((call) => call.endsWith('startScreenRecording')).length, 10);
});

recording.run();
