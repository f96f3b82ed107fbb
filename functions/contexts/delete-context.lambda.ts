import validate from 'contract:deleteContext';
import { createContextsBucket, deleteObject } from '../../core/aws/contexts/contexts-bucket.ts';
import { deleteContext as deleteContextItem, getContext } from '../../core/aws/contexts/contexts-table.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createLogger } from '../../core/log/logger.ts';
import { deleteContext } from './delete-context.ts';

const config = readConfig(process.env, {
  contextsTable: ['CONTEXTS_TABLE', text()],
  contextsBucket: ['CONTEXTS_BUCKET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const contexts = { client: createDocumentClient(), tableName: config.contextsTable };
const bucket = createContextsBucket(config.contextsBucket, config.awsEndpoint !== undefined);

export const handler = api(
  { logger: createLogger({ service: 'delete-context' }), validate },
  deleteContext({
    getContext: (projectId, contextId) => getContext(contexts, projectId, contextId),
    deleteProfile: (key) => deleteObject(bucket, key),
    deleteContext: (context) => deleteContextItem(contexts, context, new Date()),
  }),
);
