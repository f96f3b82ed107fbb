import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiKey } from '../../core/domain/api-key.ts';
import { recordLog } from '../../core/testing/record-log.ts';
import { hashApiKey } from '../../core/tokens/api-key-text.ts';
import { authorizeAndNote, type NoteKeyUseDeps } from './note-key-use.ts';

const NOW = new Date('2026-06-01T12:00:00.000Z');
const agoMs = (ms: number): string => new Date(NOW.getTime() - ms).toISOString();
const HOUR_MS = 3_600_000;

/** One request with a key of which `stored` is in the table. */
async function request(
  stored: Partial<ApiKey> = {},
  change: Partial<NoteKeyUseDeps> = {},
  apiKey = 'wc_secret',
) {
  const noted: { hash: string; at: Date; unlessAfter: Date }[] = [];
  const log = recordLog();
  const key: ApiKey = {
    apiKeyHash: hashApiKey('wc_secret'),
    name: 'ci',
    projectIds: ['a'],
    defaultProjectId: 'a',
    status: 'ACTIVE',
    createdAt: agoMs(9 * HOUR_MS),
    ...stored,
  };
  const decision = await authorizeAndNote({
    logger: log.logger,
    now: () => NOW,
    findApiKey: async (hash) => (hash === key.apiKeyHash ? key : undefined),
    recordKeyUse: async (hash, { at, unlessAfter }) => void noted.push({ hash, at, unlessAfter }),
    ...change,
  })({ 'x-bb-api-key': apiKey, 'x-bb-project-id': '-' });
  return { decision, noted, log };
}

const noting = suite('the last use of a key');

noting('is noted when the key is let through', async () => {
  const { decision, noted } = await request();
  assert.is(decision.kind, 'allow');
  assert.equal(noted, [
    { hash: hashApiKey('wc_secret'), at: NOW, unlessAfter: new Date(NOW.getTime() - HOUR_MS) },
  ]);
});

for (const [agoText, lastUsedAt, times] of [
  ['within the hour', agoMs(HOUR_MS - 1), 0],
  ['an hour ago', agoMs(HOUR_MS), 1],
] as const) {
  noting(
    `is ${times === 0 ? 'not written again' : 'written again'} when it was noted ${agoText}`,
    async () => {
      assert.is((await request({ lastUsedAt })).noted.length, times);
    },
  );
}

noting('is not noted of a key that is refused or not there', async () => {
  for (const [stored, apiKey] of [
    [{ status: 'REVOKED' }, 'wc_secret'],
    [{ expiresAt: agoMs(1) }, 'wc_secret'],
    [{ projectIds: [] }, 'wc_secret'],
    [{}, 'another'],
  ] as const) {
    const { decision, noted } = await request(stored, {}, apiKey);
    assert.is.not(decision.kind, 'allow');
    assert.equal(noted, []);
  }
});

noting('never fails a request: a table that does not take it is logged, without the key', async () => {
  const recordKeyUse = async () => {
    throw new Error('throttled');
  };
  const { decision, log } = await request({}, { recordKeyUse });
  assert.is(decision.kind, 'allow');
  assert.equal([log.lines().length, log.lines()[0]?.level], [1, 'warn']);
  assert.match(log.text(), 'throttled');
  assert.not.match(log.text(), /wc_secret/);
});

noting('never holds a request up: a table that says nothing is left', async () => {
  const startedAtMs = performance.now();
  const { decision, log } = await request(
    {},
    {
      recordKeyUse: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          // A signal's own timer keeps no process alive; the socket of a real call does.
          const socket = setInterval(() => {}, 1_000);
          signal.addEventListener('abort', () => {
            clearInterval(socket);
            reject(signal.reason);
          });
        }),
    },
  );
  assert.is(decision.kind, 'allow');
  assert.is(log.lines().length, 1);
  assert.ok(performance.now() - startedAtMs < 2_000);
});

noting.run();
