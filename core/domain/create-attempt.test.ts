import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newSession } from '../testing/new-session.ts';
import {
  callerFactsOf,
  cameToNothing,
  claimIdOf,
  givenUpInMs,
  isRetry,
  isUnanswered,
  patienceMsOf,
} from './create-attempt.ts';
import { isUuid } from './ids.ts';

const SDK = { 'x-stainless-retry-count': '0', 'x-stainless-lang': 'js', 'x-forwarded-for': '192.0.2.1' };
const AT = '2026-06-01T00:00:00.000Z';
const NOW_MS = Date.parse(AT);

const facts = suite('what tells one caller from another');

facts('is nothing for a client that does not count its tries', () => {
  assert.is(callerFactsOf({ 'user-agent': 'curl', 'x-forwarded-for': '192.0.2.1' }), undefined);
});

facts('is the same in every try', () => {
  assert.equal(callerFactsOf({ ...SDK, 'x-stainless-retry-count': '2' }), callerFactsOf(SDK));
});

facts('is not the last hop, which is one of many in front of a client', () => {
  const behind = (hop: string) => callerFactsOf({ ...SDK, 'x-forwarded-for': `192.0.2.1, ${hop}` });
  assert.equal(behind('198.51.100.1'), behind('198.51.100.2'));
  assert.not.equal(
    callerFactsOf({ ...SDK, 'x-forwarded-for': '192.0.2.2, 198.51.100.1' }),
    behind('198.51.100.1'),
  );
});

for (const [name, value] of [
  ['x-forwarded-for', '192.0.2.2'],
  ['user-agent', 'another'],
  ['x-stainless-lang', 'python'],
  ['x-bb-api-key', 'a key'],
  ['x-wc-api-key', 'a key'],
  ['authorization', 'Bearer a key'],
] as const) {
  facts(`is ${name}, too`, () => {
    assert.not.equal(callerFactsOf({ ...SDK, [name]: value }), callerFactsOf(SDK));
  });
}

facts('says which try is a retry', () => {
  assert.equal(
    ['0', '1', '2', 'x', undefined].map((count) =>
      isRetry(count === undefined ? {} : { 'x-stainless-retry-count': count }),
    ),
    [false, true, true, false, false],
  );
});

facts.run();

// ---

const patience = suite("a caller's patience");

patience('is a second more than what it says, rounded down', () => {
  for (const [told, wanted] of [
    ['60', 61_000],
    ['0', 1_000],
    ['4.9', 5_000],
    ['-1', undefined],
    ['1e9', undefined],
    ['None', undefined],
  ] as const) {
    assert.is(patienceMsOf({ 'x-stainless-timeout': told }), wanted, told);
    assert.is(patienceMsOf({ 'x-stainless-read-timeout': told }), wanted, told);
  }
  assert.is(patienceMsOf({}), undefined);
});

const waiting = { attemptId: 'r', attemptAt: AT, patienceMs: 5_000 } as const;
for (const [what, session, atMs, wanted] of [
  ['runs out', waiting, 2_000, 3_000],
  ['has run out', waiting, 5_000, 0],
  ['is over when it was seen to leave', { ...waiting, callerLeftAt: AT }, 0, 0],
  ['is not known', { ...waiting, patienceMs: undefined as never }, 99_000, undefined],
  ['no longer matters once it was answered', { ...waiting, answeredAt: AT }, 99_000, undefined],
  ['had run out when it was answered', { ...waiting, answeredAt: '2026-06-01T00:00:05.000Z' }, 6_000, 0],
  ['no longer matters once a client is there', { ...waiting, status: 'ACTIVE' }, 99_000, undefined],
  [
    'no longer matters at the end',
    { ...waiting, callerLeftAt: AT, status: 'TERMINATING' },
    99_000,
    undefined,
  ],
  ['is not known of an older session', {}, 99_000, undefined],
] as const) {
  patience(what, () => assert.is(givenUpInMs(newSession(session), NOW_MS + atMs), wanted));
}

patience('is nobody’s for a session that is ready and was answered to nobody', () => {
  const ready = { ...waiting, status: 'READY' } as const;
  assert.ok(isUnanswered(newSession(ready)));
  assert.ok(isUnanswered(newSession({ ...ready, answeredAt: AT, callerLeftAt: AT })));
  assert.not(isUnanswered(newSession({ ...ready, answeredAt: AT })));
  assert.not(isUnanswered(newSession({ ...ready, status: 'ACTIVE' })));
  assert.not(isUnanswered(newSession({ status: 'READY' })), 'of a time before answers were noted');
});

patience.run();

// ---

const nothing = suite('a session that came to nothing');

nothing('never was ready, unless somebody released it, or never had a client', () => {
  const came = (endReason: 'released' | 'start_failed' | 'never_connected' | 'idle', startedAt?: string) =>
    cameToNothing(newSession({ endReason, ...(startedAt === undefined ? {} : { startedAt }) }));
  assert.equal([came('start_failed'), came('never_connected', AT)], [true, true]);
  assert.equal([came('released'), came('idle', AT), cameToNothing(newSession())], [false, false, false]);
});

nothing('is told by a claim that no id of a session can name', () => {
  assert.not(isUuid(claimIdOf('0'.repeat(64))));
});

nothing.run();
