import { randomUUID } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { listArtifacts } from '../../core/aws/artifacts/list-artifacts.ts';
import { putArtifact } from '../../core/aws/artifacts/put-artifact.ts';
import { profileSizeOf } from '../../core/aws/contexts/profile-size.ts';
import { listDownloads } from '../../core/aws/downloads/list-downloads.ts';
import { listEvents } from '../../core/aws/events/list-events.ts';
import { findApiKey } from '../../core/aws/keys/find-api-key.ts';
import { getItem } from '../../core/aws/owned-items/owned-items.ts';
import { getProject } from '../../core/aws/projects/get-project.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { listDeliveries } from '../../core/aws/webhooks/list-deliveries.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import { extensionUploadKeyOf } from '../../core/domain/artifact-key.ts';
import type { Certificate } from '../../core/domain/certificate.ts';
import { profileKeyOf } from '../../core/domain/context.ts';
import type { Extension } from '../../core/domain/extension.ts';
import type { Session } from '../../core/domain/session.ts';
import { createJumpingClock } from '../../core/domain/testing/jumping-clock.ts';
import { hashApiKey } from '../../core/tokens/api-key-text.ts';
import { run } from './testing/local-installation.ts';
import { openRunningInstallation, type RunningInstallation } from './testing/running-installation.ts';
import { seedingOf } from './testing/seeding.ts';

let admin: RunningInstallation;
const project = (id: string) => getProject(admin.installation.projects, id);
const key = (apiKey: string) => findApiKey(admin.installation.apiKeys, hashApiKey(apiKey));
const newProject = (id: string) => admin.run('projects', 'create', '--id', id, '--name', id);
const newKey = async (...projectIds: string[]): Promise<string> => {
  const options = projectIds.flatMap((id) => ['--project', id]);
  return (await admin.json('keys', 'create', ...options)).apiKey;
};

/** Deletes on a clock on which waits take no time; `onWait` is what happens meanwhile. */
async function remove(id: string, onWait: () => Promise<void> = async () => {}) {
  const jumping = createJumpingClock(Date.now());
  const told: string[] = [];
  const clock = {
    ...jumping,
    setTimer: (delayMs: number, done: () => void) => {
      void onWait().then(() => jumping.setTimer(delayMs, done));
      return () => {};
    },
  };
  const installation = { ...admin.installation, clock, tell: (line: string) => void told.push(line) };
  const output = run(installation, ['projects', 'delete', id, '--force']).catch(
    (error: Error) => error.message,
  );
  return { output: await output, told, waits: jumping.waits };
}

const t = suite('admin projects delete');
t.before(async () => {
  admin = await openRunningInstallation();
});
t.after(() => admin.close());

t('takes a project that has nothing, and says that there is none after that', async () => {
  await newProject('empty');
  assert.is(
    (await remove('empty')).output,
    'Project empty is deleted: 0 keys, 0 sessions that ran, 0 contexts, 0 extensions, 0 certificates and 0 webhooks of it; and what its sessions left: 0 downloads, 0 segments of logs, 0 files of recordings and 0 events',
  );
  assert.is(await project('empty'), undefined);
  assert.is(await admin.run('projects', 'delete', 'empty'), 'There is no project empty');
});

t('is refused while there is something in it, and changes nothing', async () => {
  await newProject('full');
  const apiKey = await newKey('full');
  const seeding = seedingOf(admin.installation);
  await seeding.session({ projectId: 'full' });
  await seeding.context('full', 10);
  const before = [await project('full'), await key(apiKey)];
  assert.is(
    await admin.obstacle('projects', 'delete', 'full'),
    'Project full has 1 sessions that run, 1 contexts, 0 extensions and 0 certificates: --force ends and deletes them',
  );
  assert.equal([await project('full'), await key(apiKey)], before);
});

t('by force ends its sessions, takes its keys and contexts, and leaves those of others', async () => {
  for (const id of ['shop', 'other']) await newProject(id);
  const [own, both] = [await newKey('shop'), await newKey('shop', 'other')];
  const seeding = seedingOf(admin.installation);
  const sessionId = randomUUID();
  const taskArn = await admin.runTask(sessionId);
  await seeding.session({ sessionId, projectId: 'shop', taskArn, status: 'ACTIVE' });
  const [context, kept] = [await seeding.context('shop', 10), await seeding.context('other', 10)];
  const extensions = [await seeding.extension('shop'), await seeding.extension('other')];
  for (const owner of ['shop', 'other'])
    await putArtifact(
      await admin.installation.artifacts(),
      extensionUploadKeyOf(owner, randomUUID()),
      Buffer.from('half a zip'),
    );
  const certificates = [await seeding.certificate('shop'), await seeding.certificate('other')];
  const webhooks = [await seeding.webhook('shop'), await seeding.webhook('other')];
  let wasClosed: unknown;
  const { output, told, waits } = await remove('shop', async () => {
    wasClosed ??= (await project('shop'))?.concurrency;
    // The container reports its end, as it does after a release.
    await seeding.end(sessionId, 'released', new Date());
  });
  assert.is(
    output,
    'Project shop is deleted: 2 keys, 1 sessions that ran, 1 contexts, 1 extensions, 1 certificates and 1 webhooks of it; and what its sessions left: 0 downloads, 0 segments of logs, 0 files of recordings and 0 events',
  );
  const { installation } = admin;
  const left = extensions.map(({ projectId, extensionId }) =>
    getItem<Extension>({ table: installation.extensions, key: 'extensionId' }, extensionId).then(
      (found) => found && projectId,
    ),
  );
  assert.equal(await Promise.all(left), [undefined, 'other']);
  const table = { table: installation.certificates, key: 'certificateId' } as const;
  const trusted = certificates.map(({ certificateId }) => getItem<Certificate>(table, certificateId));
  assert.equal(await Promise.all(trusted), [undefined, certificates[1]]);
  const heard = webhooks.map(({ webhookId }) => getItem(webhooksIn(installation.webhooks), webhookId));
  assert.equal(
    (await Promise.all(heard)).map((found) => found?.projectId),
    [undefined, 'other'],
  );
  const query = { limit: 9, isFailed: false };
  const sent = webhooks.map(({ webhookId }) =>
    listDeliveries(installation.webhookDeliveries, webhookId, query).then(({ length }) => length),
  );
  assert.equal(await Promise.all(sent), [0, 1]);
  const owners = async (prefix: string) =>
    (await listArtifacts(await installation.artifacts(), prefix)).map((key) => key.split('/')[1]);
  assert.equal(await owners('extensions/'), ['other', 'other']);
  assert.equal(await owners('extension-uploads/'), ['other']);
  assert.is(wasClosed, 0, 'no session could begin in it meanwhile');
  assert.is((await admin.taskOf(taskArn))?.desiredStatus, 'STOPPED');
  const ended: Session | undefined = await getSession(admin.installation.sessions, sessionId);
  assert.equal([ended?.status, ended?.endReason], ['STOPPED', 'released']);
  assert.is((await key(own))?.status, 'REVOKED');
  assert.equal(
    [(await key(both))?.projectIds, (await key(both))?.defaultProjectId, (await key(both))?.status],
    [['other'], 'other', 'ACTIVE'],
  );
  const bucket = await admin.installation.bucket();
  assert.equal(
    [await profileSizeOf(bucket, profileKeyOf(context)), await profileSizeOf(bucket, profileKeyOf(kept))],
    [undefined, 10],
  );
  assert.equal(await admin.json('contexts', 'list', '--project', 'shop'), []);
  assert.is(await project('shop'), undefined);
  assert.match(told.join('\n'), /^Waits for \d+ s: for a minute the API may still let its keys through$/);
  assert.ok(waits.reduce((sum, each) => sum + each, 0) >= 60_000, 'the authorizer’s answers have run out');
});

t(
  'takes what its sessions have left, also of one that is in no table any more, and of nobody else',
  async () => {
    for (const id of ['left', 'leftover']) await newProject(id);
    const seeding = seedingOf(admin.installation);
    const owners = await Promise.all(
      ['left', 'left', 'leftover'].map((projectId) => seeding.session({ projectId, status: 'READY' })),
    );
    for (const owner of owners) {
      await seeding.leavings(owner, 3);
      await seeding.end(owner.sessionId, 'released', new Date());
    }
    const { sessions, sessionEvents, downloads } = admin.installation;
    const [, forgotten] = owners as [Session, Session, Session];
    await sessions.client.send(
      new DeleteCommand({ TableName: sessions.tableName, Key: { sessionId: forgotten.sessionId } }),
    );
    const { output } = await remove('left');
    assert.match(
      output,
      /and what its sessions left: 6 downloads, 6 segments of logs, 6 files of recordings and 6 events$/,
      output,
    );
    const bucket = await admin.installation.artifacts();
    const prefixes = ['downloads/left', 'logs/left', 'recordings/left'];
    const keysLeft = await Promise.all(prefixes.map((prefix) => listArtifacts(bucket, prefix)));
    assert.equal(
      keysLeft.flat().map((each) => each.split('/')[1]),
      Array(9).fill('leftover'),
    );
    const rows = await Promise.all(
      owners.map(async ({ sessionId }) => [
        (await listDownloads(downloads, sessionId)).length,
        (await listEvents(sessionEvents, sessionId, { after: 0, limit: 100 })).length,
      ]),
    );
    assert.equal(rows, [
      [0, 0],
      [0, 0],
      [3, 3],
    ]);
  },
);

t('that was cut short is gone on with, and leaves a project that nothing begins in', async () => {
  await newProject('slow');
  const apiKey = await newKey('slow');
  const seeding = seedingOf(admin.installation);
  const { sessionId } = await seeding.session({ projectId: 'slow' });
  assert.is(
    (await remove('slow')).output,
    '1 sessions of slow have not ended yet: run the same command again',
  );
  const closed = await project('slow');
  assert.equal([closed?.concurrency, closed?.running], [0, 1]);
  assert.ok(closed?.deletingSince);
  assert.is((await key(apiKey))?.status, 'REVOKED');
  assert.is(
    await admin.refusal('projects', 'update', 'slow', '--concurrency', '5'),
    'There is no project slow',
  );
  assert.is(await admin.refusal('keys', 'create', '--project', 'slow'), 'There is no project slow');
  await seeding.end(sessionId, 'released', new Date());
  await seeding.context('slow', 10);
  assert.match(
    (await remove('slow')).output,
    /^Project slow is deleted: 0 keys, 0 sessions .* 1 contexts, 0 extensions, 0 certificates and 0 webhooks of it;/,
  );
  assert.is(await project('slow'), undefined);
});

t('says what to mend when the count of sessions is wrong', async () => {
  await newProject('odd');
  const { sessions } = admin.installation;
  const { sessionId } = await seedingOf(admin.installation).session({ projectId: 'odd' });
  await sessions.client.send(new DeleteCommand({ TableName: sessions.tableName, Key: { sessionId } }));
  assert.match(
    (await remove('odd')).output,
    /counts 1 running sessions and none is live: set its "running" to 0/,
  );
});

t('is in the audit log, refused and done', async () => {
  const entries: readonly { target: string; action: string; outcome: string }[] = await admin.json(
    'audit',
    'list',
  );
  const outcomes = (id: string) =>
    entries
      .filter(({ target, action }) => target === id && action === 'projects delete')
      .map(({ outcome }) => outcome);
  assert.equal(
    [outcomes('full'), outcomes('shop'), outcomes('slow')],
    [['refused'], ['done'], ['done', 'refused']],
  );
});

t.run();
