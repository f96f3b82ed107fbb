import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CallRefusedError, type ContainerApi, createContainerApi } from './container-api.ts';
import { RequestFailedError } from './http-request.ts';

interface Seen {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly authorization: string | undefined;
  readonly body: unknown;
}
type Answer = readonly [status: number, body: unknown];

/** Runs `use` with a client whose calls get `answers` in turn, the last one again and again; returns what was sent. */
async function serve(
  answers: readonly Answer[],
  use: (api: ContainerApi) => Promise<void>,
): Promise<readonly Seen[]> {
  const seen: Seen[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const [status, body] = answers[Math.min(seen.length, answers.length - 1)] ?? [500, {}];
    const { method, url: path, headers } = request;
    const { authorization } = headers;
    seen.push({ method, path, authorization, body: JSON.parse(Buffer.concat(chunks).toString()) });
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/stage`;
    await use(createContainerApi({ baseUrl, sessionId: 's-1', token: 'secret' }));
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
  return seen;
}

const failureOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => assert.unreachable() as never,
    (error: Error) => error,
  );
const noRetry = { backoff: [] };
const expiresAt = '2026-06-01T12:00:00.000Z';

const t = suite('the container API');

t('is called for this session, with its token', async () => {
  const answer: Answer = [
    200,
    { status: 'READY', endReason: null, expiresAt, url: 'http://store', headers: { 'if-match': '"e"' } },
  ];
  const seen = await serve([answer], async (api) => {
    await api.reportReady('on');
    await api.reportHeartbeat(2);
    await api.reportEnded({ reason: 'released', detail: 'd', savedProfileBytes: 7 });
    assert.is(await api.signProfileDownload(), 'http://store');
    assert.equal(await api.signProfileSave('"e"'), { url: 'http://store', headers: { 'if-match': '"e"' } });
  });
  assert.equal(
    seen.map(({ path, body }) => [path, body]),
    [
      ['/stage/internal/sessions/s-1/ready', { sandbox: 'on' }],
      ['/stage/internal/sessions/s-1/heartbeat', { connectionCount: 2 }],
      ['/stage/internal/sessions/s-1/ended', { reason: 'released', detail: 'd', savedProfileBytes: 7 }],
      ['/stage/internal/sessions/s-1/profile-urls', { operation: 'restore' }],
      ['/stage/internal/sessions/s-1/profile-urls', { operation: 'persist', replaces: '"e"' }],
    ],
  );
  for (const { method, authorization } of seen)
    assert.equal([method, authorization], ['POST', 'Bearer secret']);
});

t('says whether the session goes on, until when, and why not', async () => {
  const views: [Answer, object][] = [
    [
      [200, { status: 'ACTIVE', endReason: null, expiresAt }],
      { isOver: false, endReason: null, expiresAtMs: Date.parse(expiresAt) },
    ],
    [
      [200, { status: 'TERMINATING', endReason: 'timed_out', expiresAt }],
      { isOver: true, endReason: 'timed_out', expiresAtMs: Date.parse(expiresAt) },
    ],
    [
      [409, { statusCode: 409, message: 'Session s-1 has ended', endReason: 'released' }],
      { isOver: true, endReason: 'released', expiresAtMs: Number.NaN },
    ],
    [[404, {}], { isOver: true, endReason: null, expiresAtMs: Number.NaN }],
    [[401, { endReason: 'constructor' }], { isOver: true, endReason: null, expiresAtMs: Number.NaN }],
  ];
  for (const [answer, view] of views) {
    await serve([answer], async (api) => assert.equal(await api.reportHeartbeat(0, noRetry), view));
  }
});

t('is asked again when it fails, and not when it refuses', async () => {
  const backoff = [0, 0];
  const tries = async (...answers: Answer[]) =>
    (
      await serve(answers, async (api) => {
        await api.reportHeartbeat(0, { backoff }).catch(() => undefined);
      })
    ).length;
  const good: Answer = [200, { status: 'READY' }];
  assert.is(await tries([500, {}], [429, {}], good), 3);
  assert.is(await tries([503, {}]), 3, 'and only as often as it was told to');
  assert.is(await tries([200, 'no JSON'], good), 2);
  assert.is(await tries([400, {}], good), 1);
  assert.is(await tries([409, {}], good), 1);
});

t('tells what it answered last when it stays away', async () => {
  await serve([[502, '<html>']], async (api) => {
    const error = await failureOf(api.reportEnded({ reason: 'released' }, noRetry));
    assert.instance(error, RequestFailedError);
    assert.match(error.message, 'answered 502 to ended');
  });
});

t('tells what it refused, in its own words, which are bounded', async () => {
  const message = 'No context c in this project';
  await serve([[404, { message }]], async (api) => {
    const error = await failureOf(api.signProfileSave('none'));
    assert.instance(error, CallRefusedError);
    assert.is(error.message, 'The container API answered 404 to profile-urls: No context c in this project');
  });
  await serve([[400, { message: 'x'.repeat(5000) }]], async (api) => {
    assert.ok((await failureOf(api.reportEnded({ reason: 'idle' }))).message.length < 400);
  });
  for (const headers of [undefined, null, ['x'], { 'if-match': 7 }])
    await serve([[200, { url: 'http://store', headers }]], async (api) => {
      assert.instance(await failureOf(api.signProfileSave('none')), CallRefusedError);
    });
  await serve([[200, { url: 7 }]], async (api) => {
    assert.instance(await failureOf(api.signProfileDownload()), CallRefusedError);
  });
});

t('is left by a caller who has no more time', async () => {
  const stop = new AbortController();
  stop.abort();
  const seen = await serve([[200, {}]], async (api) => {
    assert.is((await failureOf(api.reportHeartbeat(0, { signal: stop.signal }))).name, 'AbortError');
  });
  assert.equal(seen, []);
});

t.run();
