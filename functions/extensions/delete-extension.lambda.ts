import validate from 'contract:deleteExtension';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { deleteArtifact } from '../../core/aws/artifacts/delete-artifact.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getItem, type OwnedItems, removeItem } from '../../core/aws/owned-items/owned-items.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { extensionKeyOf } from '../../core/domain/artifact-key.ts';
import type { Extension } from '../../core/domain/extension.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { deleteExtension } from './delete-extension.ts';

const config = readConfig(process.env, {
  extensionsTable: ['EXTENSIONS_TABLE', text()],
  artifactsBucket: ['ARTIFACTS_BUCKET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const extensions: OwnedItems<Extension> = {
  table: { client: createDocumentClient(), tableName: config.extensionsTable },
  key: 'extensionId',
};
const bucket = createArtifactsBucket(config.artifactsBucket, config.awsEndpoint !== undefined);

export const handler = api(
  { logger: createProcessLogger('delete-extension', process.env), clock: systemClock, validate },
  deleteExtension({
    getExtension: (extensionId) => getItem(extensions, extensionId),
    deleteZip: (extension) => deleteArtifact(bucket, extensionKeyOf(extension)),
    deleteExtension: (extensionId) => removeItem(extensions, extensionId),
  }),
);
