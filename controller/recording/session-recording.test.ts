import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Chunk,
  durationMsOfChunk,
  endedAtMsOf,
  parseIndex,
  RECORDING,
} from '../../core/domain/recording.ts';
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
function fakeChrome(firstRefusal?: string) {
  let refusal = firstRefusal;
  const calls: string[] = [];
  const held: string[] = [];
  const written = new Map<string, Buffer>();
  const listeners = new Map<string, OwnEventListener>();
  const gone = new Set<string>();
  let hangs = false;
  const announce = (targetId: string) => {
    const targetInfo = { targetId, type: 'page', url: `https://${targetId}.test/x?secret` };
    listeners.get('W')?.('Target.targetCreated', { targetInfo });
  };
  const answers: Readonly<Record<string, (params: Json, cdpSessionId: string) => Json>> = {
    'Target.attachToBrowserTarget': () => ({ sessionId: 'W' }),
    // Those that are there are told before it is answered.
    'Target.setDiscoverTargets': () => {
      for (const targetId of ['A', 'B']) announce(targetId);
      return {};
    },
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
    holdCloses: () => {
      held.push(`hold before ${calls.length}`);
      return () => void held.push(`release after ${calls.length}`);
    },
  };
  return {
    connection,
    calls,
    held,
    announce,
    say: (method: string, params: Json) => listeners.get('W')?.(method, params),
    write: (targetId: string, ...bytes: readonly Buffer[]) =>
      written.set(
        `S-${targetId}`,
        Buffer.concat([written.get(`S-${targetId}`) ?? Buffer.alloc(0), ...bytes]),
      ),
    refuse: (message: string | undefined) => {
      refusal = message;
    },
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
  /** A store without end would be what takes the memory. */
  readonly keepsChunks?: boolean;
  /** Time passes in steps of so long. */
  readonly turnMs?: number;
}

async function start({
  refusal,
  limits,
  isDown = () => false,
  keepsChunks = true,
  turnMs = 100,
}: Options = {}) {
  const clock = createManualClock();
  const startedAtMs = clock.now();
  const { logger, lines } = recordLog();
  const stored = new Map<string, Buffer>();
  const order: string[] = [];
  const said: unknown[][] = [];
  const put = async (name: string, body: Buffer) => {
    if (isDown()) throw new Unavailable('down');
    if (!keepsChunks && !name.endsWith('index')) return;
    stored.set(name, body);
    if (keepsChunks) order.push(name);
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
    async command(method: string, params: Json, ...targetIds: readonly string[]) {
      taps[0]?.onCommand({ id: 1, method, params }, '{}', targetIds);
      await settled();
    },
    async leave() {
      taps[0]?.onClose();
      await settled();
    },
    /** As often as agents do: nothing waits for it. */
    speakAtOnce: (...targetIds: readonly string[]) =>
      taps[0]?.onCommand({ id: 1, method: 'Runtime.evaluate' }, '{}', targetIds),
    async activate(targetId: string) {
      taps[0]?.onCommand({ id: 1, method: 'Target.activateTarget', params: { targetId } }, '{}', []);
      await settled();
    },
    /** A tenth of a second after the other, so that what waits for each gets its turn. */
    async pass(ms: number) {
      for (let spent = 0; spent < ms; spent += turnMs) {
        clock.advance(turnMs);
        await settled();
      }
    },
    index: (page: number) => parseIndex(stored.get(`${page}/index`)?.toString() ?? '', startedAtMs),
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

const STARTED = 'Page.startScreenRecording';
/** Chrome's words about a page that is between two documents. */
const INACTIVE = 'Not attached to an active page';
const startsOf = ({ calls }: { readonly calls: readonly string[] }) =>
  calls.filter((call) => call.endsWith(STARTED)).length;

recording('lets nobody close a page while its recorder starts', async () => {
  const { chrome, speak } = await start();
  await speak('A');
  assert.equal(chrome.calls.slice(2), ['Target.attachToTarget', `S-A ${STARTED}`]);
  assert.equal(chrome.held, ['hold before 2', 'release after 4']);
  const refused = await start({ refusal: INACTIVE });
  await refused.speak('A');
  assert.is(refused.chrome.held.length, 2, 'nor for longer, when it does not start');
});

recording('lets pages be closed again when Chrome does not say that it records', async () => {
  const { chrome, speak, pass } = await start();
  chrome.hang();
  await speak('A');
  await pass(4_900);
  assert.is(chrome.held.length, 1);
  await pass(200);
  assert.is(chrome.held.length, 2);
});

for (const [what, close] of [
  ['is closed by Target.closeTarget', ['Target.closeTarget', { targetId: 'A' }, 'browser']],
  ['is closed by Page.close', ['Page.close', {}, 'A']],
  ['may go with its context', ['Target.disposeBrowserContext', { browserContextId: 'C' }, 'browser']],
] as const) {
  recording(`starts no recorder in a page that ${what}, unless it stays`, async () => {
    const { chrome, command, speak, pass } = await start();
    const [method, params, targetId] = close;
    await command(method, params, targetId);
    await speak('A');
    await pass(900);
    assert.is(startsOf(chrome), 0);
    await pass(200);
    assert.is(startsOf(chrome), 1);
  });
}

recording('starts no recorder while the contexts of a client that left may go', async () => {
  const { chrome, leave, speak, pass } = await start();
  await leave();
  await speak('A');
  await pass(900);
  assert.is(startsOf(chrome), 0);
  await pass(200);
  assert.is(startsOf(chrome), 1);
});

recording('starts none in a page that is gone before it has been there for long', async () => {
  const { chrome, speak, pass } = await start();
  chrome.announce('C');
  await speak('C');
  await pass(200);
  chrome.say('Target.targetDestroyed', { targetId: 'C' });
  await pass(2_000);
  assert.is(startsOf(chrome), 0);
  chrome.announce('D');
  await speak('D');
  await pass(300);
  assert.is(startsOf(chrome), 1);
});

recording('does not wait for that when the session ends', async () => {
  const { session, chrome, speak } = await start();
  chrome.announce('C');
  await speak('C');
  await session.stop(never);
  assert.is(startsOf(chrome), 0);
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

recording(
  'tries a page again that is on its way to another address, as long as it is spoken to',
  async () => {
    const { chrome, speak, pass, said, index, lines } = await start({ refusal: INACTIVE });
    await speak('A');
    await pass(500);
    assert.is(startsOf(chrome), 6, 'at once, and then ten times a second');
    chrome.refuse(undefined);
    chrome.write('A', INIT, piece(0), piece(1));
    await pass(3_000);
    assert.is(startsOf(chrome), 7);
    assert.equal(
      index(0).chunks.map(({ number, part }) => [number, part]),
      [[0, 0]],
      'what did not begin is no part',
    );
    assert.equal([said, lines()], [[], []]);
  },
);

recording('tries it no more when nobody speaks to it', async () => {
  const { session, chrome, speak, pass } = await start({ refusal: INACTIVE });
  await speak('A');
  await pass(RECORDER_LIMITS.idleMs + 1_000);
  const before = startsOf(chrome);
  await pass(2_000);
  assert.is(startsOf(chrome), before);
  await speak('A');
  assert.is(startsOf(chrome), before + 1);
  await session.stop(never);
  await pass(2_000);
  assert.is(startsOf(chrome), before + 1, 'nor when its session ends');
});

recording('does not wait for such a page when another one is spoken to', async () => {
  const { chrome, speak, pass } = await start({ refusal: INACTIVE });
  await speak('A');
  chrome.say('Target.targetDestroyed', { targetId: 'A' });
  chrome.refuse(undefined);
  await speak('B');
  await pass(200);
  assert.equal(
    chrome.calls.filter((call) => call.endsWith(STARTED)),
    [`S-A ${STARTED}`, `S-B ${STARTED}`],
  );
});

recording('leaves out a page that cannot be recorded, and goes on with the next', async () => {
  const { chrome, speak, pass, said } = await start({
    refusal: 'Command can only be executed on top-level targets',
  });
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

recording('has ten pages at most, says so once, and goes on with those', async () => {
  const { chrome, speak, pass, said, index } = await start();
  for (let number = 0; number < 12; number += 1) {
    const targetId = `P${number}`;
    chrome.say('Target.targetCreated', { targetInfo: { targetId, type: 'page', url: 'https://p.test/' } });
    await speak(targetId);
    await pass(1_200);
    if (number > 0) chrome.say('Target.targetDestroyed', { targetId });
    await settled();
  }
  const starts = () => chrome.calls.filter((call) => call.endsWith('startScreenRecording')).length;
  assert.is(starts(), 10);
  assert.equal(said, [['stopped', 'only its first 10 pages are recorded']]);
  await speak('P0');
  assert.is(starts(), 11);
  chrome.write('P0', INIT, piece(0));
  await pass(12_000);
  assert.is(index(0).stopped, undefined);
});

/** An hour of an agent at work: a command and a fragment every two seconds. */
async function workAnHour(given: Awaited<ReturnType<typeof start>>, hour: number): Promise<void> {
  const { chrome, speakAtOnce, pass } = given;
  for (let second = 0; second < 3_600; second += 2) {
    const at = hour * 3_600 + second;
    chrome.write('A', ...(at === 0 ? [INIT] : []), makeFragment(at * 1_000, [400, 40], 1_000, at % 256));
    speakAtOnce('A');
    await pass(2_000);
  }
}

recording('of six hours has a small index and clocks in order, takes no more memory, and ends', async () => {
  const given = await start({ keepsChunks: false, turnMs: 2_000 });
  const heapMb: number[] = [];
  const indexBytes: number[] = [];
  await given.speak('A');
  for (let hour = 0; hour < 7; hour += 1) {
    await workAnHour(given, hour);
    globalThis.gc?.();
    heapMb.push(process.memoryUsage().heapUsed / 1024 ** 2);
    indexBytes.push(given.stored.get('0/index')?.length ?? 0);
  }
  const { said, index, chrome } = given;
  const { chunks, stopped } = index(0);
  assert.is(stopped, 'it is as long as a recording may be');
  assert.is(said.filter(([what]) => what === 'stopped').length, 1);
  assert.equal(
    chunks.map(({ number }) => number),
    chunks.map((_, at) => at),
  );
  const lastsMs = chunks.reduce((sum, chunk) => sum + durationMsOfChunk(chunk), 0);
  assert.ok(Math.abs(lastsMs - RECORDER_LIMITS.sessionMs) <= 2_000, `${lastsMs} ms`);
  for (const [at, chunk] of chunks.entries())
    assert.ok(at === 0 || chunk.startedAtMs >= endedAtMsOf(chunks[at - 1] as Chunk), `chunk ${at}`);
  assert.ok((indexBytes.at(-1) ?? 0) < RECORDING.maxIndexBytes / 16, `${indexBytes}`);
  const grownMb = (heapMb[5] ?? 0) - (heapMb[0] ?? 0);
  assert.ok(grownMb < 20, `${heapMb.map(Math.round)} MB`);
  assert.is(chrome.calls.at(-1), 'close S-A', 'nothing is recorded any more');
});

recording('ends at its size, whatever becomes of its chunks', async () => {
  const limits = { sessionBytes: 5_000_000 };
  const { chrome, speakAtOnce, speak, pass, said } = await start({ isDown: () => true, limits });
  const large = makeFragment(0, [1_000_000]);
  await speak('A');
  chrome.write('A', INIT);
  for (let number = 0; number < 4 && said.length === 0; number += 1) {
    chrome.write('A', large);
    speakAtOnce('A');
    await pass(2_000);
    assert.equal(said, []);
  }
  chrome.write('A', large);
  await pass(2_000);
  assert.equal(said[0], ['stopped', 'it is as long as a recording may be']);
});

recording('loses no more than the oldest of 32 MB, while the store is down for a minute', async () => {
  let isDown = true;
  const { chrome, speakAtOnce, speak, pass, said, index, stored } = await start({ isDown: () => isDown });
  await speak('A');
  chrome.write('A', INIT);
  for (let second = 0; second < 60; second += 2) {
    // Of 2 MB each: 60 MB in all.
    chrome.write('A', makeFragment(second * 1_000, [2 * 1024 * 1024], 2_000));
    speakAtOnce('A');
    await pass(2_000);
  }
  const lost = said.reduce((sum, [what, bytes]) => sum + (what === 'lost' ? Number(bytes) : 0), 0);
  const waiting = 60 * 1024 * 1024 - lost;
  assert.ok(waiting > 24 * 1024 * 1024 && waiting <= 34 * 1024 * 1024, `${waiting} bytes wait`);
  isDown = false;
  for (let second = 0; second < 30; second += 1) {
    speakAtOnce('A');
    await pass(1_000);
  }
  const { chunks } = index(0);
  assert.equal(
    chunks.map(({ number }) => stored.has(`0/${number}`)),
    chunks.map(() => true),
  );
  const numbers = chunks.map(({ number }) => number);
  assert.ok((numbers.at(-1) ?? 0) + 1 > numbers.length, 'there is a gap');
});

recording.run();
