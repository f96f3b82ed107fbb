import validate from 'contract:retrieveWebhook';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getItem } from '../../core/aws/owned-items/owned-items.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createLogger } from '../../core/log/logger.ts';
import { retrieveWebhook } from './retrieve-webhook.ts';

const config = readConfig(process.env, { webhooksTable: ['WEBHOOKS_TABLE', text()] });
const webhooks = webhooksIn({ client: createDocumentClient(), tableName: config.webhooksTable });

export const handler = api(
  { logger: createLogger({ service: 'retrieve-webhook' }), clock: systemClock, validate },
  retrieveWebhook({ getWebhook: (webhookId) => getItem(webhooks, webhookId) }),
);
