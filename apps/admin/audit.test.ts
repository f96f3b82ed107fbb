import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AuditEntry } from '../../core/domain/audit-entry.ts';
import { AUDIT_DAYS } from '../../core/domain/timing.ts';
import { localOperator } from './operator.ts';
import { recordAction } from './record-action.ts';
import { openTestInstallation, rowsOf, run, type TestInstallation } from './testing/local-installation.ts';

let admin: TestInstallation;
const entries = (): Promise<AuditEntry[]> => admin.json('audit', 'list');

const t = suite('the audit log');
t.before(async () => {
  admin = await openTestInstallation();
});
t.after(() => admin.close());

t('says who did what and when, newest first, and for how long it is kept', async () => {
  await admin.run('projects', 'create', '--id', 'a', '--name', 'A');
  await admin.run('projects', 'update', 'a', '--concurrency', '9');
  const [update, create] = await entries();
  assert.equal(
    [create?.who, create?.action, create?.target, create?.outcome],
    [localOperator(), 'projects create', 'a', 'done'],
  );
  assert.equal([update?.action, update?.details], ['projects update', { concurrency: 9 }]);
  const beganMs = Date.parse(create?.at ?? '');
  assert.ok(Math.abs(beganMs - Date.now()) < 60_000);
  assert.ok(Date.parse(create?.endedAt ?? '') >= beganMs);
  assert.is(create?.purgeAt, Math.floor(beganMs / 1000) + AUDIT_DAYS * 86_400);
});

t('has what was refused, with the reason', async () => {
  await admin.refusal('projects', 'create', '--id', 'a', '--name', 'A');
  const [entry] = await entries();
  assert.equal([entry?.outcome, entry?.reason], ['refused', 'There is a project a already']);
});

t('has nothing of what only looks, or was mistyped', async () => {
  const before = await entries();
  for (const words of [
    'projects list',
    'keys list',
    'sessions list',
    'usage',
    'contexts size',
    'token-keys list',
  ])
    await admin.run(...words.split(' '));
  await admin.run('projects', 'show', 'a');
  await admin.refusal('projects', 'create', '--id', 'b', '--name', '');
  assert.equal(await entries(), before);
});

t('never holds a key or its hash', async () => {
  const { apiKey, keyId } = await admin.json('keys', 'create', '--project', 'a');
  const next = await admin.json('keys', 'rotate', keyId);
  await admin.run('keys', 'revoke', next.keyId);
  await admin.run('token-keys', 'rotate');
  const text = JSON.stringify(await entries());
  for (const action of ['keys create', 'keys rotate', 'keys revoke', 'token-keys rotate'])
    assert.match(text, `"${action}"`);
  for (const secret of [apiKey, next.apiKey, 'PRIVATE KEY']) assert.not(text.includes(secret));
  assert.not.match(text, /[0-9a-f]{64}/);
});

t('is a table of as many as were asked for', async () => {
  const output = await admin.run('audit', 'list', '--limit', '2');
  const [first, second] = rowsOf(output);
  assert.equal([first?.ACTION, second?.ACTION], ['token-keys rotate', 'keys revoke']);
  assert.match(output, /There are more than these 2: see --limit$/);
});

t('is told before anything is done: without it nothing is', async () => {
  const { audit } = admin.installation;
  const installation = { ...admin.installation, audit: { ...audit, tableName: 'no-such-table' } };
  const error = await run(installation, ['projects', 'create', '--id', 'unseen', '--name', 'x']).catch(
    (fault: unknown) => fault,
  );
  assert.is((error as Error).name, 'ResourceNotFoundException');
  assert.is(await admin.obstacle('projects', 'show', 'unseen'), 'There is no project unseen');
});

t('takes no answer back that it could not complete', async () => {
  const told: string[] = [];
  const installation = { ...admin.installation, tell: (line: string) => void told.push(line) };
  const { client, tableName } = installation.audit;
  const broken = { ...installation, audit: { client, tableName } };
  const answer = await recordAction(broken, { action: 'test' }, async () => {
    Object.assign(broken.audit, { tableName: 'no-such-table' });
    return 'the only copy';
  });
  assert.is(answer, 'the only copy');
  assert.match(told.join(), /^The audit log does not say how test ended: /);
  const [entry] = await entries();
  assert.equal([entry?.action, entry?.outcome], ['test', undefined]);
  assert.is(rowsOf(await admin.run('audit', 'list', '--limit', '1'))[0]?.OUTCOME, 'unknown');
});

t('has a failure with its reason', async () => {
  const failing = recordAction(admin.installation, { action: 'test' }, async () => {
    throw new Error('the table is busy');
  });
  assert.is(((await failing.catch((error: unknown) => error)) as Error).message, 'the table is busy');
  const [entry] = await entries();
  assert.equal([entry?.outcome, entry?.reason], ['failed', 'the table is busy']);
});

t.run();
