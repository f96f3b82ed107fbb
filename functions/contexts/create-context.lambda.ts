import validate from 'contract:createContext';
import { randomUUID } from 'node:crypto';
import { createContextsBucket } from '../../core/aws/contexts/contexts-bucket.ts';
import { presignUpload } from '../../core/aws/contexts/presign-profile.ts';
import { storeContext } from '../../core/aws/contexts/store-context.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { CREATE_CONTEXT_SETTINGS } from '../../core/domain/setting-support.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { createContext } from './create-context.ts';

const config = readConfig(process.env, {
  contextsTable: ['CONTEXTS_TABLE', text()],
  contextsBucket: ['CONTEXTS_BUCKET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const contexts = { client: createDocumentClient(), tableName: config.contextsTable };
const bucket = createContextsBucket(config.contextsBucket, config.awsEndpoint !== undefined);

export const handler = api(
  {
    logger: createProcessLogger('create-context', process.env),
    clock: systemClock,
    validate,
    settings: { rows: CREATE_CONTEXT_SETTINGS },
  },
  createContext({
    newId: randomUUID,
    now: systemNow,
    storeContext: (context) => storeContext(contexts, context),
    presignUpload: (key) => presignUpload(bucket, key, CREDENTIALS.uploadUrlSeconds),
  }),
);
