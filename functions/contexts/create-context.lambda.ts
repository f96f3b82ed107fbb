import validate from 'contract:createContext';
import { randomUUID } from 'node:crypto';
import { createContextsBucket, presignPut } from '../../core/aws/contexts/contexts-bucket.ts';
import { putContext } from '../../core/aws/contexts/contexts-table.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import { api } from '../../core/http/api.ts';
import { createLogger } from '../../core/log/logger.ts';
import { createContext } from './create-context.ts';

const config = readConfig(process.env, {
  contextsTable: ['CONTEXTS_TABLE', text()],
  contextsBucket: ['CONTEXTS_BUCKET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const contexts = { client: createDocumentClient(), tableName: config.contextsTable };
const bucket = createContextsBucket(config.contextsBucket, config.awsEndpoint !== undefined);

export const handler = api(
  { logger: createLogger({ service: 'create-context' }), validate },
  createContext({
    newId: randomUUID,
    now: () => new Date(),
    putContext: (context) => putContext(contexts, context),
    presignUpload: (key) => presignPut(bucket, key, CREDENTIALS.uploadUrlSeconds),
  }),
);
