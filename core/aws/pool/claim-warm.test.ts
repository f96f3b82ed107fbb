import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CREDENTIALS, SESSION_TIMEOUT } from '../../domain/timing.ts';
import { createFakeTable } from '../testing/fake-client.ts';
import { claimItems } from './claim-warm.ts';

const at = new Date('2026-06-01T00:00:00.000Z');
const container = { slot: 'w01', warmId: 'w01-00000000-0000-4000-8000-000000000001' };
const [taken, noted] = claimItems(createFakeTable([], 'pool'), container, { sessionId: 's1', at });

const claims = suite('a claim of a warm container');

claims('takes it out of the pool, if this very container is still available', () => {
  assert.equal(taken.Delete?.Key, { pool: 'slots', slot: 'w01' });
  assert.is(taken.Delete?.ConditionExpression, 'warmId = :warmId AND #status = :available');
  assert.equal(taken.Delete?.ExpressionAttributeValues, {
    ':warmId': container.warmId,
    ':available': 'AVAILABLE',
  });
});

claims('is noted once, by the warm id, for longer than a session lives', () => {
  const { purgeAt, ...claim } = noted.Put?.Item ?? {};
  assert.equal(claim, {
    pool: 'claims',
    slot: container.warmId,
    sessionId: 's1',
    claimedAt: at.toISOString(),
  });
  assert.is(noted.Put?.ConditionExpression, 'attribute_not_exists(slot)');
  const livesMs = SESSION_TIMEOUT.maxSeconds * 1000 + CREDENTIALS.controllerGraceMs;
  assert.ok(purgeAt * 1000 > at.getTime() + livesMs);
});

claims.run();
