import { SQSClient } from '@aws-sdk/client-sqs';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { listWebhooks } from '../../core/aws/webhooks/list-webhooks.ts';
import { storeDelivery } from '../../core/aws/webhooks/store-delivery.ts';
import { queueDelivery } from '../../core/aws/webhooks/webhook-queue.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import { systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { queueDeliveries } from './queue-deliveries.ts';

const config = readConfig(process.env, {
  webhooksTable: ['WEBHOOKS_TABLE', text()],
  deliveriesTable: ['WEBHOOK_DELIVERIES_TABLE', text()],
  queueUrl: ['WEBHOOK_QUEUE_URL', text()],
});
const client = createDocumentClient();
const webhooks = webhooksIn({ client, tableName: config.webhooksTable });
const deliveries = { client, tableName: config.deliveriesTable };
const queue = { client: new SQSClient(awsClient()), queueUrl: config.queueUrl };

export const handler = queueDeliveries({
  now: systemNow,
  listWebhooks: (projectId) => listWebhooks(webhooks, projectId),
  storeDelivery: (delivery) => storeDelivery(deliveries, delivery),
  queueDelivery: (ref, projectId) => queueDelivery(queue, ref, projectId),
});
