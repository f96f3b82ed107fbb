import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { canStep, isConnectable, SESSION_STATUSES, type Session } from '../../core/domain/session.ts';
import { decide } from './decide.ts';

const session = (extra: Partial<Session>): Session => ({
  sessionId: 's',
  projectId: 'p',
  status: 'CREATING',
  createdAt: 't0',
  updatedAt: 't1',
  expiresAt: 't9',
  keepAlive: false,
  region: 'us-west-2',
  timeoutSeconds: 60,
  shard: '3',
  tokenKeyId: 'k',
  proxyBytes: 0,
  address: { host: 'secret-host', port: 9223 },
  ...extra,
});

const isAlive = (status: Session['status']) => SESSION_STATUSES.some((next) => canStep(status, next));

const decisions = suite('decide');

decisions('makes nothing of the claim of an idempotency key, which lies in the same table', () => {
  const claim = {
    sessionId: 'create#k',
    createdSessionId: 's',
    bodyHash: 'b',
    purgeAt: 1,
  } as unknown as Session;
  const nothing = { signal: undefined, event: undefined, happened: [] };
  for (const [before, after] of [
    [undefined, claim],
    [claim, claim],
    [claim, undefined],
  ] as const) {
    assert.equal(decide(before, after), nothing);
  }
});

decisions('signals the waiting create when its session becomes READY, once', () => {
  const ready = session({ status: 'READY', startedAt: 't1' });
  assert.equal(decide(session({ status: 'STARTING' }), ready).signal, { sessionId: 's', shard: '3' });
  assert.is(decide(ready, session({ status: 'ACTIVE', startedAt: 't1' })).signal, undefined);
  assert.is(decide(session({ status: 'ACTIVE', startedAt: 't1' }), ready).signal, undefined);
});

decisions('signals it as well when the session ends before it was READY', () => {
  for (const status of ['TERMINATING', 'FAILED', 'STOPPED'] as const) {
    assert.ok(decide(session({ status: 'STARTING' }), session({ status })).signal, status);
  }
  const after = session({ status: 'STOPPED', startedAt: 't1' });
  assert.is(decide(session({ status: 'TERMINATING', startedAt: 't1' }), after).signal, undefined);
});

decisions('notifies the world of every step, without address or token', () => {
  const { event } = decide(undefined, session({}));
  assert.equal(event, {
    sessionId: 's',
    projectId: 'p',
    status: 'CREATING',
    previousStatus: null,
    endReason: null,
    at: 't1',
  });
  assert.not.match(JSON.stringify(event), 'secret-host');
});

decisions('is silent about heartbeats and purged history', () => {
  const nothing = { signal: undefined, event: undefined, happened: [] };
  assert.equal(decide(session({ status: 'READY' }), session({ status: 'READY', updatedAt: 't2' })), nothing);
  assert.equal(decide(session({ status: 'STOPPED' }), undefined), nothing);
});

const STEPS = SESSION_STATUSES.flatMap((from) =>
  SESSION_STATUSES.filter((to) => canStep(from, to)).map((to) => [from, to] as const),
);

for (const [from, to] of STEPS) {
  const isAnswer = isConnectable(to) || to === 'TERMINATING' || !isAlive(to);
  decisions(`from ${from} to ${to} ${isAnswer ? 'wakes' : 'does not wake'} a create that waits`, () => {
    const { signal, event } = decide(session({ status: from }), session({ status: to }));
    assert.equal(signal, isAnswer ? { sessionId: 's', shard: '3' } : undefined);
    assert.equal([event?.previousStatus, event?.status], [from, to]);
  });
}

decisions('wakes nobody for a session that was ready once: its create has its answer', () => {
  const startedAt = 't1';
  for (const [from, to] of STEPS) {
    const { signal } = decide(session({ status: from, startedAt }), session({ status: to, startedAt }));
    assert.is(signal, undefined, `${from} -> ${to}`);
  }
});

decisions('tells why a session ends, as soon as that is known', () => {
  const ending = session({ status: 'TERMINATING', endReason: 'idle' });
  assert.is(decide(session({ status: 'ACTIVE' }), ending).event?.endReason, 'idle');
});

decisions.run();
