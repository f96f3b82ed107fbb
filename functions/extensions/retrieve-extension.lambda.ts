import validate from 'contract:retrieveExtension';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getItem, type OwnedItems } from '../../core/aws/owned-items/owned-items.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import type { Extension } from '../../core/domain/extension.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { retrieveExtension } from './retrieve-extension.ts';

const config = readConfig(process.env, { extensionsTable: ['EXTENSIONS_TABLE', text()] });
const extensions: OwnedItems<Extension> = {
  table: { client: createDocumentClient(), tableName: config.extensionsTable },
  key: 'extensionId',
};

export const handler = api(
  { logger: createProcessLogger('retrieve-extension', process.env), clock: systemClock, validate },
  retrieveExtension({ getExtension: (extensionId) => getItem(extensions, extensionId) }),
);
