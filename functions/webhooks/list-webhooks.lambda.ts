import validate from 'contract:listWebhooks';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { listWebhooks as listStored } from '../../core/aws/webhooks/list-webhooks.ts';
import { webhooksIn } from '../../core/aws/webhooks/webhooks-table.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { listWebhooks } from './list-webhooks.ts';

const config = readConfig(process.env, { webhooksTable: ['WEBHOOKS_TABLE', text()] });
const webhooks = webhooksIn({ client: createDocumentClient(), tableName: config.webhooksTable });

export const handler = api(
  { logger: createProcessLogger('list-webhooks', process.env), clock: systemClock, validate },
  listWebhooks({ listWebhooks: (projectId) => listStored(webhooks, projectId) }),
);
