import validate from 'contract:deleteWebhook';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getItem, removeItem } from '../../core/aws/owned-items/owned-items.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { deleteWebhook } from './delete-webhook.ts';

const config = readConfig(process.env, { webhooksTable: ['WEBHOOKS_TABLE', text()] });
const webhooks = webhooksIn({ client: createDocumentClient(), tableName: config.webhooksTable });

export const handler = api(
  { logger: createProcessLogger('delete-webhook', process.env), clock: systemClock, validate },
  deleteWebhook({
    getWebhook: (webhookId) => getItem(webhooks, webhookId),
    removeWebhook: (webhookId) => removeItem(webhooks, webhookId),
  }),
);
