import validate from 'contract:deleteContext';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createContextsBucket } from '../../core/aws/contexts/contexts-bucket.ts';
import { deleteContext as deleteContextItem } from '../../core/aws/contexts/delete-context.ts';
import { deleteProfile } from '../../core/aws/contexts/delete-profile.ts';
import { getContext } from '../../core/aws/contexts/get-context.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { deleteContext } from './delete-context.ts';

const config = readConfig(process.env, {
  contextsTable: ['CONTEXTS_TABLE', text()],
  contextsBucket: ['CONTEXTS_BUCKET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const contexts = { client: createDocumentClient(), tableName: config.contextsTable };
const bucket = createContextsBucket(config.contextsBucket, config.awsEndpoint !== undefined, awsClient());

export const handler = api(
  { logger: createProcessLogger('delete-context', process.env), clock: systemClock, validate },
  deleteContext({
    getContext: (contextId) => getContext(contexts, contextId),
    deleteProfile: (key) => deleteProfile(bucket, key),
    deleteContext: (context) => deleteContextItem(contexts, context, systemNow()),
  }),
);
