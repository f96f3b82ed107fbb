import validate from 'contract:retrieveWebhook';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getItem } from '../../core/aws/owned-items/owned-items.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { retrieveWebhook } from './retrieve-webhook.ts';

const config = readConfig(process.env, { webhooksTable: ['WEBHOOKS_TABLE', text()] });
const webhooks = webhooksIn({ client: createDocumentClient(), tableName: config.webhooksTable });

export const handler = api(
  { logger: createProcessLogger('retrieve-webhook', process.env), clock: systemClock, validate },
  retrieveWebhook({ getWebhook: (webhookId) => getItem(webhooks, webhookId) }),
);
