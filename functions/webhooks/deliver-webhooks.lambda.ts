import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getItem } from '../../core/aws/owned-items/owned-items.ts';
import { putWebhookDisabled } from '../../core/aws/signals/put-webhook-disabled.ts';
import { changeDelivery } from '../../core/aws/webhooks/change-delivery.ts';
import { disableWebhook, recordFailing, recordWorking } from '../../core/aws/webhooks/record-health.ts';
import { getDelivery } from '../../core/aws/webhooks/store-delivery.ts';
import { postponeDelivery, readDeliveryRef } from '../../core/aws/webhooks/webhook-queue.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { lookupAll } from '../../core/public-network/lookup-all.ts';
import { networks } from '../../core/public-network/networks-setting.ts';
import { sendDelivery } from '../../core/webhooks/send-delivery.ts';
import { deliverWebhooks } from './deliver-webhooks.ts';

const config = readConfig(process.env, {
  webhooksTable: ['WEBHOOKS_TABLE', text()],
  deliveriesTable: ['WEBHOOK_DELIVERIES_TABLE', text()],
  queueUrl: ['WEBHOOK_QUEUE_URL', text()],
  eventBus: ['EVENT_BUS', text()],
  allowedNetworks: ['ALLOWED_NETWORKS', optional(networks(), [])],
});
const client = createDocumentClient();
const webhooks = webhooksIn({ client, tableName: config.webhooksTable });
const deliveries = { client, tableName: config.deliveriesTable };
const queue = { client: new SQSClient(awsClient()), queueUrl: config.queueUrl };
const bus = { client: new EventBridgeClient(awsClient()), busName: config.eventBus };
const network = {
  lookup: lookupAll,
  clock: systemClock,
  allowed: config.allowedNetworks,
};

export const handler = deliverWebhooks({
  logger: createProcessLogger('deliver-webhooks', process.env),
  now: systemNow,
  random: Math.random,
  readRef: readDeliveryRef,
  getWebhook: (webhookId) => getItem(webhooks, webhookId),
  getDelivery: (webhookId, deliveryId) => getDelivery(deliveries, webhookId, deliveryId),
  send: sendDelivery(network, 'Wallcrawler-Webhooks/1'),
  changeDelivery: (seen, changes) => changeDelivery(deliveries, seen, changes),
  recordFailing: (webhookId, since) => recordFailing(webhooks.table, webhookId, since),
  recordWorking: (webhook) => recordWorking(webhooks.table, webhook),
  disable: (webhook, reason) => disableWebhook(webhooks.table, webhook, reason, systemNow()),
  tellDisabled: ({ webhookId, projectId }, reason) =>
    putWebhookDisabled(bus, {
      schemaVersion: 1,
      projectId,
      webhookId,
      reason,
      at: systemNow().toISOString(),
    }),
  postpone: (receiptHandle, delaySeconds) => postponeDelivery(queue, receiptHandle, delaySeconds),
});
