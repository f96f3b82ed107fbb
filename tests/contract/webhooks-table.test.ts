import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { getItem, storeItem } from '../../core/aws/owned-items/owned-items.ts';
import { changeDelivery } from '../../core/aws/webhooks/change-delivery.ts';
import { listDeliveries } from '../../core/aws/webhooks/list-deliveries.ts';
import { disableWebhook, recordFailing, recordWorking } from '../../core/aws/webhooks/record-health.ts';
import { getDelivery, storeDelivery } from '../../core/aws/webhooks/store-delivery.ts';
import { updateWebhook } from '../../core/aws/webhooks/update-webhook.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import { afterTry, askedAgain, MAX_TRIES, type WebhookDelivery } from '../../core/domain/webhook-delivery.ts';
import { newWebhookDelivery } from '../../core/testing/new-delivery.ts';
import { newWebhook } from '../../core/testing/new-webhook.ts';
import { openSessionTables, type SessionTables } from './support/session-tables.ts';

const NOW = new Date('2026-06-01T00:00:00.000Z');
const NOW_AND_LATER = new Date('2026-06-09T00:00:00.000Z');
const REFUSED = { at: NOW.toISOString(), durationMs: 1, status: 500 };

let tables: SessionTables;
const named = (name: 'webhooks' | 'webhookDeliveries') => ({
  client: tables.sessions.client,
  tableName: tables.infrastructure.tables[name]?.name ?? '',
});
let lastId = 0;

/** One of `webhookId`, stored. */
async function stored(webhookId: string, changes: Partial<WebhookDelivery> = {}) {
  const id = String(++lastId).padStart(12, '0');
  const delivery = newWebhookDelivery({
    webhookId,
    deliveryId: `00000000-0000-7000-8000-${id}`,
    ...changes,
  });
  await storeDelivery(named('webhookDeliveries'), delivery);
  return delivery;
}
const reread = ({ webhookId, deliveryId }: WebhookDelivery) =>
  getDelivery(named('webhookDeliveries'), webhookId, deliveryId);
const idsOf = (found: readonly WebhookDelivery[]) => found.map(({ deliveryId }) => deliveryId);

const table = suite('the tables of webhooks, on a real DynamoDB API');

table.before(async () => {
  tables = await openSessionTables();
});
table.after(() => tables.close());

table('keep a delivery as it is when its event is told again', async () => {
  const delivery = await stored('again');
  const made = afterTry(delivery, REFUSED, NOW, 0);
  assert.ok(await changeDelivery(named('webhookDeliveries'), delivery, made));
  await storeDelivery(named('webhookDeliveries'), delivery);
  assert.equal((await reread(delivery))?.tries, [REFUSED]);
});

table('take one of two tries at the same moment', async () => {
  const delivery = await stored('race');
  const made = afterTry(delivery, REFUSED, NOW, 0);
  const both = [1, 2].map(() => changeDelivery(named('webhookDeliveries'), delivery, made));
  assert.equal((await Promise.all(both)).toSorted(), [false, true]);
  assert.is((await reread(delivery))?.tryCount, 1);
});

table('take no try of a round that is over', async () => {
  const delivery = await stored('round');
  assert.ok(await changeDelivery(named('webhookDeliveries'), delivery, askedAgain(delivery, NOW)));
  const made = afterTry(delivery, REFUSED, NOW, 0);
  assert.not(await changeDelivery(named('webhookDeliveries'), delivery, made));
});

table('list what has failed for as long as it has', async () => {
  const failing = await stored('failed', { tryCount: MAX_TRIES - 1 });
  await stored('failed');
  const list = async () =>
    idsOf(await listDeliveries(named('webhookDeliveries'), 'failed', { limit: 10, isFailed: true }));
  assert.equal(await list(), []);
  await changeDelivery(named('webhookDeliveries'), failing, afterTry(failing, REFUSED, NOW, 0));
  assert.equal(await list(), [failing.deliveryId]);
  const failed = await reread(failing);
  assert.equal([failed?.status, failed?.nextTryAt], ['failed', undefined]);
  if (failed !== undefined) await changeDelivery(named('webhookDeliveries'), failed, askedAgain(failed, NOW));
  assert.equal(await list(), []);
  assert.is((await reread(failing))?.failedWebhookId, undefined);
});

table('list the newest first, a part at a time, and of no other webhook', async () => {
  const [one, two, three] = [await stored('list'), await stored('list'), await stored('list')];
  await stored('list-of-another');
  const list = (before?: string) =>
    listDeliveries(named('webhookDeliveries'), 'list', { limit: 2, isFailed: false, before });
  assert.equal(idsOf(await list()), [three?.deliveryId, two?.deliveryId]);
  assert.equal(idsOf(await list(two?.deliveryId)), [one?.deliveryId]);
  assert.equal(await list(one?.deliveryId), []);
});

table('let one of two changes of a webhook through, and bring back none that is gone', async () => {
  const webhook = newWebhook();
  const webhooks = named('webhooks');
  await storeItem(webhooksIn(webhooks), webhook);
  const both = ['a', 'b'].map((description, second) =>
    updateWebhook(webhooks, webhook, { description, updatedAt: `2026-06-02T00:00:0${second}.000Z` }),
  );
  const taken = (await Promise.all(both)).filter((each) => each !== undefined);
  assert.is(taken.length, 1);
  assert.equal([taken[0]?.endpoint, taken[0]?.secrets], [webhook.endpoint, webhook.secrets]);
  const gone = { ...webhook, webhookId: 'gone' };
  assert.is(await updateWebhook(webhooks, gone, { updatedAt: NOW.toISOString() }), undefined);
});

table('keep since when nothing arrives, until something does or another receiver is named', async () => {
  const webhooks = webhooksIn(named('webhooks'));
  const webhook = newWebhook({ webhookId: 'health' });
  await storeItem(webhooks, webhook);
  const look = async () => {
    const { failingSince, disabledReason, isEnabled } = (await getItem(webhooks, 'health')) ?? webhook;
    return [failingSince, disabledReason, isEnabled];
  };
  const [monday, tuesday] = ['2026-06-01T00:00:00.000Z', '2026-06-02T00:00:00.000Z'];
  await recordFailing(webhooks.table, 'health', monday);
  await recordFailing(webhooks.table, 'health', tuesday);
  assert.equal(await look(), [monday, undefined, true]);
  await recordWorking(webhooks.table, { ...webhook, failingSince: tuesday });
  assert.equal(await look(), [monday, undefined, true], 'that was of another time');
  await recordWorking(webhooks.table, { ...webhook, failingSince: monday });
  assert.equal(await look(), [undefined, undefined, true]);

  await recordFailing(webhooks.table, 'health', monday);
  const both = [1, 2].map(() => disableWebhook(webhooks.table, webhook, 'failing', NOW_AND_LATER));
  assert.equal((await Promise.all(both)).toSorted(), [false, true]);
  assert.equal(await look(), [monday, 'failing', false]);
  const seen = { webhookId: 'health', updatedAt: NOW_AND_LATER.toISOString() };
  await updateWebhook(webhooks.table, seen, { description: 'd', updatedAt: tuesday });
  assert.equal(await look(), [monday, 'failing', false]);
  await updateWebhook(
    webhooks.table,
    { ...seen, updatedAt: tuesday },
    { isEnabled: true, updatedAt: monday },
  );
  assert.equal(await look(), [undefined, undefined, true]);
  await recordFailing(webhooks.table, 'nobody', monday);
  assert.is(await getItem(webhooks, 'nobody'), undefined, 'one that is gone does not come back');
});

table.run();
