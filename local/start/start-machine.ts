/** The whole platform in one process: an ordered start, each step told as it is done, and an ordered end. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger, type Logger } from '../../core/log/logger.ts';
import { type Gateway, startGateway } from '../aws/apigateway/gateway.ts';
import { openFunctionLog } from '../aws/lambda/function-log.ts';
import { type Lambda, startLambda } from '../aws/lambda/lambda.ts';
import { type BrowserSource, locateBrowser } from '../chrome/locate-browser.ts';
import { readOrCreateApiKey } from '../data/api-key-file.ts';
import { createSessionRoot } from '../data/session-root.ts';
import { type RouterProcess, startRouter } from '../processes/start-router.ts';
import type { MachineConfig } from './config.ts';
import { endLeftoverSessions } from './end-leftover-sessions.ts';
import { functionSpecs, NotBuilt, readInfrastructure } from './infrastructure.ts';
import { seed } from './seed.ts';
import { type AwsStandIn, startAws } from './start-aws.ts';
import { createUndoStack, type UndoStack } from './undo-stack.ts';

export interface Machine {
  readonly url: string;
  readonly apiKey: string;
  close(): Promise<void>;
}

interface Start {
  readonly config: MachineConfig;
  readonly logsDir: string;
  readonly logger: Logger;
  readonly started: UndoStack;
  readonly tell: (line: string) => void;
}

const ROOT = join(import.meta.dirname, '..', '..');
const BUNDLES = join(ROOT, 'dist');
const LOOPBACK = '127.0.0.1';
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
// With what stops after the tasks, less than 10 s in all.
const TASK_GRACE_MS = 6_000;

/** Starts everything, or stops what it has started and rejects. `tell` gets one line a step. */
export async function startMachine(config: MachineConfig, tell: (line: string) => void): Promise<Machine> {
  assertBuilt();
  mkdirSync(config.dataDir, { recursive: true });
  const logsDir = join(config.dataDir, 'logs');
  const log = openFunctionLog(join(logsDir, 'machine.log'));
  const logger = createLogger({ service: 'local' }, log.write);
  const started = createUndoStack((name, error) => logger.error('A part did not stop', { name, error }));
  started.push('log', log.close);
  try {
    return await startParts({ config, logsDir, logger, started, tell });
  } catch (error) {
    logger.error('The machine did not start', { error });
    await started.unwind();
    throw error;
  }
}

async function startParts(start: Start): Promise<Machine> {
  const { config, logsDir, started, tell } = start;
  const browser = await locateBrowser(config, tell);

  // Containers report their end through the gateway: so what runs them is stopped first, though it is started first.
  const running: { lambda?: Lambda; gateway?: Gateway; router?: RouterProcess } = {};
  started.push('functions', async () => running.lambda?.close());
  started.push('gateway', async () => running.gateway?.close());
  started.push('router', async () => running.router?.close());
  const lambda = Promise.withResolvers<Lambda>();
  const sessionRoot = createSessionRoot(config.dataDir);
  const aws = await startStandIns(start, browser, sessionRoot.path, lambda.promise);
  started.push('session folders', sessionRoot.remove);
  started.push('stand-ins', aws.close);
  // Not before: until the stand-ins have taken the data folder, the sessions may be those of another machine; and until
  // they have ended what an earlier run left, a Chrome of it may write there.
  sessionRoot.make();
  tell(`DynamoDB   ${config.dynamodbEndpoint ?? join(config.dataDir, 'dynamodb')}`);
  tell(`Stand-ins  ${aws.endpoint} (S3, SNS, SQS, EventBridge, Secrets Manager, ECS)`);

  if (config.router === '1') {
    running.router = await startFrontRouter(start, aws);
    tell(`Router     ${running.router.connectOrigin}`);
  }
  running.lambda = startFunctions(start, aws, running.router?.connectOrigin);
  lambda.resolve(running.lambda);
  const apiKey = config.apiKey ?? readOrCreateApiKey(config.dataDir);
  await Promise.all([running.lambda.warm(), seed({ ...aws, apiKey, now: new Date() })]);
  const leftovers = await endLeftoverSessions(aws);
  if (leftovers > 0) tell(`Sessions   ${leftovers} of the last run ended`);
  tell(`Functions  ${Object.keys(functionSpecs('')).length}, logs in ${logsDir}`);

  running.gateway = await startApi(start, running.lambda);
  tell(`Gateway    ${running.gateway.url}`);
  aws.startEventSources();
  return { url: running.gateway.url, apiKey, close: started.unwind };
}

function startStandIns(
  { config, logger }: Start,
  browser: BrowserSource,
  sessionRoot: string,
  lambda: Promise<Lambda>,
): Promise<AwsStandIn> {
  const { dataDir, dynamodbEndpoint } = config;
  return startAws({
    dataDir,
    port: 0,
    infrastructure: readInfrastructure(),
    invoke: async (name, event) => (await lambda).invoke(name, event),
    task: {
      nodePath: process.execPath,
      controllerBundle: join(BUNDLES, 'controller', 'index.js'),
      sessionRoot,
      ...browser,
      proxyHost: LOOPBACK,
      onLog: () => undefined,
    },
    dynamodb: dynamodbEndpoint === undefined ? {} : { endpoint: dynamodbEndpoint },
    logger,
    taskGraceMs: TASK_GRACE_MS,
  });
}

const awsEnvironment = (
  { endpoint, credentials }: AwsStandIn,
  { region } = readInfrastructure(),
): Record<string, string> => ({
  AWS_REGION: region,
  AWS_DEFAULT_REGION: region,
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
});

const startFrontRouter = ({ logsDir, logger, tell }: Start, aws: AwsStandIn): Promise<RouterProcess> =>
  startRouter({
    bundle: join(BUNDLES, 'router', 'index.js'),
    host: LOOPBACK,
    environment: { ...awsEnvironment(aws), ...readInfrastructure().routerEnvironment },
    logFile: join(logsDir, 'router.log'),
    onUnexpectedExit(how) {
      logger.error('The router ended by itself', how);
      tell('Router     ended by itself: no session can be reached until the next start');
    },
  });

const startFunctions = (
  { config, logsDir, logger }: Start,
  aws: AwsStandIn,
  connectOrigin: string | undefined,
): Lambda =>
  startLambda({
    bundlesDir: BUNDLES,
    functions: functionSpecs(aws.endpoint),
    baseEnvironment: {
      ...awsEnvironment(aws),
      ...(connectOrigin === undefined ? {} : { PUBLIC_CONNECT_ORIGIN: connectOrigin }),
    },
    logsDir,
    compileCacheDir: join(config.dataDir, 'compile-cache', 'lambda'),
    provisioned: PROVISIONED,
    logger,
  });

const startApi = ({ config, logger }: Start, functions: Lambda): Promise<Gateway> => {
  const { region, accountId } = readInfrastructure();
  return startGateway({
    document: JSON.parse(readFileSync(join(ROOT, 'functions/openapi.json'), 'utf8')),
    viewerRequestSource: readFileSync(join(ROOT, 'edge/viewer-request.js'), 'utf8'),
    functions,
    region,
    accountId,
    port: config.port,
    logger,
  });
};

function assertBuilt(): void {
  const names = [...Object.keys(functionSpecs('')), 'controller', 'router'];
  const missing = names.filter((name) => !existsSync(join(BUNDLES, name, 'index.js')));
  if (missing.length > 0) throw new NotBuilt(`dist/ lacks ${missing.join(', ')}: run "npm run build"`);
}
