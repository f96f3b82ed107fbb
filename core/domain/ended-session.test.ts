import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { EndReason } from './end-reason.ts';
import { type Ending, endedSession } from './ended-session.ts';
import type { Session } from './session.ts';

const endedAt = new Date('2026-06-01T12:00:00Z');
const session = (extra: Partial<Session> = {}): Session => ({
  sessionId: 's',
  projectId: 'p',
  status: 'TERMINATING',
  createdAt: '2026-06-01T11:50:00.000Z',
  updatedAt: '2026-06-01T11:59:00.000Z',
  startedAt: '2026-06-01T11:50:30.000Z',
  expiresAt: '2026-06-01T12:50:00.000Z',
  keepAlive: false,
  region: 'us-west-2',
  timeoutSeconds: 3600,
  shard: '0',
  tokenKeyId: 'k',
  proxyBytes: 0,
  ...extra,
});
const persistent = (endReason?: EndReason) =>
  session({ contextId: 'c', persistContext: true, ...(endReason === undefined ? {} : { endReason }) });
const end = (found: Session, ending: Omit<Ending, 'endedAt'>) => {
  const { status, endReason, endDetail } = endedSession(found, { ...ending, endedAt });
  return [status, endReason, endDetail];
};

const t = suite('a session that ends');

t('keeps the reason that was recorded first', () => {
  const released = session({ endReason: 'released' });
  assert.equal(end(released, { reason: 'container_lost', detail: 'exit code 137' }), [
    'STOPPED',
    'released',
    'exit code 137',
  ]);
  assert.equal(end(session(), { reason: 'idle' }), ['TIMED_OUT', 'idle', undefined]);
});

t('is an ERROR when its profile was not saved, whatever would have ended it', () => {
  const ending = { reason: 'profile_not_saved', detail: 'The store answered 403', isReported: true } as const;
  const expected = ['FAILED', 'profile_not_saved', 'The store answered 403'];
  assert.equal(end(persistent('released'), ending), expected);
  assert.equal(end(persistent(), ending), expected);
});

t('keeps a worse reason beside a profile that was not saved', () => {
  const ending = { reason: 'profile_not_saved', detail: 'killed', isReported: true } as const;
  assert.equal(end(persistent('platform_stopping'), ending), ['FAILED', 'platform_stopping', 'killed']);
});

t('is an ERROR when its container went without a word, and nobody knows of a save', () => {
  assert.equal(end(persistent('released'), { reason: 'container_lost', detail: 'exit code 137' }), [
    'FAILED',
    'profile_not_saved',
    'The session was released. exit code 137. The container did not report that it saved the profile',
  ]);
  const reported = { reason: 'released', isReported: true } as const;
  assert.is(end(persistent('released'), reported)[0], 'STOPPED');
});

t('had nothing to save when it never was ready', () => {
  const { startedAt: _, ...neverReady } = persistent('released');
  assert.is(end(neverReady, { reason: 'container_lost' })[0], 'STOPPED');
});

t('has a detail of bounded length, and its usage', () => {
  const found = endedSession(session(), { reason: 'idle', detail: 'x'.repeat(5000), endedAt });
  assert.is(found.endDetail?.length, 1000);
  assert.is(found.browserMinutes, 10);
});

t.run();
