/** Runs what the build has made: the router, the functions, and the gateway in front of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGateway } from '../aws/apigateway/gateway.ts';
import { type Lambda, startLambda } from '../aws/lambda/lambda.ts';
import type { AwsCredentials } from '../aws/wire/verify-signature.ts';
import { startRouter } from '../processes/start-router.ts';
import type { MachineConfig } from './config.ts';
import { BUNDLES, bundleOf, functionSpecs, ROOT } from './infrastructure.ts';
import type { Surroundings } from './open-stand-ins.ts';
import type { OnStop } from './start-in-order.ts';
import { tellIgnored } from './tell-ignored.ts';

export interface Running extends Surroundings {
  readonly config: MachineConfig;
  readonly logsDir: string;
  readonly endpoint: string;
  /** Of a function or the `router`. */
  readonly credentialsOf: (name: string) => AwsCredentials;
  readonly tell: (line: string) => void;
}

export const LOOPBACK = '127.0.0.1';

// On the way of a create and of an end, so that the first ones do not wait for them to load.
const PROVISIONED = {
  authorizer: 1,
  'create-session': 2,
  'task-processor': 1,
  'stream-processor': 1,
  'report-ready': 1,
  'report-ended': 1,
  'update-session': 1,
};

const awsEnvironment = ({ endpoint, infrastructure }: Running): Record<string, string> => ({
  AWS_REGION: infrastructure.region,
  AWS_DEFAULT_REGION: infrastructure.region,
  AWS_ENDPOINT_URL: endpoint,
});

/** In front of the sessions when it is wanted; otherwise clients reach them directly. Answers where it is. */
export async function startFrontRouter(given: Running, onStop: OnStop): Promise<string | undefined> {
  const { config, infrastructure, logsDir, logger, tell } = given;
  if (config.router !== '1') return undefined;
  const { accessKeyId, secretAccessKey } = given.credentialsOf('router');
  const { connectOrigin, close } = await startRouter({
    bundle: bundleOf('router'),
    host: LOOPBACK,
    environment: {
      ...awsEnvironment(given),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...infrastructure.router.environment,
    },
    logFile: join(logsDir, 'router.log'),
    onUnexpectedExit(how) {
      logger.error('The router ended by itself', how);
      tell('Router     ended by itself: no session can be reached until the next start');
    },
  });
  onStop('router', close);
  tell(`Router     ${connectOrigin}`);
  return connectOrigin;
}

export function startFunctions(given: Running, connectOrigin: string | undefined, onStop: OnStop): Lambda {
  const { config, endpoint, logsDir, logger, tell } = given;
  const origin = connectOrigin === undefined ? {} : { PUBLIC_CONNECT_ORIGIN: connectOrigin };
  const specs = Object.entries(functionSpecs(given.infrastructure, endpoint));
  const lambda = startLambda({
    bundlesDir: BUNDLES,
    functions: Object.fromEntries(
      specs.map(([name, spec]) => [name, { ...spec, credentials: given.credentialsOf(name) }]),
    ),
    baseEnvironment: { ...awsEnvironment(given), ...origin },
    logsDir,
    compileCacheDir: join(config.dataDir, 'compile-cache', 'lambda'),
    provisioned: PROVISIONED,
    logger,
    onLine: tellIgnored(tell),
  });
  onStop('functions', lambda.close);
  tell(`Functions  ${specs.length}, logs in ${logsDir}`);
  return lambda;
}

export async function openGateway(given: Running, functions: Lambda, onStop: OnStop): Promise<string> {
  const { url, close } = await startGateway({
    ...given.infrastructure,
    document: JSON.parse(readFileSync(join(ROOT, 'functions/openapi.json'), 'utf8')),
    viewerRequestSource: readFileSync(join(ROOT, 'edge/viewer-request.js'), 'utf8'),
    functions,
    port: given.config.port,
    logger: given.logger,
  });
  onStop('gateway', close);
  given.tell(`Gateway    ${url}`);
  return url;
}
