import validate from 'contract:reportWarmReady';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { awsClient } from '../../core/aws/aws-client.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { createTokenKeyLoader } from '../../core/aws/keys/load-token-keys.ts';
import { getWarmClaim } from '../../core/aws/pool/get-warm-claim.ts';
import { recordWarmReady } from '../../core/aws/pool/record-warm-readiness.ts';
import { systemClock, systemNow } from '../../core/clock/system-clock.ts';
import { readConfig, text } from '../../core/config/env.ts';
import { api } from '../../core/http/api.ts';
import { createProcessLogger } from '../../core/log/process-logger.ts';
import { reportWarmReady } from './report-warm-ready.ts';

const config = readConfig(process.env, {
  warmPoolTable: ['WARM_POOL_TABLE', text()],
  tokenKeysSecret: ['TOKEN_KEYS_SECRET', text()],
});
const pool = { client: createDocumentClient(), tableName: config.warmPoolTable };
const logger = createProcessLogger('report-warm-ready', process.env);

export const handler = api(
  { logger, clock: systemClock, validate },
  reportWarmReady({
    logger,
    loadTokenKeys: createTokenKeyLoader(
      new SecretsManagerClient(awsClient()),
      config.tokenKeysSecret,
      systemClock,
    ),
    now: systemNow,
    recordWarmReady: (warmId, publicKey) => recordWarmReady(pool, warmId, publicKey, systemNow()),
    getWarmClaim: (warmId) => getWarmClaim(pool, warmId),
  }),
);
