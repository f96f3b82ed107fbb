import validate from 'contract:updateContext';
import { createContextsBucket } from '../../core/aws/contexts/contexts-bucket.ts';
import { getContext } from '../../core/aws/contexts/get-context.ts';
import { presignUpload } from '../../core/aws/contexts/presign-profile.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { updateContext } from './update-context.ts';

const config = readConfig(process.env, {
  contextsTable: ['CONTEXTS_TABLE', text()],
  contextsBucket: ['CONTEXTS_BUCKET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const contexts = { client: createDocumentClient(), tableName: config.contextsTable };
const bucket = createContextsBucket(config.contextsBucket, config.awsEndpoint !== undefined);

export const handler = api(
  { logger: createProcessLogger('update-context', process.env), clock: systemClock, validate },
  updateContext({
    getContext: (contextId) => getContext(contexts, contextId),
    presignUpload: (key) => presignUpload(bucket, key, CREDENTIALS.uploadUrlSeconds),
  }),
);
