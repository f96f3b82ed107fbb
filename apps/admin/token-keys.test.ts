import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { publishPublicKeys } from '../../core/aws/keys/publish-public-keys.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import { openTestInstallation, rowsOf, type TestInstallation } from './testing/local-installation.ts';

let admin: TestInstallation;

const t = suite('admin token-keys list');
t.before(async () => {
  admin = await openTestInstallation();
});
t.after(() => admin.close());

t('is a head alone while there are none', async () => {
  assert.is(await admin.run('token-keys', 'list'), 'KEY-ID  STATE  RETIRED  REMOVABLE-FROM  PUBLISHED');
});

t('has the current key first, and from when on the others may go', async () => {
  const first = (await admin.json('token-keys', 'rotate')).keyId;
  const second = (await admin.json('token-keys', 'rotate')).keyId;
  const [current, retired] = await admin.json('token-keys', 'list');
  assert.equal(current, { keyId: second, state: 'CURRENT', isPublished: true });
  assert.equal([retired.keyId, retired.state, retired.isPublished], [first, 'RETIRED', true]);
  assert.is(Date.parse(retired.removableFrom) - Date.parse(retired.retiredAt), CREDENTIALS.retiredKeyMs);
});

t('shows neither half of a key', async () => {
  for (const form of [[], ['--json']])
    assert.not.match(await admin.run('token-keys', 'list', ...form), /KEY-----|BEGIN/);
});

t('says of a key that the router does not know it', async () => {
  await publishPublicKeys(admin.installation.tokenKeys.publicKeys, {}, new Date());
  const rows = rowsOf(await admin.run('token-keys', 'list'));
  assert.equal(
    rows.map(({ PUBLISHED }) => PUBLISHED),
    ['no', 'no'],
  );
});

t.run();
