import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Chunk } from '../../core/domain/recording.ts';
import type { Session } from '../../core/domain/session.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { listReplays } from './list-replays.ts';
import { retrieveRecording } from './retrieve-recording.ts';
import { retrieveReplay } from './retrieve-replay.ts';

const ID = '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11';
const BEGAN = Date.parse('2026-06-01T00:00:10.000Z');
const replays = suite('replays');

const RECORDED = newSession({ sessionId: ID, status: 'READY', recordSession: true });
const chunk = (number: number, changes: Partial<Chunk> = {}): Chunk => ({
  number,
  part: 0,
  startedAtMs: BEGAN + number * 20_000,
  initBytes: 700,
  segments: [
    [1_000, 2_000],
    [500, 18_000],
  ],
  ...changes,
});
const indexOf = (...chunks: readonly Chunk[]) =>
  JSON.stringify({ version: 1, url: 'https://example.com/', chunks });

interface Given {
  readonly session?: Session | undefined;
  readonly pages?: Readonly<Record<number, string>>;
  readonly at?: string;
}

function ask({ session = RECORDED, pages = {}, at = '2026-06-01T00:05:00.000Z' }: Given, pageId?: string) {
  const log = recordLog();
  const read: string[] = [];
  const deps = {
    getSession: async () => session,
    async readIndex(key: string) {
      read.push(key);
      return pages[Number(key.split('/')[3])];
    },
    keptDays: 31,
    now: () => new Date(at),
    logger: log.logger,
    presign: async (key: string) => `https://store/${key}?signed`,
  };
  const request = newRequest({
    pathId: ID,
    pathIds: { id: ID, ...(pageId === undefined ? {} : { pageId }) },
  });
  const answer = pageId === undefined ? listReplays(deps)(request) : retrieveReplay(deps)(request);
  return { answer, log, read };
}

replays('are the pages that were filmed, with when and where', async () => {
  const pages = { 0: indexOf(chunk(0), chunk(1)), 2: indexOf(chunk(3)) };
  const { body } = await ask({ pages }).answer;
  const url = 'https://example.com/';
  assert.equal(body, {
    pageCount: 2,
    pages: [
      { pageId: '0', url, startTimeMs: BEGAN, endTimeMs: BEGAN + 40_000 },
      { pageId: '2', url, startTimeMs: BEGAN + 60_000, endTimeMs: BEGAN + 80_000 },
    ],
  });
});

replays('are none where nothing is filmed yet', async () => {
  assert.equal((await ask({}).answer).body, { pages: [], pageCount: 0 });
});

replays('of a page are a playlist: parts and gaps with a beginning and a time of their own', async () => {
  const chunks = [chunk(0), chunk(1), chunk(3), chunk(4, { part: 1, startedAtMs: BEGAN + 100_000 })];
  const { status, headers, stream } = await ask({ pages: { 1: indexOf(...chunks) } }, '1').answer;
  const url = (number: number) => `https://store/recordings/p1/${ID}/1/00000${number}.mp4?signed`;
  const beginning = (number: number, time: string) => [
    `#EXT-X-MAP:URI="${url(number)}",BYTERANGE="700@0"`,
    `#EXT-X-PROGRAM-DATE-TIME:2026-06-01T${time}.000Z`,
  ];
  const segment = (number: number) => ['#EXTINF:20.000,', '#EXT-X-BYTERANGE:1500@700', url(number)];
  assert.equal([status, headers?.['content-type']], [200, 'application/vnd.apple.mpegurl']);
  assert.equal((await text(stream as Readable)).split('\n'), [
    '#EXTM3U',
    '#EXT-X-VERSION:7',
    '#EXT-X-TARGETDURATION:20',
    '#EXT-X-MEDIA-SEQUENCE:0',
    '#EXT-X-PLAYLIST-TYPE:VOD',
    '#EXT-X-INDEPENDENT-SEGMENTS',
    ...beginning(0, '00:00:10'),
    ...segment(0),
    ...segment(1),
    '#EXT-X-DISCONTINUITY',
    ...beginning(3, '00:01:10'),
    ...segment(3),
    '#EXT-X-DISCONTINUITY',
    ...beginning(4, '00:01:50'),
    ...segment(4),
    '#EXT-X-ENDLIST',
    '',
  ]);
});

const TAMPERED = {
  'no JSON': '{',
  'a key of another session': indexOf({ ...chunk(0), number: '../../../p2/s2/0/000000' as never }),
  'a line of a playlist': indexOf(chunk(0, { segments: [[1, '1\n#EXT-X-KEY' as never]] })),
  'nothing in it': indexOf(),
};

for (const [what, index] of Object.entries(TAMPERED)) {
  replays(`have no page whose index has ${what}`, async () => {
    const pages = { 0: index };
    assert.equal((await ask({ pages }).answer).body, { pages: [], pageCount: 0 });
    const { answer, log } = ask({ pages }, '0');
    const { code, message } = await appErrorOf(answer);
    assert.equal([code, message], ['REPLAY_NOT_FOUND', `Session ${ID} has no recording of page 0`]);
    if (what !== 'nothing in it') assert.match(log.text(), 'an index of a recording is not usable');
  });
}

replays('are 404, 410 and 422 as the contract has them', async () => {
  const old = newSession({ ...RECORDED, status: 'STOPPED', endedAt: '2026-06-01T00:05:00.000Z' });
  const cases = [
    ['SESSION_NOT_FOUND', 404, { session: newSession({ sessionId: ID, projectId: 'p9' }) }],
    ['NOT_RECORDED', 422, { session: newSession({ ...RECORDED, recordSession: false }) }],
    ['RECORDING_EXPIRED', 410, { session: old, at: '2026-07-03T00:00:00.000Z' }],
  ] as const;
  for (const [code, status, given] of cases)
    for (const pageId of [undefined, '0']) {
      const { answer, read } = ask(given, pageId);
      const error = await appErrorOf(answer);
      assert.equal([error.code, error.status, read], [code, status, []]);
    }
  assert.is((await appErrorOf(ask({}, '7').answer)).code, 'REPLAY_NOT_FOUND');
});

replays('by rrweb are none, of a session of one’s own', async () => {
  const request = newRequest({ pathId: ID });
  const of = (session: Session) => retrieveRecording({ getSession: async () => session })(request);
  assert.equal((await of(RECORDED)).body, []);
  assert.is((await appErrorOf(of(newSession({ sessionId: ID, projectId: 'p9' })))).code, 'SESSION_NOT_FOUND');
});

replays.run();
