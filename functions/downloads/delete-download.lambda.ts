import validate from 'contract:deleteDownload';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { deleteArtifact } from '../../core/aws/artifacts/delete-artifact.ts';
import { deleteDownload as remove } from '../../core/aws/downloads/delete-download.ts';
import { getDownload } from '../../core/aws/downloads/get-download.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { systemClock } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { deleteDownload } from './delete-download.ts';

const config = readConfig(process.env, {
  downloadsTable: ['DOWNLOADS_TABLE', text()],
  artifactsBucket: ['ARTIFACTS_BUCKET', text()],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const client = createDocumentClient();
const downloads = { client, tableName: config.downloadsTable };
const bucket = createArtifactsBucket(config.artifactsBucket, config.awsEndpoint !== undefined);

export const handler = api(
  { logger: createProcessLogger('delete-download', process.env), clock: systemClock, validate },
  deleteDownload({
    getDownload: (downloadId) => getDownload(downloads, downloadId),
    deleteFile: (key) => deleteArtifact(bucket, key),
    deleteDownload: (downloadId) => remove(downloads, downloadId),
  }),
);
