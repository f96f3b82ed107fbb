import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SQSEvent } from 'aws-lambda';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ObjectTooLargeError } from '../../core/aws/artifacts/object-too-large-error.ts';
import { readFilmRef } from '../../core/aws/artifacts/recording-queue.ts';
import { StoreDownError } from '../../core/aws/artifacts/store-down-error.ts';
import { type Chunk, RECORDING } from '../../core/domain/recording.ts';
import { MAX_MOVIE_BYTES } from '../../core/domain/recording-download.ts';
import type { Session } from '../../core/domain/session.ts';
import { boxesIn } from '../../core/mp4/boxes.ts';
import { makeFragment, makeInit } from '../../core/mp4/testing/make-film.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { createRecordingDownloads } from './create-recording-downloads.ts';
import type { Encoded, MovieToEncode } from './encode-movie.ts';
import { listRecordingDownloads } from './list-recording-downloads.ts';
import { makeRecordingDownloads } from './make-recording-downloads.ts';

const ID = '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11';
const downloads = suite('the downloads of a recording');
const ENDED = newSession({
  sessionId: ID,
  status: 'STOPPED',
  recordSession: true,
  endedAt: '2026-06-01T00:05:00.000Z',
});
const FILM = Buffer.concat([makeInit(), makeFragment(0, [40, 4]), makeFragment(400, [30])]);
const INIT_BYTES = makeInit().length;
const chunk = (number: number, changes: Partial<Chunk> = {}): Chunk => ({
  number,
  part: number,
  startedAtMs: Date.parse(ENDED.createdAt) + number * 20_000,
  initBytes: INIT_BYTES,
  segments: [[FILM.length - INIT_BYTES, 600]],
  ...changes,
});

type Encode = (movie: MovieToEncode, file: string) => Promise<Encoded>;

/** In which films are put together, and where nothing stays. */
let workshop: string;
downloads.before.each(() => {
  workshop = mkdtempSync(join(tmpdir(), 'workshop-'));
});
downloads.after.each(() => {
  const left = readdirSync(workshop);
  rmSync(workshop, { recursive: true });
  assert.equal(left, [], 'nothing is left on the disk');
});

/** A store with the film of one page, and a queue. */
function start(
  session: Session | undefined = ENDED,
  chunks: readonly Chunk[] = [chunk(0), chunk(1)],
  encodeMovie?: Encode,
) {
  const folder = `recordings/p1/${ID}/0`;
  const store = new Map<string, Buffer>();
  if (chunks.length > 0) {
    const index = { version: 1, url: 'https://example.com/', chunks };
    store.set(`${folder}/index.json`, Buffer.from(JSON.stringify(index)));
  }
  for (const { number } of chunks) store.set(`${folder}/00000${number}.mp4`, FILM);
  const queued: string[] = [];
  let made = 0;
  const log = recordLog();
  const readBytes = (key: string, maxBytes: number) => {
    const found = store.get(key);
    if (found !== undefined && found.length > maxBytes) throw new ObjectTooLargeError(found.length, maxBytes);
    return found;
  };
  const read = async (key: string) => readBytes(key, RECORDING.maxIndexBytes)?.toString();
  let isDown = false;
  let at = '2026-06-01T00:10:00.000Z';
  const deps = {
    getSession: async () => session,
    readIndex: read,
    readState: read,
    keptDays: 31,
    now: () => new Date(at),
    logger: log.logger,
    presign: async (key: string) => `https://store/${key}?signed`,
    putState: async (key: string, state: object) => void store.set(key, Buffer.from(JSON.stringify(state))),
    queue: async (film: object) => void queued.push(JSON.stringify(film)),
    readRef: readFilmRef,
    async readChunk(key: string, maxBytes: number) {
      if (isDown) throw new StoreDownError('down');
      return readBytes(key, maxBytes);
    },
    async putMovie(key: string, { head, file, bytes }: { head: Buffer; file: string; bytes: number }) {
      const movie = Buffer.concat([head, readFileSync(file)]);
      assert.is(movie.length, bytes);
      store.set(key, movie);
      made += 1;
    },
    encodeMovie,
    folderPrefix: join(workshop, 'film-'),
  };
  const request = newRequest({ pathId: ID });
  return {
    store,
    folder,
    queued,
    log,
    moviesMade: () => made,
    later: (time: string) => {
      at = time;
    },
    setDown: (value: boolean) => {
      isDown = value;
    },
    post: () => createRecordingDownloads(deps)(request),
    list: () => listRecordingDownloads(deps)(request),
    work: (bodies: readonly string[] = queued, firstId = 0) =>
      makeRecordingDownloads(deps)({
        Records: bodies.map((body, at) => ({ body, messageId: String(firstId + at) })),
      } as unknown as SQSEvent),
  };
}

downloads('are asked for, made and given out', async () => {
  const { post, list, work, store, folder } = start();
  assert.equal((await list()).body, { downloads: [{ pageId: '0', status: 'NOT_REQUESTED' }] });
  const { status, body } = await post();
  assert.equal([status, body], [202, { downloads: [{ pageId: '0', status: 'PENDING' }] }]);
  assert.equal((await list()).body, { downloads: [{ pageId: '0', status: 'PENDING' }] });
  assert.equal(await work(), { batchItemFailures: [] });
  const downloadUrl = `https://store/${folder}/film.mp4?signed`;
  const completedAt = '2026-06-01T00:10:00.000Z';
  assert.equal((await list()).body, {
    downloads: [{ pageId: '0', status: 'COMPLETED', downloadUrl, completedAt, videoCodec: 'av1' }],
  });
  const movie = store.get(`${folder}/film.mp4`) ?? Buffer.alloc(0);
  const [, , mdat] = boxesIn(movie);
  assert.is((mdat?.end ?? 0) - (mdat?.bodyStart ?? 0), 2 * (40 + 4 + 30));
});

downloads('are H.264 where there is an encoder, and as they are where that takes too much', async () => {
  const seen: MovieToEncode[] = [];
  const encode: Encode = async (movie, file) => {
    seen.push(movie);
    writeFileSync(file, 'h264');
    return { kind: 'encoded', movie: { head: Buffer.alloc(0), file, bytes: 4 } };
  };
  const encoded = start(ENDED, [chunk(0), chunk(1)], encode);
  await encoded.post();
  await encoded.work();
  assert.match(JSON.stringify((await encoded.list()).body), '"videoCodec":"h264"');
  assert.is(encoded.store.get(`${encoded.folder}/film.mp4`)?.toString(), 'h264');
  assert.is(seen[0]?.bytes, (seen[0]?.head.length ?? 0) + 2 * (40 + 4 + 30));

  const givenUp = start(ENDED, [chunk(0)], async () => ({ kind: 'given up', reason: 'it took too long' }));
  await givenUp.post();
  await givenUp.work();
  assert.match(JSON.stringify((await givenUp.list()).body), '"videoCodec":"av1"');
  assert.ok(givenUp.log.lines().some(({ reason }) => reason === 'it took too long'));

  const failed = start(ENDED, [chunk(0)], async () => ({ kind: 'failed', reason: 'no pictures' }));
  await failed.post();
  await failed.work();
  assert.equal((await failed.list()).body, { downloads: [{ pageId: '0', status: 'FAILED' }] });
});

downloads('are made once, however often they are asked for and a message comes', async () => {
  const { post, work, queued, moviesMade, later, store, folder } = start();
  await post();
  await post();
  assert.is(queued.length, 2);
  await work();
  await work(queued.slice(0, 1));
  assert.is(moviesMade(), 1);
  await post();
  await work(queued.slice(2), 2);
  assert.is(moviesMade(), 2, 'asking again afterwards makes them again');

  const stateKey = `${folder}/download.json`;
  const state = (requestedAt: string, at: string) =>
    Buffer.from(JSON.stringify({ status: 'PENDING', requestedAt, taken: { messageId: '7', at } }));
  const asked = '2026-06-01T00:10:00.000Z';
  store.set(stateKey, state(asked, asked));
  later('2026-06-01T00:20:00.000Z');
  await post();
  assert.equal(store.get(stateKey), state(asked, asked), 'who works at one keeps it');
  await work(queued.slice(-1), 8);
  assert.is(moviesMade(), 2, 'another one is at work');
  await work(queued.slice(-1), 7);
  assert.is(moviesMade(), 3, 'it has failed, and comes again');
  store.set(stateKey, state(asked, asked));
  later('2026-06-01T00:26:00.000Z');
  await work(queued.slice(-1), 8);
  assert.is(moviesMade(), 4, 'whoever was at work is gone');
});

downloads('come again where the store is down, and are late after an hour', async () => {
  const { post, list, work, setDown, later } = start();
  await post();
  setDown(true);
  assert.equal(await work(), { batchItemFailures: [{ itemIdentifier: '0' }] });
  assert.equal((await list()).body, { downloads: [{ pageId: '0', status: 'PENDING' }] });
  later('2026-06-01T01:11:00.000Z');
  assert.equal((await list()).body, { downloads: [{ pageId: '0', status: 'FAILED' }] });
  setDown(false);
  await work();
  assert.match(JSON.stringify((await list()).body), 'COMPLETED');
});

const BROKEN: Readonly<Record<string, (given: ReturnType<typeof start>) => void>> = {
  'a chunk that has gone': ({ store, folder }) => void store.delete(`${folder}/000001.mp4`),
  'a chunk that is no film': ({ store, folder }) => void store.set(`${folder}/000001.mp4`, Buffer.alloc(50)),
  'a chunk that is larger than its index says': ({ store, folder }) =>
    void store.set(`${folder}/000001.mp4`, Buffer.concat([FILM, Buffer.alloc(1)])),
  'an index that is larger than any': ({ store, folder }) =>
    void store.set(`${folder}/index.json`, Buffer.alloc(RECORDING.maxIndexBytes + 1)),
  'an index that was tampered with': ({ store, folder }) =>
    void store.set(`${folder}/index.json`, Buffer.from('{}')),
};

for (const [what, spoil] of Object.entries(BROKEN)) {
  downloads(`have failed with ${what}, and are not tried again by themselves`, async () => {
    const given = start();
    await given.post();
    spoil(given);
    assert.equal(await given.work(), { batchItemFailures: [] });
    assert.match(given.store.get(`${given.folder}/download.json`)?.toString() ?? '', 'FAILED');
  });
}

downloads('have failed where a film is larger than a function’s disk', async () => {
  const bytes = 60 * 1024 * 1024;
  const chunks = Array.from({ length: Math.ceil(MAX_MOVIE_BYTES / bytes) + 1 }, (_, number) =>
    chunk(number, { segments: [[bytes, 600]] }),
  );
  const { post, work, list } = start(ENDED, chunks);
  await post();
  await work();
  assert.equal((await list()).body, { downloads: [{ pageId: '0', status: 'FAILED' }] });
});

downloads('are none of a message that nobody has sent, and of a session that is forgotten', async () => {
  const { work, store } = start();
  const before = store.size;
  const bad = ['{', '{}', '{"sessionId":"../x","page":0}', `{"sessionId":"${ID}","page":10}`];
  assert.is((await work(bad)).batchItemFailures.length, bad.length);
  assert.is(store.size, before);
  const forgotten = start(newSession({ sessionId: ID }), []);
  assert.equal(await forgotten.work([]), { batchItemFailures: [] });
});

downloads('are 404, 409, 410 and 422 as the contract has them', async () => {
  const cases = [
    ['SESSION_NOT_FOUND', start(newSession({ sessionId: ID, projectId: 'p9' }))],
    ['RECORDING_NOT_FOUND', start(ENDED, [])],
    ['RECORDING_NOT_ENDED', start(newSession({ sessionId: ID, status: 'ACTIVE', recordSession: true }))],
    ['NOT_RECORDED', start({ ...ENDED, recordSession: false })],
    ['RECORDING_EXPIRED', start({ ...ENDED, endedAt: '2026-04-01T00:00:00.000Z' })],
  ] as const;
  for (const [code, given] of cases) {
    assert.is((await appErrorOf(given.post())).code, code);
    assert.is((await appErrorOf(given.list())).code, code);
    assert.equal(given.queued, []);
  }
});

downloads.run();
