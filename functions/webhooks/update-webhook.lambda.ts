import validate from 'contract:updateWebhook';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getItem } from '../../core/aws/owned-items/owned-items.ts';
import { updateWebhook as updateStored } from '../../core/aws/webhooks/update-webhook.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { WEBHOOK_SETTINGS } from '../../core/domain/setting-support.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { networks } from '../../core/public-network/networks-setting.ts';
import { updateWebhook } from './update-webhook.ts';

const config = readConfig(process.env, {
  webhooksTable: ['WEBHOOKS_TABLE', text()],
  allowedNetworks: ['ALLOWED_NETWORKS', optional(networks(), [])],
});
const webhooks = webhooksIn({ client: createDocumentClient(), tableName: config.webhooksTable });

export const handler = api(
  {
    logger: createProcessLogger('update-webhook', process.env),
    clock: systemClock,
    validate,
    settings: { rows: WEBHOOK_SETTINGS },
  },
  updateWebhook({
    now: systemNow,
    allowedNetworks: config.allowedNetworks,
    getWebhook: (webhookId) => getItem(webhooks, webhookId),
    updateWebhook: (seen, changes) => updateStored(webhooks.table, seen, changes),
  }),
);
