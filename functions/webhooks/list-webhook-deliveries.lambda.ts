import validate from 'contract:listWebhookDeliveries';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getItem } from '../../core/aws/owned-items/owned-items.ts';
import { listDeliveries } from '../../core/aws/webhooks/list-deliveries.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { listWebhookDeliveries } from './list-webhook-deliveries.ts';

const config = readConfig(process.env, {
  webhooksTable: ['WEBHOOKS_TABLE', text()],
  deliveriesTable: ['WEBHOOK_DELIVERIES_TABLE', text()],
});
const client = createDocumentClient();
const webhooks = webhooksIn({ client, tableName: config.webhooksTable });
const deliveries = { client, tableName: config.deliveriesTable };

export const handler = api(
  { logger: createProcessLogger('list-webhook-deliveries', process.env), clock: systemClock, validate },
  listWebhookDeliveries({
    getWebhook: (webhookId) => getItem(webhooks, webhookId),
    listDeliveries: (webhookId, query) => listDeliveries(deliveries, webhookId, query),
  }),
);
