import validate from 'contract:uploadExtension';
import { randomUUID } from 'node:crypto';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { putArtifact } from '../../core/aws/artifacts/put-artifact.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { countItems, type OwnedItems, storeItem } from '../../core/aws/owned-items/owned-items.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { extensionKeyOf } from '../../core/domain/artifact-key.ts';
import type { Extension } from '../../core/domain/extension.ts';
import { api } from '../../core/http/api.ts';
import { MAX_MULTIPART_FILE_BYTES } from '../../core/http/multipart.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { uploadExtension } from './upload-extension.ts';

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
  {
    logger: createProcessLogger('upload-extension', process.env),
    clock: systemClock,
    validate,
    multipart: {
      maxFileBytes: MAX_MULTIPART_FILE_BYTES,
      largerFiles: ' POST /v1/extensions/uploads answers a URL for a larger one',
    },
  },
  uploadExtension({
    newId: randomUUID,
    now: systemNow,
    countExtensions: (projectId) => countItems(extensions, projectId),
    putZip: (extension, zip) => putArtifact(bucket, extensionKeyOf(extension), zip),
    storeExtension: (extension) => storeItem(extensions, extension),
  }),
);
