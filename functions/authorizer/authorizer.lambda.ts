import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { findApiKey } from '../../core/aws/keys/find-api-key.ts';
import { recordKeyUse } from '../../core/aws/keys/record-key-use.ts';
import { systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { createHandler } from './handler.ts';
import { authorizeAndNote } from './note-key-use.ts';

const config = readConfig(process.env, { apiKeysTable: ['API_KEYS_TABLE', text()] });
const apiKeys = { client: createDocumentClient(), tableName: config.apiKeysTable };
const logger = createProcessLogger('authorizer', process.env);

export const handler = createHandler({
  logger,
  authorize: authorizeAndNote({
    findApiKey: (hash) => findApiKey(apiKeys, hash),
    recordKeyUse: (hash, use) => recordKeyUse(apiKeys, hash, use),
    now: systemNow,
    logger,
  }),
});
