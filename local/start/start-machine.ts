/** The whole platform in one process: started in an order, each part told as it is there, and stopped in the reverse of it. */
import { join } from 'node:path';
import { createLogger, type Logger } from '../../core/log/logger.ts';
import { HAS_OWN_USERS, TASK_UIDS } from '../aws/ecs/host-resources.ts';
import type { Lambda } from '../aws/lambda/lambda.ts';
import { LOOPBACK } from '../aws/wire/listen.ts';
import { locateBrowser } from '../chrome/locate-browser.ts';
import { probeSandbox } from '../chrome/probe-sandbox.ts';
import { readOrCreateApiKey, replaceApiKey } from '../data/api-key-file.ts';
import { publishEndpoint } from '../data/published-endpoint.ts';
import { createSessionRoot } from '../data/session-root.ts';
import { describeFfmpeg, findFfmpeg } from '../processes/find-ffmpeg.ts';
import { openLineLog } from '../processes/line-log.ts';
import type { MachineConfig } from './config.ts';
import { countLines } from './count-lines.ts';
import { describeEgress, egressEnvironment } from './egress.ts';
import { endLeftoverSessions } from './end-leftover-sessions.ts';
import { bundleOf, readInfrastructure, requireBundles } from './infrastructure.ts';
import { openStandIns, type StandInOptions, startSources, takeDataFolder } from './open-stand-ins.ts';
import { createOperator } from './operator.ts';
import {
  createInvoker,
  openGateway,
  type Running,
  startFrontRouter,
  startFunctions,
  startPool,
  takePort,
} from './run-bundles.ts';
import { seed } from './seed.ts';
import { aboutDataFolder, withSentence } from './start-faults.ts';
import { type OnStop, startInOrder } from './start-in-order.ts';
import { watchSessions } from './watch-sessions.ts';

export interface Machine {
  readonly url: string;
  readonly apiKey: string;
  /** Sessions with a browser, and those that wait for theirs. */
  load(): { readonly running: number; readonly queued: number };
  close(): Promise<void>;
}

const CHROME_USER = {
  uid: HAS_OWN_USERS ? TASK_UIDS.last : undefined,
  isRoot: process.getuid?.() === 0,
};
// With what stops after the tasks, less than 10 s in all.
const TASK_GRACE_MS = 6_000;

/** What a test may want otherwise. */
export type MachineChange = Pick<StandInOptions, 'changeServices'>;

/** Starts everything, or stops what it has started and rejects. `tell` gets one line a part. */
export function startMachine(
  config: MachineConfig,
  tell: (line: string) => void,
  change: MachineChange = {},
): Promise<Machine> {
  let logger: Logger | undefined;
  return startInOrder(
    async (onStop) => {
      const data = await withSentence(
        () => takeDataFolder(config.dataDir, onStop),
        aboutDataFolder(config.dataDir),
      );
      const logsDir = join(config.dataDir, 'logs');
      const log = openLineLog(join(logsDir, 'machine.log'));
      onStop('log', log.close);
      logger = createLogger({ service: 'local' }, log.write);
      const infrastructure = readInfrastructure();
      requireBundles(infrastructure);
      const now = () => new Date();
      const port = await takePort(config, tell, onStop);
      const given = { ...data, ...port, config, tell, logsDir, logger, infrastructure, now };
      return startParts({ ...given, ...change }, onStop);
    },
    (message, details) => logger?.error(message, details),
  );
}

/** How containers are run here: what CloudWatch would count of their lines is counted by this machine. */
const launcherOf = ({ config, addresses }: Pick<Running, 'config' | 'addresses'>, sessionRoot: string) => ({
  nodePath: process.execPath,
  bundleOf,
  sessionRoot,
  proxyHost: LOOPBACK,
  environment: {
    ...egressEnvironment(config, addresses),
    METRICS_NAMESPACE: '',
    OTEL_EXPORTER_OTLP_ENDPOINT: config.tracesEndpoint,
  },
});

/**
 * Stopped in reverse. Containers report their end through the gateway, and what they report is a stream record for the
 * functions: so they end first, then the streams, and then what both of them need.
 */
async function startParts(
  given: Omit<Running, 'endpoint' | 'storage' | 'credentialsOf' | 'ffmpeg' | 'countLine'> & MachineChange,
  onStop: OnStop,
) {
  const { config, tell, folders, now } = given;
  const { dataDir, dynamodbEndpoint } = config;
  const sessionRoot = createSessionRoot(dataDir);
  const browser = await locateBrowser(config, tell);
  const { chromePath } = browser;
  const sandbox = chromePath === undefined ? undefined : probeSandbox(chromePath, CHROME_USER);
  // It is awaited further down; until then a failure is nobody's.
  sandbox?.catch(() => undefined);
  const finding = findFfmpeg(config.searchPath);
  const launcher = launcherOf(given, sessionRoot.path);
  const watch = watchSessions(tell);
  const countLine = countLines(watch.metrics);
  // Events may come before there are functions: they wait for them.
  const functions = Promise.withResolvers<Lambda>();
  const { invoke, stopKeeping } = createInvoker(functions.promise);
  const standIns = await openStandIns(
    {
      ...given,
      dynamodbEndpoint,
      launcher: { ...launcher, ...browser },
      invoke,
      onEvent: watch.onEvent,
      onTaskLine: countLine,
    },
    onStop,
  );
  const ffmpeg = await finding;
  const running: Running = { ...given, ...standIns, ffmpeg, countLine };
  // The stand-ins have ended what an earlier run left: until then a Chrome of it may have written there.
  onStop('session folder', sessionRoot.remove);
  sessionRoot.make();
  publishEndpoint(folders.state, running.endpoint);
  tell(`DynamoDB   ${dynamodbEndpoint ?? folders.dynamodb}`);
  tell(`Stand-ins  ${running.endpoint} (S3, SNS, SQS, EventBridge, Secrets Manager, ECS)`);
  tell(`Encoder    ${describeFfmpeg(ffmpeg)}`);
  const router = await startFrontRouter(running, onStop);
  const lambda = startFunctions(running, onStop);
  functions.resolve(lambda);
  const known = config.apiKey ?? readOrCreateApiKey(dataDir);
  const replacing = config.apiKey === undefined ? { replaceApiKey: () => replaceApiKey(dataDir) } : {};
  const seeding = seed({ ...running, ...replacing, apiKey: known, now: now() });
  const [{ apiKey, isDead }] = await Promise.all([seeding, lambda.warm()]);
  if (isDead) tell('API key    WALLCRAWLER_API_KEY is revoked or expired: set another one, or none');
  else if (apiKey !== known) tell('API key    the one before is revoked or expired: a new one is below');
  const leftovers = await endLeftoverSessions(running);
  if (leftovers > 0) tell(`Sessions   ${leftovers} of the last run ended`);
  tell(`Sandbox    ${sandbox === undefined ? 'as the image has it' : await sandbox}`);
  tell(`Egress     ${describeEgress(config)}`);
  const operator = createOperator(running, { apiKey, router, watch }, onStop);
  openGateway(running, { functions: lambda, router, operator }, onStop);
  startSources({ ...running, ...standIns, invoke, taskGraceMs: TASK_GRACE_MS }, onStop);
  startPool(running, lambda);
  onStop('warm pool', stopKeeping);
  return { url: running.addresses.url, apiKey, load: watch.load };
}
