import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DeliveryRef, WebhookDelivery } from '../../core/domain/webhook-delivery.ts';
import { newWebhook } from '../../core/testing/new-webhook.ts';
import { queueDeliveries } from './queue-deliveries.ts';

const EVENT = {
  schemaVersion: 1,
  projectId: 'p1',
  seq: 3,
  sessionId: '00000000-0000-4000-8000-0000000000b1',
  at: '2026-06-01T00:00:00.000Z',
  category: 'session',
  type: 'session.ended',
  data: { status: 'COMPLETED' },
};
const WEBHOOKS = [
  newWebhook({ webhookId: 'all' }),
  newWebhook({ webhookId: 'ended', eventTypes: ['session.ended'] }),
  newWebhook({ webhookId: 'crashes', categories: ['crash'] }),
  newWebhook({ webhookId: 'off', isEnabled: false }),
];

function tell({ isQueueDown = false } = {}) {
  const steps: string[] = [];
  const stored: WebhookDelivery[] = [];
  const queued: (readonly [DeliveryRef, string])[] = [];
  const answer = queueDeliveries({
    now: () => new Date('2026-06-01T00:00:01.000Z'),
    listWebhooks: async (projectId) => (projectId === 'p1' ? WEBHOOKS : []),
    storeDelivery: async (delivery) => {
      steps.push(`store ${delivery.webhookId}`);
      stored.push(delivery);
    },
    queueDelivery: async (ref, projectId) => {
      if (isQueueDown) throw new Error('SQS is away');
      steps.push(`queue ${ref.webhookId}`);
      queued.push([ref, projectId]);
    },
  })({ detail: EVENT } as never);
  return { answer, steps, stored, queued };
}

const queueing = suite('an event of the bus');

queueing('is queued for each webhook of its project that wants it, and is stored before', async () => {
  const { answer, steps, stored, queued } = tell();
  await answer;
  assert.equal(steps.toSorted(), ['queue all', 'queue ended', 'store all', 'store ended']);
  assert.ok(steps.indexOf('store all') < steps.indexOf('queue all'));
  assert.equal(
    stored.map(({ body }) => JSON.parse(body)),
    [EVENT, EVENT],
  );
  assert.equal(
    queued.map(([, group]) => group),
    ['p1', 'p1'],
  );
});

queueing('is told again when it could not be queued, and is the same delivery then', async () => {
  const down = tell({ isQueueDown: true });
  assert.is((await down.answer.catch((error) => error)).message, 'SQS is away');
  const again = tell();
  await again.answer;
  assert.equal(
    again.stored.map(({ deliveryId }) => deliveryId),
    down.stored.map(({ deliveryId }) => deliveryId),
  );
});

queueing.run();
