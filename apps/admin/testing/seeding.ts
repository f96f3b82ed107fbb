import { randomUUID } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { putArtifact } from '../../../core/aws/artifacts/put-artifact.ts';
import { storeContext } from '../../../core/aws/contexts/store-context.ts';
import { storeDownload } from '../../../core/aws/downloads/store-download.ts';
import { appendEvents } from '../../../core/aws/events/append-events.ts';
import { storeItem } from '../../../core/aws/owned-items/owned-items.ts';
import { admitSession } from '../../../core/aws/sessions/admit-session.ts';
import { endSession } from '../../../core/aws/sessions/end-session.ts';
import { storeDelivery } from '../../../core/aws/webhooks/store-delivery.ts';
import { webhooksIn } from '../../../core/aws/webhooks/webhooks-table.ts';
import {
  downloadKeyOf,
  extensionKeyOf,
  logSegmentKeyOf,
  recordingChunkKeyOf,
} from '../../../core/domain/artifact-key.ts';
import type { Certificate } from '../../../core/domain/certificate.ts';
import { type Context, profileKeyOf } from '../../../core/domain/context.ts';
import { newDownload } from '../../../core/domain/download.ts';
import type { EndReason } from '../../../core/domain/end-reason.ts';
import type { Extension } from '../../../core/domain/extension.ts';
import type { Session } from '../../../core/domain/session.ts';
import type { Webhook } from '../../../core/domain/webhook.ts';
import { newWebhookDelivery } from '../../../core/testing/new-delivery.ts';
import { newSession } from '../../../core/testing/new-session.ts';
import { newWebhook } from '../../../core/testing/new-webhook.ts';
import type { Installation } from '../installation.ts';

/** Puts what clients would have made into an installation, by the writes that the functions make. */
export const seedingOf = ({
  sessions,
  projects,
  contexts,
  extensions,
  downloads,
  sessionEvents,
  certificates,
  webhooks,
  webhookDeliveries,
  bucket,
  artifacts,
  clock,
}: Installation) => ({
  /** A session that was admitted, and runs. */
  async session(changes: Partial<Session>): Promise<Session> {
    const session = newSession({ sessionId: randomUUID(), status: 'READY', ...changes });
    await admitSession({ sessions, projects, clock }, session);
    return session;
  },
  end: (sessionId: string, reason: EndReason, endedAt: Date) =>
    endSession({ sessions, projects, clock }, sessionId, { reason, endedAt, isReported: true }),
  /** A context, with an archive of so many bytes. */
  async context(projectId: string, bytes?: number, name?: string): Promise<Context> {
    const at = new Date(clock.now()).toISOString();
    const context: Context = {
      contextId: randomUUID(),
      projectId,
      status: 'EMPTY',
      createdAt: at,
      updatedAt: at,
      ...(name === undefined ? {} : { name }),
    };
    await storeContext(contexts, context);
    if (bytes === undefined) return context;
    const objects = await bucket();
    const Body = Buffer.alloc(bytes, 'x');
    await objects.client.send(
      new PutObjectCommand({ Bucket: objects.bucket, Key: profileKeyOf(context), Body }),
    );
    return context;
  },
  /** So many downloads, segments of its log, files of its recording and events. */
  async leavings({ sessionId, projectId }: Session, count: number): Promise<void> {
    const objects = await artifacts();
    const owner = { sessionId, projectId };
    const at = new Date(clock.now()).toISOString();
    const events = Array.from({ length: count }, (_, index) => ({
      number: index + 1,
      at,
      type: 'client.connected' as const,
      data: { clients: 1 },
    }));
    await appendEvents(sessionEvents, owner, [{ by: { containerId: 'c' }, events }]);
    for (let sequence = 0; sequence < count; sequence++) {
      const id = randomUUID();
      await putArtifact(objects, logSegmentKeyOf(owner, sequence), Buffer.from('x'));
      await putArtifact(objects, downloadKeyOf(owner, id), Buffer.from('x'));
      await putArtifact(objects, recordingChunkKeyOf(owner, 0, sequence), Buffer.from('x'));
      const stored = { id, filename: 'f', sizeBytes: 1, sha256: '', finishedAtMs: clock.now() };
      await storeDownload(downloads, newDownload(owner, stored, 31));
    }
  },
  /** With its zip, and one more that no extension knows. */
  async extension(projectId: string): Promise<Extension> {
    const at = new Date(clock.now()).toISOString();
    const extension = {
      extensionId: randomUUID(),
      projectId,
      fileName: 'e.zip',
      sizeBytes: 1,
      createdAt: at,
      updatedAt: at,
    };
    const objects = await artifacts();
    for (const extensionId of [extension.extensionId, randomUUID()])
      await putArtifact(objects, extensionKeyOf({ projectId, extensionId }), Buffer.from('x'));
    await storeItem<Extension>({ table: extensions, key: 'extensionId' }, extension);
    return extension;
  },
  async certificate(projectId: string): Promise<Certificate> {
    const at = new Date(clock.now()).toISOString();
    const certificate: Certificate = {
      certificateId: randomUUID(),
      projectId,
      pem: 'a certificate',
      notAfter: at,
      createdAt: at,
      updatedAt: at,
    };
    await storeItem({ table: certificates, key: 'certificateId' }, certificate);
    return certificate;
  },
  async webhook(projectId: string): Promise<Webhook> {
    const webhook = newWebhook({ webhookId: randomUUID(), projectId });
    await storeItem(webhooksIn(webhooks), webhook);
    await storeDelivery(webhookDeliveries, newWebhookDelivery({ webhookId: webhook.webhookId }));
    return webhook;
  },
});
