import validate from 'contract:redeliverWebhook';
import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getItem } from '../../core/aws/owned-items/owned-items.ts';
import { changeDelivery } from '../../core/aws/webhooks/change-delivery.ts';
import { getDelivery } from '../../core/aws/webhooks/store-delivery.ts';
import { queueDelivery } from '../../core/aws/webhooks/webhook-queue.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { redeliverWebhook } from './redeliver-webhook.ts';

const config = readConfig(process.env, {
  webhooksTable: ['WEBHOOKS_TABLE', text()],
  deliveriesTable: ['WEBHOOK_DELIVERIES_TABLE', text()],
  queueUrl: ['WEBHOOK_QUEUE_URL', text()],
});
const client = createDocumentClient();
const webhooks = webhooksIn({ client, tableName: config.webhooksTable });
const deliveries = { client, tableName: config.deliveriesTable };
const queue = { client: new SQSClient(awsClient()), queueUrl: config.queueUrl };

export const handler = api(
  { logger: createProcessLogger('redeliver-webhook', process.env), clock: systemClock, validate },
  redeliverWebhook({
    now: systemNow,
    getWebhook: (webhookId) => getItem(webhooks, webhookId),
    getDelivery: (webhookId, deliveryId) => getDelivery(deliveries, webhookId, deliveryId),
    changeDelivery: (seen, changes) => changeDelivery(deliveries, seen, changes),
    queueDelivery: (ref, projectId) => queueDelivery(queue, ref, projectId),
  }),
);
