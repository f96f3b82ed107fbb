import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { deleteContext } from '../../core/aws/contexts/delete-context.ts';
import { getContext } from '../../core/aws/contexts/get-context.ts';
import { recordSavedProfile } from '../../core/aws/contexts/record-saved-profile.ts';
import { storeContext } from '../../core/aws/contexts/store-context.ts';
import { listTombstones, removeTombstone } from '../../core/aws/contexts/sweep-tombstones.ts';
import { createDocumentClient, type Table } from '../../core/aws/dynamodb/document-client.ts';
import type { Context } from '../../core/domain/context.ts';
import { createLogger } from '../../core/log/logger.ts';
import { readInfrastructure } from '../../local/start/infrastructure.ts';
import { type Data, openData } from '../../local/start/open-data.ts';

const infrastructure = readInfrastructure();
let folder: string;
let data: Data;
let contexts: Table;

const idOf = (last: number) => `00000000-0000-4000-8000-00000000000${last}`;
const put = async (last: number): Promise<Context> => {
  const context: Context = {
    contextId: idOf(last),
    projectId: 'p',
    status: 'EMPTY',
    createdAt: '2026-01-01T00:00:00.000Z',
    updatedAt: '2026-01-01T00:00:00.000Z',
  };
  await storeContext(contexts, context);
  return context;
};
const table = suite('the contexts table, on a real DynamoDB API');

table.before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wallcrawler-test-'));
  mkdirSync(join(folder, 'aws'));
  data = await openData({
    dataDir: folder,
    infrastructure,
    dynamodbEndpoint: undefined,
    logger: createLogger({}, () => {}),
  });
  const { endpoint, credentials } = data;
  contexts = {
    client: createDocumentClient({ endpoint, credentials, region: infrastructure.region }),
    tableName: infrastructure.tables.contexts.name,
  };
});

table.after(async () => {
  contexts.client.destroy();
  await data.close();
  rmSync(folder, { recursive: true, force: true });
});

table('a deleted context is found by nobody, and a late save does not bring it back', async () => {
  const context = await put(1);
  const at = new Date('2026-02-01T00:00:00Z');
  await deleteContext(contexts, context, at);
  await deleteContext(contexts, context, new Date('2026-03-01T00:00:00Z'));
  await recordSavedProfile(contexts, context.contextId, { sizeBytes: 1, sessionId: 's', at });
  assert.is(await getContext(contexts, context.contextId), undefined);
});

table('its tombstone knows the key of its archive, until it is removed', async () => {
  const kept = await put(2);
  const deletedAt = new Date('2026-02-01T00:00:00Z');
  assert.equal(await listTombstones(contexts, deletedAt, 10), [], 'not before its time');
  const due = new Date('2026-02-02T00:00:00Z');
  const [tombstone, ...others] = await listTombstones(contexts, due, 10);
  assert.equal(tombstone, {
    contextId: idOf(1),
    projectId: '#deleted',
    createdAt: deletedAt.toISOString(),
    profileKey: `p/${idOf(1)}/profile.tar.gz`,
  });
  assert.equal(others, [], 'the first who deleted it counts, and others live');
  if (tombstone !== undefined) await removeTombstone(contexts, tombstone);
  assert.equal(await listTombstones(contexts, due, 10), []);
  assert.is((await getContext(contexts, kept.contextId))?.status, 'EMPTY');
});

table('tombstones are listed oldest first, so many at a time', async () => {
  for (const last of [5, 4, 3]) {
    await deleteContext(contexts, await put(last), new Date(`2026-02-0${last}T00:00:00Z`));
  }
  const listed = await listTombstones(contexts, new Date('2026-03-01T00:00:00Z'), 2);
  assert.equal(
    listed.map(({ contextId }) => contextId),
    [idOf(3), idOf(4)],
  );
});

table.run();
