import validate from 'contract:rotateWebhookSecret';
import { randomBytes } from 'node:crypto';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getItem } from '../../core/aws/owned-items/owned-items.ts';
import { updateWebhook } from '../../core/aws/webhooks/update-webhook.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { SECRET_BYTES } from '../../core/domain/webhook-secret.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { rotateWebhookSecret } from './rotate-webhook-secret.ts';

const config = readConfig(process.env, { webhooksTable: ['WEBHOOKS_TABLE', text()] });
const webhooks = webhooksIn({ client: createDocumentClient(), tableName: config.webhooksTable });

export const handler = api(
  { logger: createProcessLogger('rotate-webhook-secret', process.env), clock: systemClock, validate },
  rotateWebhookSecret({
    newSecretBytes: () => randomBytes(SECRET_BYTES),
    now: systemNow,
    getWebhook: (webhookId) => getItem(webhooks, webhookId),
    updateWebhook: (seen, changes) => updateWebhook(webhooks.table, seen, changes),
  }),
);
