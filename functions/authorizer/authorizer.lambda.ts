import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { findApiKey } from '../../core/aws/keys/find-api-key.ts';
import { systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { createLogger } from '../../core/log/logger.ts';
import { authorize } from './authorize.ts';
import { createHandler } from './handler.ts';

const config = readConfig(process.env, { apiKeysTable: ['API_KEYS_TABLE', text()] });
const apiKeys = { client: createDocumentClient(), tableName: config.apiKeysTable };

export const handler = createHandler({
  logger: createLogger({ service: 'authorizer' }),
  authorize: authorize({ findApiKey: (hash) => findApiKey(apiKeys, hash), now: systemNow }),
});
