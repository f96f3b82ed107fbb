import validate from 'contract:retrieveContext';
import { getContext } from '../../core/aws/contexts/get-context.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { retrieveContext } from './retrieve-context.ts';

const config = readConfig(process.env, { contextsTable: ['CONTEXTS_TABLE', text()] });
const contexts = { client: createDocumentClient(), tableName: config.contextsTable };

export const handler = api(
  { logger: createProcessLogger('retrieve-context', process.env), clock: systemClock, validate },
  retrieveContext({ getContext: (contextId) => getContext(contexts, contextId) }),
);
