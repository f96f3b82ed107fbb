import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Chunk } from '../../core/domain/recording.ts';
import type { ReplayView } from '../../core/domain/replay.ts';
import type { Session } from '../../core/domain/session.ts';
import type { EventType, SessionEvent } from '../../core/domain/session-event.ts';
import type { ApiResponse } from '../../core/http/response.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { publicKeysOf, type TokenAudience } from '../../core/tokens/tokens.ts';
import { describeReplay } from './describe-replay.ts';
import { playReplay } from './play-replay.ts';
import { REPLAY_PAGE } from './replay-page.ts';
import { showReplay } from './show-replay.ts';
import { signReplayUrl } from './sign-replay-url.ts';

const ID = '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11';
const NOW = new Date('2026-06-01T00:05:00.000Z');
const BEGAN = Date.parse('2026-06-01T00:00:10.000Z');
const keySet = rotateKeySet(undefined, NOW);

const RECORDED = newSession({
  sessionId: ID,
  status: 'STOPPED',
  recordSession: true,
  startedAt: '2026-06-01T00:00:05.000Z',
  endedAt: '2026-06-01T00:04:00.000Z',
  endReason: 'released',
});
const chunk = (number: number, startMs: number, part = 0): Chunk => ({
  number,
  part,
  startedAtMs: BEGAN + startMs,
  initBytes: 700,
  segments: [[1_500, 10_000]],
});
const indexOf = (url: string, ...chunks: readonly Chunk[]) => JSON.stringify({ version: 1, url, chunks });
/** Page 0 for 20 s, page 1 for 10 s, then page 0 again, in the part that it has then. */
const PAGES: Readonly<Record<number, string>> = {
  0: indexOf('https://a.example/last?token=x', chunk(0, 0), chunk(1, 10_000), chunk(2, 30_000, 1)),
  1: indexOf('https://b.example/', chunk(0, 20_000)),
};
const event = (sequence: number, type: EventType, data: SessionEvent['data'], at = BEGAN): SessionEvent => ({
  sessionId: ID,
  projectId: 'p1',
  sequence,
  at: new Date(at + sequence).toISOString(),
  category: 'session',
  type,
  data,
});

const tokenFor = (
  audience: TokenAudience = 'replay',
  { projectId = 'p1', expiresAt = new Date(NOW.getTime() + 60_000) } = {},
) => signToken(keySet, keySet.current, audience, { sessionId: ID, projectId, expiresAt });

interface Given {
  readonly session?: Session | undefined;
  readonly pages?: Readonly<Record<number, string>>;
  readonly events?: readonly SessionEvent[];
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

function ask(
  route: 'page' | 'json' | 'film',
  { session = RECORDED, pages = PAGES, events = [], token = tokenFor(), headers = {} }: Given = {},
) {
  const read: string[] = [];
  const deps = {
    async getPublicKeys() {
      read.push('keys');
      return publicKeysOf(keySet);
    },
    async getSession() {
      read.push('session');
      return session;
    },
    readIndex: async (key: string) => pages[Number(key.split('/')[3])],
    listEvents: async () => events,
    keptDays: 31,
    now: () => NOW,
    logger: recordLog().logger,
    presign: async (key: string) => `https://store.example/${key}?signed`,
    filmOrigin: async () => 'https://store.example',
  };
  const request = newRequest({ pathIds: { token }, headers, access: { projectId: '', projectIds: [] } });
  const routes = { page: showReplay, json: describeReplay, film: playReplay };
  return { answer: routes[route](deps)(request), read };
}

const sign = (body: { readonly expiresIn?: number } = {}, session: Session | undefined = RECORDED) =>
  signReplayUrl({
    getSession: async () => session,
    loadTokenKeys: async () => keySet,
    keptDays: 31,
    publicUrl: 'https://api.example',
    now: () => NOW,
  })(newRequest({ pathId: ID, body }));

const links = suite('the link of a replay');

links('opens page, description and film, for an hour if nothing else is asked for', async () => {
  const { replayUrl, expiresAt } = (await sign()).body as { replayUrl: string; expiresAt: string };
  assert.is(expiresAt, '2026-06-01T01:05:00.000Z');
  const [, token = ''] = /^https:\/\/api\.example\/replay\/([\w.-]+)$/.exec(replayUrl) ?? [];
  for (const route of ['page', 'json', 'film'] as const)
    assert.is((await ask(route, { token }).answer).status, 200);
});

links('lives as long as it is told', async () => {
  const { expiresAt } = (await sign({ expiresIn: 60 })).body as { expiresAt: string };
  assert.is(expiresAt, '2026-06-01T00:06:00.000Z');
});

links('is of a session of one’s own, that was recorded and is not deleted', async () => {
  const cases = [
    ['SESSION_NOT_FOUND', newSession({ ...RECORDED, projectId: 'p9' })],
    ['NOT_RECORDED', newSession({ ...RECORDED, recordSession: false })],
    ['RECORDING_EXPIRED', newSession({ ...RECORDED, endedAt: '2026-04-01T00:00:00.000Z' })],
  ] as const;
  for (const [code, session] of cases) assert.is((await appErrorOf(sign({}, session))).code, code);
});

const forged = () => {
  const [head = '', , signature = ''] = tokenFor().split('.');
  const claims = { prj: 'p2', sub: ID, aud: 'replay', iss: 'wallcrawler', exp: 9_999_999_999 };
  return `${head}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
};
const other = rotateKeySet(undefined, NOW);
const BAD: Readonly<Record<string, string>> = {
  'of a client': tokenFor('cdp'),
  'of a live view': tokenFor('live'),
  'of a container': tokenFor('controller'),
  'of a claim': tokenFor('claim'),
  'that was tampered with': forged(),
  'of another installation': signToken(other, other.current, 'replay', {
    sessionId: ID,
    projectId: 'p1',
    expiresAt: new Date(NOW.getTime() + 60_000),
  }),
  'that is none': 'x',
  'that is nothing': '',
  'that is very long': 'a.'.repeat(5_000),
};

for (const [what, token] of Object.entries(BAD))
  links(`refuses a token ${what}, and reads no session for it`, async () => {
    for (const route of ['json', 'film'] as const) {
      const { answer, read } = ask(route, { token });
      const { status, message } = await appErrorOf(answer);
      assert.equal([status, read.includes('session')], [401, false]);
      assert.match(message, /^This link is not valid\. /);
      assert.not.match(message, token === '' ? 'never' : token.slice(0, 40));
    }
    const page = await ask('page', { token }).answer;
    assert.is(page.status, 401);
    assert.match(await text(page.stream as Readable), '<h1>This link is not valid</h1>');
  });

links('says that its time is over', async () => {
  const token = tokenFor('replay', { expiresAt: new Date(NOW.getTime() - 1_000) });
  assert.match((await appErrorOf(ask('json', { token }).answer)).message, /^This link has expired\. /);
  const page = await ask('page', { token }).answer;
  const html = await text(page.stream as Readable);
  assert.match(html, '<h1>This link has expired</h1>');
  assert.not.match(html, '<script');
});

links('is no link once its key was taken back', async () => {
  const request = newRequest({ pathIds: { token: tokenFor() } });
  const page = await showReplay({
    getPublicKeys: async () => ({}),
    now: () => NOW,
    filmOrigin: async () => 'https://store.example',
  })(request);
  assert.is(page.status, 401);
});

links('shows no session of another project, whatever its token says', async () => {
  const token = tokenFor('replay', { projectId: 'p2' });
  for (const route of ['json', 'film'] as const)
    assert.is((await appErrorOf(ask(route, { token }).answer)).code, 'SESSION_NOT_FOUND');
});

links('says why there is nothing to see', async () => {
  const cases = [
    [422, newSession({ ...RECORDED, recordSession: false })],
    [410, newSession({ ...RECORDED, endedAt: '2026-04-01T00:00:00.000Z' })],
  ] as const;
  for (const [status, session] of cases)
    for (const route of ['json', 'film'] as const)
      assert.is((await appErrorOf(ask(route, { session }).answer)).status, status);
  assert.is((await appErrorOf(ask('film', { pages: {} }).answer)).code, 'RECORDING_NOT_FOUND');
  assert.equal(((await ask('json', { pages: {} }).answer).body as ReplayView).scenes, []);
});

const shown = suite('what the link of a replay shows');

shown('is the session, its pages without what was sent to them, and its scenes in order', async () => {
  const view = (await ask('json').answer).body as ReplayView;
  assert.equal(view, {
    sessionId: ID,
    isRunning: false,
    startMs: BEGAN - 5_000,
    endMs: Date.parse('2026-06-01T00:04:00.000Z'),
    endReason: 'released',
    pages: [
      { pageId: '0', url: 'https://a.example/last' },
      { pageId: '1', url: 'https://b.example/' },
    ],
    scenes: [
      { pageId: '0', startMs: BEGAN, durationMs: 20_000 },
      { pageId: '1', startMs: BEGAN + 20_000, durationMs: 10_000 },
      { pageId: '0', startMs: BEGAN + 30_000, durationMs: 10_000 },
    ],
    events: [],
  });
});

shown('is of each event what is for everybody, in the order of the time', async () => {
  const events = [
    event(1, 'session.created', { contextId: 'secret', region: 'r' }, BEGAN + 50),
    event(2, 'page.opened', { pageId: 'secret', url: 'https://a.example/x?token=secret#s', navigations: 1 }),
    event(3, 'download.completed', { downloadId: 'secret', filename: 'f.pdf', sizeBytes: 5 }),
    event(4, 'browser.crashed', { detail: 'secret' }),
    event(5, 'recording.part', { part: 1, sizeBytes: 1 }),
    event(6, 'session.ended', { status: 'STOPPED', reason: 'released', detail: 'secret', browserMinutes: 1 }),
  ];
  const view = (await ask('json', { events }).answer).body as ReplayView;
  assert.equal(
    view.events.map(({ type, data }) => [type, data]),
    [
      ['page.opened', { url: 'https://a.example/x' }],
      ['download.completed', { filename: 'f.pdf', sizeBytes: 5 }],
      ['browser.crashed', {}],
      ['session.ended', { reason: 'released' }],
      ['session.created', {}],
    ],
  );
  assert.not.match(JSON.stringify(view), 'secret');
});

const playlistOf = async (answer: Promise<ApiResponse>) => text((await answer).stream as Readable);

shown('is one film of all pages: each change is a beginning', async () => {
  const playlist = await playlistOf(ask('film').answer);
  const read = [...playlist.matchAll(/^https:\S+\/(\d\/\d+)\.mp4/gm)].map(([, piece]) => piece);
  assert.equal(read, ['0/000000', '0/000001', '1/000000', '0/000002']);
  assert.equal([...playlist.matchAll(/#EXT-X-MAP/g)].length, 3);
  assert.match(playlist, /#EXT-X-PLAYLIST-TYPE:VOD.*#EXT-X-ENDLIST\n$/s);
});

shown('is a change of the page also where two films could be one', async () => {
  const pages = {
    0: indexOf('https://a.example/', chunk(0, 0)),
    1: indexOf('https://b.example/', chunk(0, 10_000)),
  };
  assert.match(await playlistOf(ask('film', { pages }).answer), '#EXT-X-DISCONTINUITY');
  assert.is(((await ask('json', { pages }).answer).body as ReplayView).scenes.length, 2);
});

shown('has no end while the session runs', async () => {
  const { endedAt: _, endReason: __, ...rest } = RECORDED;
  const session: Session = { ...rest, status: 'ACTIVE' };
  const playlist = await playlistOf(ask('film', { session }).answer);
  assert.match(playlist, '#EXT-X-PLAYLIST-TYPE:EVENT');
  assert.not.match(playlist, 'ENDLIST');
  assert.is(((await ask('json', { session }).answer).body as ReplayView).isRunning, true);
});

shown('is a page that runs its own script, asks nobody else, and tells nobody its address', async () => {
  const { headers = {}, stream } = await ask('page').answer;
  const html = await text(stream as Readable);
  assert.is(html, REPLAY_PAGE);
  const policy = headers['content-security-policy'] ?? '';
  for (const name of ['script', 'style']) {
    const [, inside = ''] = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(html) ?? [];
    const hash = createHash('sha256').update(inside).digest('base64');
    assert.ok(policy.includes(`${name}-src 'sha256-${hash}'`), name);
  }
  assert.match(policy, "default-src 'none'");
  assert.match(policy, "connect-src 'self' https://store.example;");
  assert.match(policy, 'frame-ancestors *');
  assert.equal([headers['referrer-policy'], headers['cache-control']], ['no-referrer', 'no-store']);
});

shown('is small on its way to a browser that can unpack it', async () => {
  for (const [accepted, isZipped] of [
    ['gzip, deflate, br', true],
    ['br;q=1.0, gzip;q=0.8', true],
    ['gzip;q=0', false],
    ['identity', false],
  ] as const) {
    const { headers = {}, stream } = await ask('page', { headers: { 'accept-encoding': accepted } }).answer;
    const bytes = await buffer(stream as Readable);
    assert.is(headers['content-encoding'] === 'gzip', isZipped, accepted);
    assert.is((isZipped ? gunzipSync(bytes) : bytes).toString(), REPLAY_PAGE);
    if (isZipped) assert.ok(bytes.length < 150_000, `${bytes.length} bytes`);
  }
});

links.run();
shown.run();
