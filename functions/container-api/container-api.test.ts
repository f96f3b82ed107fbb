import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { SessionStep } from '../../core/aws/sessions/step-session.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { toErrorResult } from '../../core/http/response.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import type { TokenAudience } from '../../core/tokens/tokens.ts';
import { NO_SPAN } from '../../core/tracing/tracing.ts';
import { reportEnded } from './report-ended.ts';
import { reportHeartbeat } from './report-heartbeat.ts';
import { signProfileUrl } from './sign-profile-url.ts';

const NOW = new Date('2026-06-01T00:00:00Z');
const keySet = rotateKeySet(undefined, NOW);
const expiresAt = new Date(NOW.getTime() + 60_000);
const now = () => NOW;
const loadTokenKeys = async () => keySet;
const tokenFor = (sessionId: string, audience: TokenAudience = 'controller') =>
  signToken(keySet, keySet.current, audience, {
    sessionId,
    projectId: 'p',
    expiresAt,
  });

const request = <Body>(body: Body, bearerToken: string | undefined = tokenFor('s')): ApiRequest<Body> => ({
  requestId: 'r',
  route: 'GET /',
  access: { projectId: '', projectIds: [] },
  body,
  query: {},
  pathId: 's',
  pathIds: {},
  headers: {},
  bodyText: '',
  caller: { hasLeft: () => false, onLeave: () => undefined },
  bearerToken,
  baseUrl: 'http://api',
  note: () => undefined,
  span: NO_SPAN,
});

const session = (extra: Partial<Session> = {}) =>
  ({ sessionId: 's', projectId: 'p', status: 'READY', expiresAt: 'later', ...extra }) as Session;

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'no failure',
    (error: { code?: string }) => error.code,
  );

// ---

const heartbeats = suite('reportHeartbeat');

const beat = (outcomes: { applied: boolean; item: Session | undefined }[], steps: SessionStep[] = []) =>
  reportHeartbeat({
    loadTokenKeys,
    now,
    stepSession: async (_id, step) => {
      steps.push(step);
      return outcomes.shift() as never;
    },
  });

heartbeats('refuse every token but one for this session and this audience', async () => {
  const other = rotateKeySet(undefined, NOW);
  for (const token of [
    undefined,
    'x',
    tokenFor('other'),
    tokenFor('s', 'cdp'),
    tokenFor('s', 'live'),
    signToken(other, other.current, 'controller', {
      sessionId: 's',
      projectId: 'p',
      expiresAt,
    }),
  ]) {
    const call = beat([])({ ...request({ connectionCount: 0 }), bearerToken: token });
    assert.is(await codeOf(call), 'CONTAINER_UNAUTHORIZED');
  }
});

heartbeats('follow the number of clients between READY and ACTIVE', async () => {
  const steps: SessionStep[] = [];
  const active = { applied: true, item: session({ status: 'ACTIVE' }) };
  const { body } = await beat([active], steps)(request({ connectionCount: 2 }));
  assert.is(steps[0]?.to, 'ACTIVE');
  assert.equal(body, { status: 'ACTIVE', endReason: null, expiresAt: 'later' });
  await beat([{ applied: true, item: session() }], steps)(request({ connectionCount: 0 }));
  assert.is(steps[1]?.to, 'READY');
});

heartbeats('hand over that and why a session is to end', async () => {
  const terminating = session({ status: 'TERMINATING', endReason: 'released' });
  const outcomes = [
    { applied: false, item: terminating },
    { applied: true, item: terminating },
  ];
  const { body } = await beat(outcomes)(request({ connectionCount: 1 }));
  assert.equal(body, { status: 'TERMINATING', endReason: 'released', expiresAt: 'later' });
});

heartbeats('say 409 when the session has ended and 404 when it is gone', async () => {
  const ended = { applied: false, item: session({ status: 'FAILED' }) };
  assert.is(await codeOf(beat([ended, ended])(request({ connectionCount: 0 }))), 'SESSION_HAS_ENDED');
  const gone = { applied: false, item: undefined };
  assert.is(await codeOf(beat([gone, gone])(request({ connectionCount: 0 }))), 'SESSION_NOT_FOUND');
});

heartbeats('say to a container why its session is over', async () => {
  for (const [endReason, said] of [
    ['released', 'released'],
    [undefined, null],
  ] as const) {
    const item = session({ status: 'STOPPED', ...(endReason === undefined ? {} : { endReason }) });
    const ended = { applied: false, item };
    const failure = await beat([ended, ended])(request({ connectionCount: 0 })).catch((error) => error);
    const { statusCode, body } = toErrorResult(failure);
    assert.equal(
      [statusCode, JSON.parse(body)],
      [409, { statusCode: 409, error: 'Conflict', message: 'Session s has ended', endReason: said }],
    );
  }
});

heartbeats.run();

// ---

const endings = suite('reportEnded');

endings('end the session and note what was saved in its context', async () => {
  const calls: unknown[] = [];
  const handle = reportEnded({
    loadTokenKeys,
    now,
    end: async ({ sessionId }, ...args) => {
      calls.push([sessionId, ...args]);
      return session({ status: 'STOPPED', contextId: 'c', persistContext: true });
    },
    recordSavedProfile: async (...args) => {
      calls.push(args);
    },
  });
  const { body } = await handle(request({ reason: 'released', detail: 'd', savedProfileBytes: 10 }));
  assert.equal(body, { status: 'STOPPED' });
  assert.equal(calls, [
    ['s', 'released', 'd', undefined],
    ['c', 's', 10],
  ]);
});

endings('refuse a reason that does not exist', async () => {
  const handle = reportEnded({
    loadTokenKeys,
    now,
    end: async () => assert.unreachable() as never,
    recordSavedProfile: async () => assert.unreachable(),
  });
  assert.is(await codeOf(handle(request({ reason: 'toString' }))), 'BAD_REQUEST');
});

endings.run();

// ---

const urls = suite('signProfileUrl');
const CONTEXT_ID = '00000000-0000-4000-8000-00000000000c';

const sign = (found: Session | undefined) =>
  signProfileUrl({
    loadTokenKeys,
    now,
    getSession: async () => found,
    getContext: async (contextId) => ({
      contextId,
      projectId: 'p',
      status: 'SAVED',
      createdAt: 't',
      updatedAt: 't',
    }),
    presignDownload: async (key) => `get:${key}`,
    presignUpload: async (key) => `put:${key}`,
    presignSave: async ({ profileKey, replaces }) => ({ url: `put:${profileKey}:${replaces}`, headers: {} }),
  });

urls('are for the archive of the own context, and writing needs persist', async () => {
  const reading = session({ contextId: CONTEXT_ID, persistContext: false });
  const { body } = await sign(reading)(request({ operation: 'restore' }));
  assert.equal(body, { url: `get:p/${CONTEXT_ID}/profile.tar.gz` });
  assert.is(await codeOf(sign(reading)(request({ operation: 'persist' }))), 'CONTEXT_NOT_IN_SESSION');
  const writing = session({ contextId: CONTEXT_ID, persistContext: true, status: 'TERMINATING' });
  const saved = await sign(writing)(request({ operation: 'persist' }));
  assert.equal(saved.body, { url: `put:p/${CONTEXT_ID}/profile.tar.gz` });
});

urls('are not signed without a context, or after the end', async () => {
  assert.is(await codeOf(sign(session())(request({ operation: 'restore' }))), 'CONTEXT_NOT_IN_SESSION');
  const ended = session({ status: 'FAILED', contextId: CONTEXT_ID, persistContext: true });
  assert.is(await codeOf(sign(ended)(request({ operation: 'persist' }))), 'SESSION_HAS_ENDED');
  assert.is(await codeOf(sign(undefined)(request({ operation: 'restore' }))), 'SESSION_NOT_FOUND');
});

urls.run();
