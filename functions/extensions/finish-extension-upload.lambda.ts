import validate from 'contract:finishExtensionUpload';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { deleteArtifact } from '../../core/aws/artifacts/delete-artifact.ts';
import { putArtifactFile } from '../../core/aws/artifacts/put-artifact-file.ts';
import { saveArtifact } from '../../core/aws/artifacts/save-artifact.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import {
  countItems,
  getItem,
  type OwnedItems,
  storeItemOnce,
} from '../../core/aws/owned-items/owned-items.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { extensionKeyOf, extensionUploadKeyOf } from '../../core/domain/artifact-key.ts';
import type { Extension } from '../../core/domain/extension.ts';
import { EXTENSION_LIMITS } from '../../core/domain/extension-limits.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { finishExtensionUpload } from './finish-extension-upload.ts';

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
const { maxZipBytes: maxBytes } = EXTENSION_LIMITS;

export const handler = api(
  { logger: createProcessLogger('finish-extension-upload', process.env), clock: systemClock, validate },
  finishExtensionUpload({
    now: systemNow,
    getExtension: (extensionId) => getItem(extensions, extensionId),
    countExtensions: (projectId) => countItems(extensions, projectId),
    newFile: () => join(tmpdir(), `extension-${randomUUID()}.zip`),
    saveUpload: (projectId, uploadId, file) =>
      saveArtifact(bucket, extensionUploadKeyOf(projectId, uploadId), { file, maxBytes }),
    putZip: (extension, file) =>
      putArtifactFile(bucket, extensionKeyOf(extension), {
        head: Buffer.alloc(0),
        file,
        bytes: extension.sizeBytes,
      }),
    storeExtension: (extension) => storeItemOnce(extensions, extension),
    deleteUpload: (projectId, uploadId) => deleteArtifact(bucket, extensionUploadKeyOf(projectId, uploadId)),
  }),
);
