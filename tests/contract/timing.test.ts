/** The times of core/domain/timing.ts, as Terraform and the OpenAPI file have them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { DOWNLOAD_TRIES } from '../../core/domain/recording-download.ts';
import {
  CONNECTION,
  CONTAINER_STOP,
  CREATE_LADDER,
  CREDENTIALS,
  RECORDING_DOWNLOAD,
  SESSION_DEADLINES,
  SESSION_IDLE_TIMEOUT,
  SESSION_TIMEOUT,
  SWEEP,
  WARM,
} from '../../core/domain/timing.ts';
import { jsonFact, numberFact, textFact } from '../../terraform/reader/fact.ts';
import { openPlatform } from '../../terraform/reader/platform.ts';
import { ROUTED } from '../../terraform/reader/stand-ins.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const contract = JSON.parse(readFileSync(join(ROOT, 'functions/openapi.json'), 'utf8'));
const plan = await openPlatform(ROOT);
const direct = plan();
const routed = plan(ROUTED);

const terraform = suite('times in terraform/');

type Platform = typeof direct;

const resourceOf = (platform: Platform, type: string, address: string) => {
  const found = platform.resources(type).find((each) => each.address === address);
  assert.ok(found, `${address} is in the platform`);
  return found;
};

const environmentOf = (platform: Platform, name: string): Record<string, unknown> => {
  const lambda = resourceOf(platform, 'aws_lambda_function', `module.${name}.aws_lambda_function.main`);
  return lambda.blocks('environment')[0]?.get('variables') as Record<string, unknown>;
};

terraform('a create waits, and its function runs, as long as the ladder says', () => {
  const lambda = resourceOf(direct, 'aws_lambda_function', 'module.create_session.aws_lambda_function.main');
  assert.is(numberFact(lambda, 'timeout') * 1000, CREATE_LADDER.functionMs);
  assert.is(Number(environmentOf(direct, 'create_session').READY_WAIT_MS), CREATE_LADDER.readyWaitMs);
});

terraform('an MP4 has, and is tried again after, as long as timing.ts says', () => {
  const module = 'module.make_recording_downloads.aws_lambda_function.main';
  assert.is(
    numberFact(resourceOf(direct, 'aws_lambda_function', module), 'timeout') * 1000,
    RECORDING_DOWNLOAD.functionMs,
  );
  const queue = resourceOf(direct, 'aws_sqs_queue', 'module.recording_queue.aws_sqs_queue.main');
  assert.is(numberFact(queue, 'visibility_timeout_seconds') * 1000, RECORDING_DOWNLOAD.retryMs);
  const { maxReceiveCount } = jsonFact<{ maxReceiveCount: number }>(queue, 'redrive_policy');
  assert.is(maxReceiveCount, DOWNLOAD_TRIES);
});

terraform('a caller that tells nothing of itself has so long to connect as timing.ts says', () => {
  const { UNSEEN_CONNECT_MS } = environmentOf(direct, 'create_session');
  assert.is(Number(UNSEEN_CONNECT_MS), SESSION_DEADLINES.unseenConnectMs);
});

terraform('the edge waits as long as the client', () => {
  const source = readFileSync(join(ROOT, 'terraform/modules/platform/main.tf'), 'utf8');
  assert.is(Number(/edge_seconds\s*=\s*(\d+)/.exec(source)?.[1]) * 1000, CREATE_LADDER.edgeMs);
  const edge = readFileSync(join(ROOT, 'terraform/modules/platform/edge.tf'), 'utf8');
  assert.is(edge.match(/read_timeout_seconds = local\.timeouts\.edge_seconds/g)?.length, 2);
});

interface Container {
  readonly stopTimeout: number;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

const containerOf = (platform: Platform, module: string): Container => {
  const task = platform
    .resources('aws_ecs_task_definition')
    .find(({ address }) => address.startsWith(`module.${module}`));
  assert.ok(task, `${module} has a task`);
  return jsonFact<readonly Container[]>(task, 'container_definitions')[0] as Container;
};

terraform('ECS kills a browser container, and a router, when timing.ts says', () => {
  assert.is(containerOf(direct, 'browsers').stopTimeout * 1000, CONTAINER_STOP.killAfterMs);
  assert.is(containerOf(routed, 'router').stopTimeout * 1000, CONNECTION.routerKillAfterMs);
});

terraform('a router drains, and waits for a browser, as long as timing.ts says', () => {
  const { environment } = containerOf(routed, 'router');
  const msOf = (wanted: string) => Number(environment.find(({ name }) => name === wanted)?.value);
  assert.is(msOf('DRAIN_MS'), CONNECTION.routerDrainMs);
  assert.is(msOf('READY_WAIT_MS'), CREATE_LADDER.readyWaitMs);
});

terraform('the load balancer cuts the sockets of a router that leaves when timing.ts says', () => {
  const group = routed.resources('aws_lb_target_group')[0];
  assert.ok(group);
  assert.is(numberFact(group, 'deregistration_delay') * 1000, CONNECTION.loadBalancerDrainMs);
});

terraform('the load balancer keeps a silent connection as long as the edge', () => {
  const balancer = routed.resources('aws_lb')[0];
  assert.ok(balancer);
  assert.is(numberFact(balancer, 'idle_timeout') * 1000, CONNECTION.edgeIdleMs);
});

terraform('the sweeper and the keeper of the warm pool run every minute', () => {
  const schedules = direct
    .resources('aws_cloudwatch_event_rule')
    .filter((rule) => rule.get('schedule_expression') !== null)
    .map((rule) => [
      textFact(rule, 'name').replace('wallcrawler-local-', ''),
      rule.get('schedule_expression'),
    ]);
  const rate = (everyMs: number) => `rate(${everyMs / 60_000} minute)`;
  assert.equal(Object.fromEntries(schedules), {
    sweep: rate(SWEEP.everyMs),
    'keep-pool': rate(WARM.keepEveryMs),
  });
});

terraform('nothing of them differs where sessions are reached through the router', () => {
  const lambda = resourceOf(routed, 'aws_lambda_function', 'module.create_session.aws_lambda_function.main');
  assert.is(numberFact(lambda, 'timeout') * 1000, CREATE_LADDER.functionMs);
  assert.ok(textFact(lambda, 'filename').endsWith('create-session.zip'));
});

terraform.run();

// ---

const openapi = suite('times in the contract');

openapi('the gateway waits for a create as long as the ladder says', () => {
  const integration = contract.paths['/v1/sessions'].post['x-amazon-apigateway-integration'];
  assert.is(integration.timeoutInMillis, CREATE_LADDER.gatewayMs);
  assert.is(integration.responseTransferMode, 'STREAM');
});

openapi('a timeout has the bounds of timing.ts', () => {
  const { minimum, maximum } = contract.components.schemas.CreateSessionRequest.properties.timeout;
  assert.equal([minimum, maximum], [SESSION_TIMEOUT.minSeconds, SESSION_TIMEOUT.maxSeconds]);
});

openapi('an idle limit has the bounds of timing.ts', () => {
  const { minimum, maximum } = contract.components.schemas.BrowserSettings.properties.idleTimeout;
  assert.equal([minimum, maximum], [SESSION_IDLE_TIMEOUT.minSeconds, SESSION_IDLE_TIMEOUT.maxSeconds]);
});

openapi("the authorizer's answer is kept as long as timing.ts says", () => {
  const schemes = Object.values<Record<string, { authorizerResultTtlInSeconds?: number }>>(
    contract.components.securitySchemes,
  );
  const kept = schemes
    .map((scheme) => scheme['x-amazon-apigateway-authorizer']?.authorizerResultTtlInSeconds)
    .filter((seconds) => seconds !== undefined);
  assert.equal(kept, [CREDENTIALS.authorizerCacheMs / 1000]);
});

openapi.run();
