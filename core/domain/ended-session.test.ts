import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { END_REASONS, type EndReason } from './end-reason.ts';
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

const REASONS = Object.keys(END_REASONS) as EndReason[];

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

for (const [index, reason] of REASONS.entries()) {
  const { status, text } = END_REASONS[reason];
  const isBad = status === 'FAILED';

  t(`for ${reason} is ${status} when nothing was to be saved, whoever says it`, () => {
    for (const isReported of [true, false]) {
      assert.equal(end(session(), { reason, isReported }), [status, reason, undefined]);
    }
  });

  t(`keeps ${reason} whatever reason comes after it`, () => {
    const later = REASONS[(index + 1) % REASONS.length] ?? 'idle';
    const [, kept] = end(session({ endReason: reason }), { reason: later, isReported: true });
    assert.is(kept, later === 'profile_not_saved' && !isBad ? 'profile_not_saved' : reason);
  });

  t(
    `for ${reason} without the container's word ${isBad ? 'stays that' : 'is a profile that was not saved'}`,
    () => {
      const [found, endReason, detail] = end(persistent(reason), { reason: 'container_lost' });
      assert.is(found, 'FAILED');
      assert.is(endReason, isBad ? reason : 'profile_not_saved');
      if (!isBad) assert.match(detail ?? '', `${text}. The container did not report`);
    },
  );

  t(`for ${reason} by the container's word is what it says`, () => {
    assert.is(end(persistent(reason), { reason, isReported: true })[1], reason);
  });
}

t('was to save nothing when it only read its context', () => {
  const reading = session({ contextId: 'c', persistContext: false, endReason: 'released' });
  assert.is(end(reading, { reason: 'container_lost' })[1], 'released');
});

t('keeps what was known of its end when nothing more is', () => {
  const found = session({ endReason: 'idle', endDetail: 'known before' });
  assert.is(end(found, { reason: 'idle' })[2], 'known before');
  assert.is(end(found, { reason: 'idle', detail: '' })[2], 'known before');
  assert.is(end(found, { reason: 'idle', detail: 'more' })[2], 'more');
});

t('has a detail that a table can hold, also where it was cut within a character', () => {
  for (const length of [998, 999, 1_000]) {
    const [, , detail] = end(session(), { reason: 'idle', detail: `${'x'.repeat(length)}🛒🛒` });
    assert.ok((detail ?? '').isWellFormed(), `${length}`);
    assert.is(detail?.length, 1_000);
  }
});

t('has ended, was changed and is purged by one clock', () => {
  const found = endedSession(session(), { reason: 'idle', endedAt });
  assert.equal([found.endedAt, found.updatedAt], ['2026-06-01T12:00:00.000Z', '2026-06-01T12:00:00.000Z']);
  assert.is(found.purgeAt, Date.parse('2026-07-01T12:00:00.000Z') / 1_000);
});

t('counts a minute also where two clocks differ, and none when it never was ready', () => {
  const ahead = session({ startedAt: '2026-06-01T12:00:05.000Z' });
  assert.is(endedSession(ahead, { reason: 'idle', endedAt }).browserMinutes, 1);
  const { startedAt: _, ...never } = session();
  assert.is(endedSession(never, { reason: 'start_failed', endedAt }).browserMinutes, 0);
});

t('has the bytes of its proxies as its container says in the end, or as it said last', () => {
  const bytes = (more: object) =>
    endedSession(session({ proxyBytes: 9 }), { reason: 'idle', endedAt, ...more }).proxyBytes;
  assert.equal([bytes({ proxyBytes: 12 }), bytes({ proxyBytes: 3 }), bytes({})], [12, 9, 9]);
});

t('has no proxies any more', () => {
  assert.not(
    'sealedProxies' in endedSession(session({ sealedProxies: 'sealed' }), { reason: 'idle', endedAt }),
  );
});

t('keeps all else that was known of it', () => {
  const found = session({
    taskArn: 'arn',
    address: { host: 'h', port: 1 },
    userMetadata: '{}',
    proxyBytes: 9,
  });
  const { status: _s, updatedAt: _u, ...kept } = found;
  const ended: Record<string, unknown> = { ...endedSession(found, { reason: 'idle', endedAt }) };
  for (const [name, value] of Object.entries(kept)) assert.equal(ended[name], value, name);
});

t.run();
