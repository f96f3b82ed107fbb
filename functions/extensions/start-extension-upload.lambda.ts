import validate from 'contract:startExtensionUpload';
import { randomUUID } from 'node:crypto';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { presignArtifactUpload } from '../../core/aws/artifacts/presign-artifact.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { countItems, type OwnedItems } from '../../core/aws/owned-items/owned-items.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { extensionUploadKeyOf } from '../../core/domain/artifact-key.ts';
import type { Extension } from '../../core/domain/extension.ts';
import { CREDENTIALS } from '../../core/domain/timing.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { startExtensionUpload } from './start-extension-upload.ts';

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
  { logger: createProcessLogger('start-extension-upload', process.env), clock: systemClock, validate },
  startExtensionUpload({
    newId: randomUUID,
    now: systemNow,
    urlSeconds: CREDENTIALS.uploadUrlSeconds,
    countExtensions: (projectId) => countItems(extensions, projectId),
    presignUpload: (projectId, uploadId, sizeBytes) =>
      presignArtifactUpload(bucket, extensionUploadKeyOf(projectId, uploadId), sizeBytes),
  }),
);
