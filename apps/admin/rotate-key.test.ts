import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findApiKey } from '../../core/aws/keys/find-api-key.ts';
import { KeyChangedError, rotateApiKey } from '../../core/aws/keys/rotate-api-key.ts';
import { isUsable } from '../../core/domain/api-key.ts';
import { hashApiKey } from '../../core/tokens/api-key-text.ts';
import { openTestInstallation, type TestInstallation } from './testing/local-installation.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let admin: TestInstallation;
async function stored(apiKey: string) {
  const key = await findApiKey(admin.installation.apiKeys, hashApiKey(apiKey));
  if (key === undefined) throw new Error('there is no such key');
  return key;
}
const create = async (...options: string[]): Promise<{ keyId: string; apiKey: string }> =>
  admin.json('keys', 'create', '--project', 'a', '--project', 'b', '--default-project', 'b', ...options);
const inMs = (iso: string | undefined): number => Date.parse(iso ?? '') - Date.now();
const isNear = (ms: number, wanted: number): boolean => Math.abs(ms - wanted) < 60_000;

const t = suite('admin keys rotate');
t.before(async () => {
  admin = await openTestInstallation();
  for (const id of ['a', 'b']) await admin.run('projects', 'create', '--id', id, '--name', id);
});
t.after(() => admin.close());

t('makes a key that opens the same, and lets the old one live for the grace', async () => {
  const old = await create('--name', 'CI');
  const output = await admin.run('keys', 'rotate', old.keyId, '--grace', '2h');
  const [, newId = '', until = '', apiKey = ''] =
    /^Key ([0-9a-f]{12}) takes the place of [0-9a-f]{12} \(CI\), which works until (\S+); it is shown only now:\n(wc_[\w-]{32})$/.exec(
      output,
    ) ?? [];
  const [fresh, dying] = [await stored(apiKey), await stored(old.apiKey)];
  assert.is(hashApiKey(apiKey).slice(0, 12), newId);
  assert.equal(
    [fresh.name, fresh.projectIds, fresh.defaultProjectId, fresh.expiresAt, fresh.lastFour],
    ['CI', ['a', 'b'], 'b', undefined, apiKey.slice(-4)],
  );
  assert.is(dying.expiresAt, until);
  assert.ok(isNear(inMs(until), 2 * HOUR_MS), until);
  assert.is(isUsable(dying, new Date()), true);
  assert.is(isUsable(dying, new Date(Date.now() + 2 * HOUR_MS)), false);
});

t('gives a day of grace when nothing is said, and none when 0 is', async () => {
  const [one, other] = [await create(), await create()];
  await admin.run('keys', 'rotate', one.keyId);
  assert.ok(isNear(inMs((await stored(one.apiKey)).expiresAt), DAY_MS));
  await admin.run('keys', 'rotate', other.keyId, '--grace', '0');
  assert.is(isUsable(await stored(other.apiKey), new Date()), false);
});

t('never lengthens the life of the old key, and gives the new one as long a life', async () => {
  const old = await create('--expires-in-days', '2');
  const before = await stored(old.apiKey);
  const { apiKey } = await admin.json('keys', 'rotate', old.keyId, '--grace', '7d');
  assert.is((await stored(old.apiKey)).expiresAt, before.expiresAt);
  assert.ok(isNear(inMs((await stored(apiKey)).expiresAt), 2 * DAY_MS));
  const longer = await admin.json('keys', 'rotate', old.keyId, '--expires-in-days', '30');
  assert.ok(isNear(inMs((await stored(longer.apiKey)).expiresAt), 30 * DAY_MS));
});

t('is refused for a key that opens nothing any more, and makes none', async () => {
  const revoked = await create();
  await admin.run('keys', 'revoke', revoked.keyId);
  const expired = await create();
  await admin.run('keys', 'rotate', expired.keyId, '--grace', '0');
  const before = (await admin.json('keys', 'list')).length;
  assert.is(
    await admin.obstacle('keys', 'rotate', revoked.keyId),
    `Key ${revoked.keyId} is revoked: make another one with "keys create"`,
  );
  assert.match(await admin.obstacle('keys', 'rotate', expired.keyId), /has expired/);
  assert.is((await admin.json('keys', 'list')).length, before);
});

t('makes no key beside one that somebody revokes at the same moment', async () => {
  const { keyId, apiKey } = await create();
  const read = await stored(apiKey);
  await admin.run('keys', 'revoke', keyId);
  const rotation = { apiKey: 'wc_beside', oldExpiresAt: new Date().toISOString() };
  const error = await rotateApiKey(admin.installation, read, rotation).catch((fault: unknown) => fault);
  assert.instance(error, KeyChangedError);
  assert.is(await findApiKey(admin.installation.apiKeys, hashApiKey('wc_beside')), undefined);
});

for (const grace of ['', '1', '5x', '-1h', '91d', '1e3h', '2161h']) {
  t(`is refused with ${JSON.stringify(grace)} as a grace`, async () => {
    assert.is(
      await admin.refusal('keys', 'rotate', 'abcdef', `--grace=${grace}`),
      '--grace must be a time such as 30m, 24h or 7d, from 0 to 90d',
    );
  });
}

t.run();
