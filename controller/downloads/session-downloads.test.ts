import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createLogger } from '../../core/log/logger.ts';
import { createManualClock } from '../../core/testing/manual-clock.ts';
import { RequestFailedError } from '../container-api/http-request.ts';
import { DOWNLOAD_LIMITS } from './limits.ts';
import { SessionDownloads } from './session-downloads.ts';

const MIB = 1024 * 1024;
const storing = suite('the downloads of a session');
const fileOf = (id: string) => ({ id, filename: `${id}.pdf`, path: `/d/${id}` });
const settled = () => new Promise(setImmediate);

/** Downloads whose store does what each test says, and what became of them. */
function downloadsWith(store: (id: string, attempt: number, signal: AbortSignal) => Promise<void>) {
  const clock = createManualClock();
  const attempts = new Map<string, number>();
  const said = {
    stored: [] as string[],
    lost: [] as string[],
    moments: [] as number[],
    cancelled: [] as string[],
    discarded: [] as string[],
  };
  const downloads = new SessionDownloads({
    async store({ id, filename, finishedAtMs }, signal) {
      said.moments.push(finishedAtMs);
      const attempt = (attempts.get(id) ?? 0) + 1;
      attempts.set(id, attempt);
      await store(id, attempt, signal);
      return { filename, sizeBytes: 1 };
    },
    discard: async (path) => void said.discarded.push(path),
    clock,
    logger: createLogger({}, () => {}),
    onStored: ({ id }) => said.stored.push(id),
    onLost: ({ id }, reason) => said.lost.push(`${id}: ${reason}`),
  });
  downloads.follow({
    listen: () => {},
    nameOf: (id) => id,
    cancel: async (id) => void said.cancelled.push(id),
  });
  return { downloads, clock, attempts, said };
}

storing('are stored two at a time, in their order, each at a moment of its own', async () => {
  const open: (() => void)[] = [];
  const { downloads, said } = downloadsWith(() => new Promise((resolve) => open.push(resolve)));
  for (const id of ['a', 'b', 'c']) downloads.onFinished(fileOf(id));
  assert.is(open.length, DOWNLOAD_LIMITS.atOnce);
  open[1]?.();
  while (open.length < 3) await settled();
  open[0]?.();
  open[2]?.();
  while (said.stored.length < 3) await settled();
  assert.equal(said.stored, ['b', 'a', 'c']);
  assert.is(new Set(said.moments).size, 3);
});

storing('wait while the store is down, and are stored when it is back', async () => {
  const { downloads, clock, said, attempts } = downloadsWith(async (_, attempt) => {
    if (attempt <= 8) throw new RequestFailedError('down');
  });
  downloads.onFinished(fileOf('a'));
  for (let tries = 1; said.stored.length === 0; tries += 1) {
    while ((attempts.get('a') ?? 0) < tries) await settled();
    await settled();
    clock.advance(15_000);
    await settled();
  }
  assert.equal([said.stored, said.lost], [['a'], []]);
});

storing('are told to be lost when no other try would help, or none is left', async () => {
  const { downloads, said } = downloadsWith(async (id) => {
    throw id === 'a' ? new Error('ENOENT') : new RequestFailedError('down');
  });
  downloads.onFinished(fileOf('a'));
  downloads.onFinished(fileOf('b'));
  while (said.lost.length === 0) await settled();
  const late = new AbortController();
  const closing = downloads.close(late.signal);
  await settled();
  late.abort();
  await closing;
  assert.equal(said.lost, ['a: ENOENT', 'b: the session ended before it was stored']);
  assert.equal(said.discarded, ['/d/a', '/d/b']);
});

storing('are told to be lost with the session’s end as the reason when it cuts them off', async () => {
  const { downloads, said } = downloadsWith(
    (_id, _attempt, signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(new Error('The operation was aborted')));
      }),
  );
  downloads.onFinished(fileOf('a'));
  const late = new AbortController();
  const closing = downloads.close(late.signal);
  late.abort();
  await closing;
  assert.equal(said.lost, ['a: the session ended before it was stored']);
});

storing('are stored to the last one before the session ends, however many wait', async () => {
  const { downloads, said } = downloadsWith(async () => settled() as Promise<void>);
  for (const id of ['a', 'b', 'c', 'd', 'e']) downloads.onFinished(fileOf(id));
  await downloads.close(new AbortController().signal);
  assert.is(said.stored.length, 5);
});

storing('are cancelled when they are more than a session keeps', async () => {
  const { downloads, said } = downloadsWith(async () => {});
  downloads.onBytes('small', 1023 * MIB);
  downloads.onBytes('large', 1024 * MIB + 1);
  assert.equal(said.cancelled, ['large']);
  for (const id of ['1', '2', '3', '4']) downloads.onBytes(id, 1024 * MIB);
  assert.equal(said.cancelled, ['large']);
  downloads.onBytes('5', 2 * MIB);
  assert.equal(said.cancelled, ['large', '5']);
  assert.match(said.lost[0] ?? '', 'more than a session keeps');
});

storing('are cancelled when they are too many', async () => {
  const { downloads, said } = downloadsWith(async () => {});
  for (let number = 0; number <= DOWNLOAD_LIMITS.files; number += 1) downloads.onBytes(`${number}`, 0);
  assert.equal(said.cancelled, [`${DOWNLOAD_LIMITS.files}`]);
});

storing('are told to be lost once when they are too large, whatever Chrome says after it', async () => {
  const { downloads, said } = downloadsWith(async () => {});
  downloads.onBytes('a', DOWNLOAD_LIMITS.fileBytes + 1);
  downloads.onBytes('a', DOWNLOAD_LIMITS.fileBytes + 2);
  downloads.onGivenUp('a', 'a');
  downloads.onBytes('b', DOWNLOAD_LIMITS.fileBytes + 1);
  downloads.onFinished(fileOf('b'));
  await settled();
  assert.is(said.lost.length, 2);
  assert.equal([said.stored, said.discarded], [[], ['/d/b']]);
});

storing('are told to be lost when somebody gives them up, and count no more', async () => {
  const { downloads, said } = downloadsWith(async () => {});
  for (let number = 0; number < 2 * DOWNLOAD_LIMITS.files; number += 1) {
    downloads.onBytes(`${number}`, 1);
    downloads.onGivenUp(`${number}`, 'a.pdf');
  }
  assert.is(said.cancelled.length, 0);
  assert.is(said.lost.length, 2 * DOWNLOAD_LIMITS.files);
  assert.is(said.lost[0], '0: it was cancelled, or its connection broke');
});

const ending = suite('the downloads that run when a session ends');

/** Whether it has ended by now. */
function watched(promise: Promise<void>) {
  const state = { isDone: false };
  void promise.then(() => {
    state.isDone = true;
  });
  return state;
}

ending('are waited for until they are whole, and stored', async () => {
  const { downloads, said, clock } = downloadsWith(async () => {});
  downloads.onBytes('a', 1);
  const waiting = watched(downloads.finish(new AbortController().signal));
  for (let seconds = 1; seconds <= 8; seconds += 1) {
    clock.advance(1_000);
    downloads.onBytes('a', seconds * MIB);
    await settled();
    assert.is(waiting.isDone, false, `after ${seconds} s`);
  }
  downloads.onFinished(fileOf('a'));
  await settled();
  assert.ok(waiting.isDone);
  await downloads.close(new AbortController().signal);
  assert.equal([said.stored, said.lost], [['a'], []]);
});

ending('are waited for as long as they get on, and those that began later not at all', async () => {
  const { downloads, said, clock } = downloadsWith(async () => {});
  downloads.onBytes('slow', 1);
  const waiting = watched(downloads.finish(new AbortController().signal));
  downloads.onBytes('late', 1);
  for (let seconds = 1; seconds < DOWNLOAD_LIMITS.stalledMs / 1_000; seconds += 1) {
    clock.advance(1_000);
    // Chrome tells of one that gets nothing as well.
    downloads.onBytes('slow', 1);
    downloads.onBytes('late', seconds * MIB);
  }
  await settled();
  assert.is(waiting.isDone, false);
  clock.advance(1_000);
  await settled();
  assert.ok(waiting.isDone);
  await downloads.close(new AbortController().signal);
  assert.equal(said.lost, [
    'slow: the session ended before it was whole',
    'late: the session ended before it was whole',
  ]);
});

ending('are waited for until there is no more time', async () => {
  const { downloads, said, clock } = downloadsWith(async () => {});
  downloads.onBytes('a', 1);
  const end = new AbortController();
  const waiting = downloads.finish(end.signal);
  end.abort();
  await waiting;
  assert.is(clock.pending(), 0);
  // Chrome says so itself when it closes: told once.
  downloads.onGivenUp('a', 'a');
  await downloads.close(new AbortController().signal);
  assert.equal(said.lost, ['a: the session ended before it was whole']);
});

ending('cost nothing where there are none', async () => {
  const { downloads, clock } = downloadsWith(async () => {});
  downloads.onBytes('a', 1);
  downloads.onFinished(fileOf('a'));
  await downloads.finish(new AbortController().signal);
  assert.is(clock.pending(), 0);
});

storing.run();
ending.run();
