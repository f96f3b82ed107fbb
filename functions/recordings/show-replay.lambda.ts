import validate from 'contract:showReplay';
import { executionModeStreamifyResponse } from '@middy/core/StreamifyResponse';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { presignArtifactView } from '../../core/aws/artifacts/presign-artifact.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { getPublicKeys } from '../../core/aws/keys/get-public-keys.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { optional, readConfig, text, url } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { showReplay } from './show-replay.ts';

const config = readConfig(process.env, {
  publicKeysTable: ['PUBLIC_KEYS_TABLE', text()],
  artifactsBucket: ['ARTIFACTS_BUCKET', text()],
  // On one machine: where clients find what is stored.
  publicStorageUrl: ['PUBLIC_STORAGE_URL', optional(url('http:', 'https:'), undefined)],
  awsEndpoint: ['AWS_ENDPOINT_URL', optional(text(), undefined)],
});
const publicKeys = { client: createDocumentClient(), tableName: config.publicKeysTable };
const views = createArtifactsBucket(
  config.artifactsBucket,
  config.awsEndpoint !== undefined,
  config.publicStorageUrl === undefined ? {} : { endpoint: config.publicStorageUrl },
);

export const handler = api(
  {
    logger: createProcessLogger('show-replay', process.env),
    clock: systemClock,
    validate,
    executionMode: executionModeStreamifyResponse,
  },
  showReplay({
    getPublicKeys: () => getPublicKeys(publicKeys),
    now: systemNow,
    // As the playlist has them: a URL of some object says where all are.
    filmOrigin: async () => new URL(await presignArtifactView(views, 'any')).origin,
  }),
);
