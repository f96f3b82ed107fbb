import validate from 'contract:createWebhook';
import { randomBytes, randomUUID } from 'node:crypto';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { countItems, storeItem } from '../../core/aws/owned-items/owned-items.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { WEBHOOK_SETTINGS } from '../../core/domain/setting-support.ts';
import { SECRET_BYTES } from '../../core/domain/webhook-secret.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { networks } from '../../core/public-network/networks-setting.ts';
import { createWebhook } from './create-webhook.ts';

const config = readConfig(process.env, {
  webhooksTable: ['WEBHOOKS_TABLE', text()],
  allowedNetworks: ['ALLOWED_NETWORKS', optional(networks(), [])],
});
const webhooks = webhooksIn({ client: createDocumentClient(), tableName: config.webhooksTable });

export const handler = api(
  {
    logger: createProcessLogger('create-webhook', process.env),
    clock: systemClock,
    validate,
    settings: { rows: WEBHOOK_SETTINGS },
  },
  createWebhook({
    newId: randomUUID,
    newSecretBytes: () => randomBytes(SECRET_BYTES),
    now: systemNow,
    allowedNetworks: config.allowedNetworks,
    countWebhooks: (projectId) => countItems(webhooks, projectId),
    storeWebhook: (webhook) => storeItem(webhooks, webhook),
  }),
);
