import { PutObjectCommand } from '@aws-sdk/client-s3';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { getContext } from '../../core/aws/contexts/get-context.ts';
import { pagesOfProfileVersions } from '../../core/aws/contexts/list-profile-versions.ts';
import { profileSizeOf } from '../../core/aws/contexts/profile-size.ts';
import { type Context, profileKeyOf } from '../../core/domain/context.ts';
import { SAVED_BY_METADATA } from '../../core/domain/profile-save.ts';
import { openTestInstallation, rowsOf, type TestInstallation } from './testing/local-installation.ts';
import { seedingOf } from './testing/seeding.ts';

let admin: TestInstallation;
let seeding: ReturnType<typeof seedingOf>;

const t = suite('admin contexts versions and restore');
t.before(async () => {
  admin = await openTestInstallation();
  await admin.run('projects', 'create', '--id', 'a', '--name', 'a');
  seeding = seedingOf(admin.installation);
});
t.after(() => admin.close());

async function save(context: Context, bytes: number, sessionId?: string): Promise<void> {
  const { client, bucket: Bucket } = await admin.installation.bucket();
  const Metadata = sessionId === undefined ? {} : { [SAVED_BY_METADATA]: sessionId };
  const Body = Buffer.alloc(bytes, 'y');
  await client.send(new PutObjectCommand({ Bucket, Key: profileKeyOf(context), Body, Metadata }));
}

const sizeOf = async (context: Context) =>
  profileSizeOf(await admin.installation.bucket(), profileKeyOf(context));
const versionsOf = (context: Context) => admin.json('contexts', 'versions', context.contextId);

t('lists what a context has and had, newest first, with the session that saved it', async () => {
  const context = await seeding.context('a', 100);
  await save(context, 200, 's-1');
  await save(context, 300, 's-2');
  const output = await admin.run('contexts', 'versions', context.contextId);
  assert.equal(
    rowsOf(output).map(({ CURRENT, BYTES, SESSION }) => [CURRENT, BYTES, SESSION]),
    [
      ['yes', '300', 's-2'],
      ['no', '200', 's-1'],
      ['no', '100', '-'],
    ],
  );
  assert.match(
    await admin.run('contexts', 'versions', context.contextId, '--limit', '1'),
    /\nThere are more than these 1: see --limit$/,
  );
});

t('lists nothing of a context without an archive, and refuses one that is none', async () => {
  assert.equal(await versionsOf(await seeding.context('a')), []);
  assert.match(await admin.refusal('contexts', 'versions', 'x'), 'CONTEXT-ID is the id');
  const none = '00000000-0000-4000-8000-000000000000';
  assert.match(await admin.obstacle('contexts', 'versions', none), `There is no context ${none}`);
});

t('makes an earlier one the current one, which can be undone, and says so in the audit log', async () => {
  const context = await seeding.context('a', 100);
  await save(context, 200, 's-1');
  await save(context, 300, 's-2');
  const [, before] = await versionsOf(context);
  const { contextId } = context;
  await admin.run('contexts', 'restore', contextId, before.versionId);
  assert.is(await sizeOf(context), 200);
  const { status, sizeBytes, lastSessionId } =
    (await getContext(admin.installation.contexts, contextId)) ?? {};
  assert.equal([status, sizeBytes, lastSessionId], ['SAVED', 200, 's-1']);
  const now = await versionsOf(context);
  assert.equal(
    now.map(({ bytes, savedBy }: { bytes: number; savedBy?: string }) => [bytes, savedBy]),
    [
      [200, 's-1'],
      [300, 's-2'],
      [200, 's-1'],
      [100, undefined],
    ],
  );
  const [entry] = await admin.json('audit', 'list', '--limit', '1');
  const { action, target, outcome, details } = entry;
  assert.equal([action, target, outcome], ['contexts restore', contextId, 'done']);
  assert.equal(details, { projectId: 'a', versionId: before.versionId, isForced: false });
  await admin.run('contexts', 'restore', contextId, now[1].versionId);
  assert.is(await sizeOf(context), 300);
});

t('refuses what is the current one already, what is none, and what is another context’s', async () => {
  const [context, other] = [await seeding.context('a', 100), await seeding.context('a', 100)];
  await save(other, 200);
  const [current] = await versionsOf(context);
  const [, ofOther] = await versionsOf(other);
  const restore = (version: string) => admin.obstacle('contexts', 'restore', context.contextId, version);
  assert.match(await restore(current.versionId), /is the current one$/);
  for (const version of [ofOther.versionId, 'x', '../x', ''])
    assert.match(await restore(version), /^There is no version .*: see "contexts versions"$/);
  assert.match(
    await admin.refusal('contexts', 'restore', context.contextId),
    'takes one CONTEXT-ID and one VERSION',
  );
});

t('is refused while sessions run that save the context, unless it is forced', async () => {
  const context = await seeding.context('a', 100);
  await save(context, 200);
  const [, before] = await versionsOf(context);
  const { contextId } = context;
  await seeding.session({ projectId: 'a', contextId, persistContext: false });
  const { sessionId } = await seeding.session({ projectId: 'a', contextId, persistContext: true });
  const restore = ['contexts', 'restore', contextId, before.versionId];
  const sentence = await admin.obstacle(...restore);
  assert.match(sentence, new RegExp(`replace it again: ${sessionId}\\. End them, or give --force$`));
  assert.is(await sizeOf(context), 200);
  await admin.run(...restore, '--force');
  assert.is(await sizeOf(context), 100);
});

t('has nothing of a context that was deleted', async () => {
  const context = await seeding.context('a', 100);
  await save(context, 200);
  const { client, bucket } = await admin.installation.bucket();
  await admin.run('contexts', 'delete', context.contextId);
  for await (const page of pagesOfProfileVersions({ client, bucket }, profileKeyOf(context)))
    assert.equal(page, []);
});

t.run();
