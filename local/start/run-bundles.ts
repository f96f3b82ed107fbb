/** Runs what the build has made, the router and the functions, and puts them behind the one port. */
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import type { FunctionSpec } from '../../terraform/reader/infrastructure.ts';
import { createGateway } from '../aws/apigateway/gateway.ts';
import { type Lambda, startLambda } from '../aws/lambda/lambda.ts';
import { LOOPBACK } from '../aws/wire/listen.ts';
import type { AwsCredentials } from '../aws/wire/verify-signature.ts';
import { type Addresses, addressesOf } from '../front/addresses.ts';
import { type Front, openFront, type Parts } from '../front/open-front.ts';
import type { RouterDoor } from '../front/router-door.ts';
import type { FfmpegOnMachine } from '../processes/find-ffmpeg.ts';
import { startRouter } from '../processes/start-router.ts';
import type { MachineConfig } from './config.ts';
import { BUNDLES, bundleOf, functionSpecs, ROOT } from './infrastructure.ts';
import type { Surroundings } from './open-stand-ins.ts';
import { aboutPort, withSentence } from './start-faults.ts';
import type { OnStop } from './start-in-order.ts';
import { tellIgnored } from './tell-ignored.ts';

export interface Running extends Surroundings {
  readonly config: MachineConfig;
  readonly logsDir: string;
  readonly endpoint: string;
  /** Of a function or the `router`. */
  readonly credentialsOf: (name: string) => AwsCredentials;
  readonly storage: (publicUrl: string) => RequestListener;
  /** For films that are to be MP4 files. */
  readonly ffmpeg: FfmpegOnMachine;
  readonly front: Front;
  readonly addresses: Addresses;
  readonly tell: (line: string) => void;
  /** Counts what functions and containers say. */
  readonly countLine: (line: string) => void;
}

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

const KEEPER = 'keep-pool';
const ENCODES = 'make-recording-downloads';
/** Claims what the keeper keeps. */
const CREATES = 'create-session';

// Their presigned URLs are for clients, who know the one port only.
const PRESIGNS_FOR_CLIENTS: readonly string[] = ['create-context', 'update-context'];
/** The same, of functions that also read what is stored. */
const READS_AND_PRESIGNS: readonly string[] = [
  'retrieve-replay',
  'list-recording-downloads',
  'play-replay',
  'show-replay',
];

const SERVES_OTHERS =
  'others than the users of this machine are let in: whoever has an API key drives browsers here';

/** Empty is as if it were not set. */
const tracesEnvironment = ({ config }: Pick<Running, 'config'>): Record<string, string> => ({
  OTEL_EXPORTER_OTLP_ENDPOINT: config.tracesEndpoint,
});

const awsEnvironment = ({ endpoint, infrastructure }: Running): Record<string, string> => ({
  AWS_REGION: infrastructure.region,
  AWS_DEFAULT_REGION: infrastructure.region,
  AWS_ENDPOINT_URL: endpoint,
});

/** In front of the sessions, unless clients are to reach them directly. */
export async function startFrontRouter(given: Running, onStop: OnStop): Promise<RouterDoor | undefined> {
  const { config, infrastructure, logsDir, logger, tell } = given;
  if (config.router === '0') return undefined;
  const { accessKeyId, secretAccessKey } = given.credentialsOf('router');
  const router = await startRouter({
    bundle: bundleOf('router'),
    host: LOOPBACK,
    environment: {
      ...awsEnvironment(given),
      ...tracesEnvironment(given),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...infrastructure.router.environment,
    },
    logFile: join(logsDir, 'router.log'),
    onLine: given.countLine,
    onUnexpectedExit(how) {
      logger.error('The router ended by itself', how);
      tell('Router     ended by itself and is started again: its clients are to connect again');
    },
  });
  onStop('router', router.close);
  tell(`Router     ${given.addresses.connectOrigin}`);
  return router;
}

/** The pool as this machine is to have it, and where its containers find the one port. */
const keeperEnvironment = ({ config: { warm }, addresses }: Running): Record<string, string> => ({
  WARM_SIZES: JSON.stringify({ min: warm, max: warm, schedule: [] }),
  CONTAINER_API_URL: `http://${addresses.own}`,
});

/** What invokes functions; once `stopKeeping` was called the keeper no more, who would fill what a stop empties. */
export function createInvoker(functions: Promise<Pick<Lambda, 'invoke'>>) {
  let isKeeping = true;
  return {
    async invoke(name: string, event: unknown): Promise<unknown> {
      const { invoke } = await functions;
      return name === KEEPER && !isKeeping ? { batchItemFailures: [] } : invoke(name, event);
    },
    stopKeeping: () => {
      isKeeping = false;
    },
  };
}

/** Fills the pool at once: the schedule's first turn is a minute away. */
export function startPool({ config, logger, tell }: Running, functions: Pick<Lambda, 'invoke'>): void {
  if (config.warm === 0) return;
  tell(`Warm       ${config.warm} kept ready`);
  // The schedule is the retry.
  functions.invoke(KEEPER, {}).catch((error: unknown) => logger.warn('The pool was not filled', { error }));
}

/** What a create may offer of the network. */
const networkOf = ({ adHosts, managedProxy }: Running['config']): Readonly<Record<string, string>> => ({
  BLOCK_ADS: String(adHosts !== undefined),
  ...(managedProxy === undefined ? {} : { MANAGED_PROXY: managedProxy }),
});

export function startFunctions(given: Running, onStop: OnStop): Lambda {
  const { config, endpoint, logsDir, logger, tell, countLine, addresses } = given;
  const tellIgnoredIn = tellIgnored(tell);
  const origin = config.router === '0' ? {} : { PUBLIC_CONNECT_ORIGIN: addresses.connectOrigin };
  const keeping = keeperEnvironment(given);
  const environmentOf = (
    name: string,
    { METRICS_NAMESPACE: _, ...environment }: FunctionSpec['environment'],
  ) => ({
    // Without its namespace: what CloudWatch would count is counted here.
    ...environment,
    ...(PRESIGNS_FOR_CLIENTS.includes(name) ? { AWS_ENDPOINT_URL_S3: addresses.storageUrl } : {}),
    ...(READS_AND_PRESIGNS.includes(name) ? { PUBLIC_STORAGE_URL: addresses.storageUrl } : {}),
    ...(name === KEEPER ? keeping : {}),
    ...(name === ENCODES && 'path' in given.ffmpeg ? { FFMPEG_PATH: given.ffmpeg.path } : {}),
    ...(name === CREATES
      ? {
          WARM_MAX: String(config.warm),
          RECORD_SESSIONS: String(config.record === '1'),
          ...networkOf(config),
        }
      : {}),
    ...('PUBLIC_URL' in environment ? { PUBLIC_URL: addresses.url } : {}),
    ...('ALLOWED_NETWORKS' in environment ? { ALLOWED_NETWORKS: config.allowedNetworks } : {}),
  });
  const functions = Object.entries(functionSpecs(given.infrastructure, endpoint)).map(([name, spec]) => {
    const environment = environmentOf(name, spec.environment);
    return [name, { ...spec, environment, credentials: given.credentialsOf(name) }] as const;
  });
  const lambda = startLambda({
    bundlesDir: BUNDLES,
    functions: Object.fromEntries(functions),
    baseEnvironment: { ...awsEnvironment(given), ...tracesEnvironment(given), ...origin },
    logsDir,
    compileCacheDir: join(config.dataDir, 'compile-cache', 'lambda'),
    provisioned: PROVISIONED,
    logger,
    onLine(line) {
      tellIgnoredIn(line);
      countLine(line);
    },
  });
  onStop('functions', lambda.close);
  tell(`Functions  ${functions.length}, logs in ${logsDir}`);
  return lambda;
}

interface Behind extends Pick<Parts, 'router' | 'operator'> {
  readonly functions: Lambda;
}

/** From here on clients are served. */
export function openGateway(given: Running, { functions, router, operator }: Behind, onStop: OnStop): void {
  const { front, addresses, infrastructure, logger, tell, storage } = given;
  const api = createGateway({
    ...infrastructure,
    document: JSON.parse(readFileSync(join(ROOT, 'functions/openapi.json'), 'utf8')),
    viewerRequestSource: readFileSync(join(ROOT, 'edge/viewer-request.js'), 'utf8'),
    functions,
    domainName: addresses.own,
    logger,
  });
  const { publicUrl } = given.config;
  front.serve({ api, router, operator, storage: storage(addresses.storageUrl), publicUrl });
  onStop('gateway', front.close);
  tell(`Gateway    ${addresses.url}`);
}

/** The one port: taken before all that takes its time, and named by its variables when it cannot be had. */
export async function takePort(config: MachineConfig, tell: Running['tell'], onStop: OnStop) {
  const front = await withSentence(() => openFront(config), aboutPort(config));
  onStop('port', front.close);
  if (config.servesOthers) tell(`Warning    ${SERVES_OTHERS}`);
  return { front, addresses: addressesOf(config, front.port) };
}
