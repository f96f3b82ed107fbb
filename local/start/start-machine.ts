/** The whole platform in one process: an ordered start, each step told as it is done, and an ordered end. */
import { join } from 'node:path';
import { createLogger } from '../../core/log/logger.ts';
import type { Lambda } from '../aws/lambda/lambda.ts';
import { locateBrowser } from '../chrome/locate-browser.ts';
import { readOrCreateApiKey } from '../data/api-key-file.ts';
import { publishEndpoint } from '../data/published-endpoint.ts';
import { createSessionRoot, type SessionRoot } from '../data/session-root.ts';
import { openLineLog } from '../processes/line-log.ts';
import type { MachineConfig } from './config.ts';
import { endLeftoverSessions } from './end-leftover-sessions.ts';
import { bundleOf, readInfrastructure, requireBundles } from './infrastructure.ts';
import { takeDataFolder } from './open-stand-ins.ts';
import { type OnStop, OrderedStart } from './ordered-start.ts';
import { LOOPBACK, openGateway, type Running, startFrontRouter, startFunctions } from './run-bundles.ts';
import { seed } from './seed.ts';
import { SOURCES, STAND_INS } from './stand-ins.ts';

export interface Machine {
  readonly url: string;
  readonly apiKey: string;
  close(): Promise<void>;
}

/** What a start is given. */
interface MachineOptions {
  readonly config: MachineConfig;
  readonly dataDir: string;
  readonly dynamodbEndpoint: string | undefined;
  readonly now: () => Date;
  readonly taskGraceMs: number;
  readonly tell: (line: string) => void;
}

// With what stops after the tasks, less than 10 s in all.
const TASK_GRACE_MS = 6_000;

function openLog({ dataDir }: MachineOptions, onStop: OnStop) {
  const logsDir = join(dataDir, 'logs');
  const log = openLineLog(join(logsDir, 'machine.log'));
  onStop(log.close);
  return { logsDir, logger: createLogger({ service: 'local' }, log.write) };
}

function readBuild() {
  const infrastructure = readInfrastructure();
  requireBundles(infrastructure);
  return { infrastructure };
}

/** What sessions run, and where. The folder is made later: until now the sessions in it may be those of another run. */
async function findBrowser({ config, tell }: MachineOptions) {
  const sessionRoot = createSessionRoot(config.dataDir);
  const browser = await locateBrowser(config, tell);
  const { path } = sessionRoot;
  const launcher = {
    nodePath: process.execPath,
    bundleOf,
    sessionRoot: path,
    proxyHost: LOOPBACK,
    ...browser,
  };
  return { sessionRoot, launcher };
}

/** Events may come before there are functions: they wait for them. */
function expectFunctions() {
  const { promise, resolve } = Promise.withResolvers<Lambda>();
  const invoke = async (name: string, event: unknown) => (await promise).invoke(name, event);
  return { invoke, provideFunctions: resolve };
}

/** Once the stand-ins have ended what an earlier run left: until then a Chrome of it may write there. */
function makeSessionFolder({ sessionRoot }: { readonly sessionRoot: SessionRoot }, onStop: OnStop): void {
  onStop(sessionRoot.remove);
  sessionRoot.make();
}

function announceStandIns({ config, folders, endpoint, tell }: Running): void {
  publishEndpoint(folders.state, endpoint);
  tell(`DynamoDB   ${config.dynamodbEndpoint ?? folders.dynamodb}`);
  tell(`Stand-ins  ${endpoint} (S3, SNS, SQS, EventBridge, Secrets Manager, ECS)`);
}

async function fillTables(given: Running & { readonly lambda: Lambda }) {
  const { config, lambda, now } = given;
  const apiKey = config.apiKey ?? readOrCreateApiKey(config.dataDir);
  await Promise.all([lambda.warm(), seed({ ...given, apiKey, now: now() })]);
  return { apiKey };
}

async function endLeftovers(given: Running): Promise<void> {
  const leftovers = await endLeftoverSessions(given);
  if (leftovers > 0) given.tell(`Sessions   ${leftovers} of the last run ended`);
}

/**
 * Stopped in reverse. Containers report their end through the gateway, and what they report is a stream record for the
 * functions: so they end first, then the streams, and then what both of them need.
 */
const MACHINE = new OrderedStart<MachineOptions>()
  .step('data folder', takeDataFolder)
  .step('log', openLog)
  .step('build', readBuild)
  .step('browser', findBrowser)
  .step('invocations', expectFunctions)
  .steps(STAND_INS)
  .step('session folder', makeSessionFolder)
  .step('announcement', announceStandIns)
  .step('router', startFrontRouter)
  .step('functions', startFunctions)
  .step('tables', fillTables)
  .step('leftover sessions', endLeftovers)
  .step('gateway', openGateway)
  .steps(SOURCES);

/** Starts everything, or stops what it has started and rejects. `tell` gets one line a step. */
export async function startMachine(config: MachineConfig, tell: (line: string) => void): Promise<Machine> {
  const { dataDir, dynamodbEndpoint } = config;
  const now = () => new Date();
  const options = { config, dataDir, dynamodbEndpoint, now, taskGraceMs: TASK_GRACE_MS, tell };
  const { gateway, apiKey, close } = await MACHINE.run(options);
  return { url: gateway.url, apiKey, close };
}
