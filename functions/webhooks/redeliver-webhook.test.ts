import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { DeliveryQuery } from '../../core/aws/webhooks/list-deliveries.ts';
import type { DeliveryChanges, DeliveryRef } from '../../core/domain/webhook-delivery.ts';
import { appErrorOf } from '../../core/testing/app-error-of.ts';
import { newWebhookDelivery } from '../../core/testing/new-delivery.ts';
import { newRequest } from '../../core/testing/new-request.ts';
import { newWebhook } from '../../core/testing/new-webhook.ts';
import { type ListDeliveriesQuery, listWebhookDeliveries } from './list-webhook-deliveries.ts';
import { type RedeliverWebhookDeps, redeliverWebhook } from './redeliver-webhook.ts';

const { webhookId } = newWebhook();
const FAILED = newWebhookDelivery({ status: 'failed', tryCount: 7, failedWebhookId: webhookId });

function redeliver(changes: Partial<RedeliverWebhookDeps> = {}, deliveryId = FAILED.deliveryId) {
  const done: (DeliveryChanges | DeliveryRef)[] = [];
  const answer = redeliverWebhook({
    now: () => new Date('2026-06-02T00:00:00.000Z'),
    getWebhook: async () => newWebhook(),
    getDelivery: async () => FAILED,
    changeDelivery: async (_, changed) => {
      done.push(changed);
      return true;
    },
    queueDelivery: async (ref) => void done.push(ref),
    ...changes,
  })(newRequest({ pathId: webhookId, pathIds: { id: webhookId, deliveryId } }));
  return { answer, done };
}

const again = suite('a delivery that is asked for again');

again('waits, in a round of its own, and is queued', async () => {
  const { answer, done } = redeliver();
  const { status, body } = await answer;
  assert.is(status, 202);
  assert.equal((body as { status: string }).status, 'pending');
  const [changed, queued] = done as [DeliveryChanges, DeliveryRef];
  assert.equal([changed.round, changed.tryCount, queued.round], [2, 0, 2]);
});

again('is one of this webhook', async () => {
  for (const [changes, id] of [
    [{ getDelivery: async () => undefined }, FAILED.deliveryId],
    [{ getDelivery: async () => assert.unreachable() as never }, 'no-id'],
  ] as const) {
    const { answer, done } = redeliver(changes, id);
    assert.equal([(await appErrorOf(answer)).code, done], ['DELIVERY_NOT_FOUND', []]);
  }
});

again('is refused for a webhook that is disabled, and where it is tried at this moment', async () => {
  const disabled = redeliver({ getWebhook: async () => newWebhook({ isEnabled: false }) });
  assert.equal([(await appErrorOf(disabled.answer)).code, disabled.done], ['WEBHOOK_DISABLED', []]);
  const raced = redeliver({ changeDelivery: async () => false });
  assert.equal([(await appErrorOf(raced.answer)).code, raced.done], ['DELIVERY_CHANGED', []]);
});

const lists = suite('the deliveries of a webhook');

lists('are asked for as the query says', async () => {
  for (const [query, wanted] of [
    [{}, { before: undefined, limit: 20, isFailed: false }],
    [
      { status: 'failed', before: 'x', limit: '5' },
      { before: 'x', limit: 5, isFailed: true },
    ],
  ] as readonly (readonly [ListDeliveriesQuery, DeliveryQuery])[]) {
    const asked: DeliveryQuery[] = [];
    const { body } = await listWebhookDeliveries({
      getWebhook: async () => newWebhook(),
      listDeliveries: async (_, given) => {
        asked.push(given);
        return [FAILED];
      },
    })(newRequest({ pathId: webhookId, query }));
    assert.equal(asked, [wanted]);
    assert.is((body as { id: string }[])[0]?.id, FAILED.deliveryId);
  }
});

again.run();
lists.run();
