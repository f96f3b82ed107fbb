/** What a project has, put into the tables by the writes that the functions make; and each public function's request for it. */
import { randomUUID } from 'node:crypto';
import { storeContext } from '../../../core/aws/contexts/store-context.ts';
import { storeDownload } from '../../../core/aws/downloads/store-download.ts';
import type { Table } from '../../../core/aws/dynamodb/document-client.ts';
import { storeItem } from '../../../core/aws/owned-items/owned-items.ts';
import { fillSlot } from '../../../core/aws/pool/fill-slot.ts';
import { freeSlot } from '../../../core/aws/pool/free-slot.ts';
import { listWarmSlots } from '../../../core/aws/pool/list-warm-slots.ts';
import { storeDelivery } from '../../../core/aws/webhooks/store-delivery.ts';
import { webhooksIn } from '../../../core/aws/webhooks/webhooks-table.ts';
import type { Certificate } from '../../../core/domain/certificate.ts';
import { newDownload } from '../../../core/domain/download.ts';
import type { Extension } from '../../../core/domain/extension.ts';
import { newWebhookDelivery } from '../../../core/testing/new-delivery.ts';
import { newWarmContainer } from '../../../core/testing/new-warm-container.ts';
import { newWebhook } from '../../../core/testing/new-webhook.ts';
import { signToken } from '../../../core/tokens/sign-token.ts';
import type { TokenAudience } from '../../../core/tokens/tokens.ts';
import type { DeployedFunctions } from '../../contract/support/deployed-functions.ts';

export type Seed = Awaited<ReturnType<typeof seed>>;

/** A project with one of each. */
export async function seed({ tables, keySet }: DeployedFunctions) {
  const projectId = await tables.newProject(5);
  const at = tables.now().toISOString();
  const owned = { projectId, createdAt: at, updatedAt: at };
  const [contextId, extensionId, certificateId] = [randomUUID(), randomUUID(), randomUUID()];
  const session = await tables.admit(projectId, {
    sessionId: randomUUID(),
    status: 'READY',
    startedAt: at,
    answeredAt: at,
    lastHeartbeatAt: at,
    // Nobody answers there.
    address: { host: '127.0.0.1', port: 1 },
    tokenKeyId: keySet.current,
    contextId,
    persistContext: true,
    extensionId,
    certificateIds: [certificateId],
  });
  const { sessionId } = session;
  await storeContext(tableOf(tables, 'contexts'), { ...owned, contextId, status: 'EMPTY' });
  const extension: Extension = { ...owned, extensionId, fileName: 'e.zip', sizeBytes: 1 };
  await storeItem({ table: tableOf(tables, 'extensions'), key: 'extensionId' }, extension);
  const certificate: Certificate = { ...owned, certificateId, pem: 'a certificate', notAfter: at };
  await storeItem({ table: tableOf(tables, 'certificates'), key: 'certificateId' }, certificate);
  const webhook = newWebhook({ webhookId: randomUUID(), projectId });
  await storeItem(webhooksIn(tableOf(tables, 'webhooks')), webhook);
  const delivery = newWebhookDelivery({
    webhookId: webhook.webhookId,
    sessionId,
    status: 'failed',
    createdAt: at,
    purgeAt: Math.floor(Date.now() / 1000) + 86_400,
  });
  await storeDelivery(tableOf(tables, 'webhookDeliveries'), delivery);
  const downloadId = randomUUID();
  const stored = {
    id: downloadId,
    filename: 'f',
    sizeBytes: 1,
    sha256: 'a'.repeat(64),
    finishedAtMs: Date.now(),
  };
  await storeDownload(tableOf(tables, 'downloads'), newDownload({ sessionId, projectId }, stored, 31));
  const expiresAt = new Date(Date.now() + 600_000);
  const sign = (audience: TokenAudience, id = sessionId) =>
    signToken(keySet, keySet.current, audience, { sessionId: id, projectId, expiresAt });
  return {
    ...(await fillWarm(tables.warmPool, sign)),
    replayToken: sign('replay'),
    projectId,
    sessionId,
    contextId,
    extensionId,
    certificateId,
    downloadId,
    webhookId: webhook.webhookId,
    deliveryId: delivery.deliveryId,
    token: sign('controller'),
  };
}

/** The one slot's container, which has just been started. */
async function fillWarm(pool: Table, sign: (audience: TokenAudience, id: string) => string) {
  for (const row of await listWarmSlots(pool)) await freeSlot(pool, row);
  const warmId = `w01-${randomUUID()}`;
  const { taskArn, address, containerReadyAt, publicKey, availableAt, ...starting } = newWarmContainer({
    warmId,
    status: 'STARTING',
  });
  await fillSlot(pool, starting);
  return { warmId, warmToken: sign('warm', warmId), warmKey: String(publicKey) };
}

function tableOf({ infrastructure, sessions }: DeployedFunctions['tables'], module: string): Table {
  const { name } =
    (infrastructure.tables as Readonly<Record<string, { readonly name: string }>>)[module] ?? {};
  if (name === undefined) throw new Error(`There is no table ${module}`);
  return { client: sessions.client, tableName: name };
}
