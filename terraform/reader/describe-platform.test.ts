// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are templates of Terraform
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describePlatform } from './describe-platform.ts';
import type { Infrastructure } from './infrastructure.ts';
import { AWS_ENDPOINT } from './stand-ins.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const PLATFORM = 'terraform/modules/platform';
type Change = readonly [file: string, from: string, to: string];

/** What a machine is told after a change in a copy of the repository's Terraform. */
async function describeChanged(...changes: readonly Change[]): Promise<Infrastructure> {
  const root = mkdtempSync(join(tmpdir(), 'terraform-'));
  try {
    cpSync(join(ROOT, 'terraform/modules'), join(root, 'terraform/modules'), {
      recursive: true,
      filter: (path) => !path.includes('.terraform') && !path.endsWith('/tests'),
    });
    for (const [file, from, to] of changes) {
      const path = join(root, file);
      const source = readFileSync(path, 'utf8');
      assert.ok(source.includes(from), `${file} has no longer: ${from}`);
      writeFileSync(path, source.replace(from, to));
    }
    return await describePlatform(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

const faultOf = async (...changes: readonly Change[]): Promise<string> => {
  try {
    await describeChanged(...changes);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no fault';
};

const machine = suite('the machine, read from the Terraform');

machine('is what the build has written', async () => {
  const written = readFileSync(join(ROOT, 'dist/infrastructure.json'), 'utf8');
  assert.equal(await describePlatform(ROOT), JSON.parse(written));
});

machine('has the tables with their keys, indexes, stream and TTL', async () => {
  const { tables } = await describePlatform(ROOT);
  assert.equal(tables.sessions, {
    name: 'wallcrawler-local-sessions',
    hashKey: 'sessionId',
    indexes: [
      { name: 'projectId-createdAt', hashKey: 'projectId', rangeKey: 'createdAt' },
      { name: 'status-expiresAt', hashKey: 'status', rangeKey: 'expiresAt' },
    ],
    ttlAttribute: 'purgeAt',
    streamTo: 'stream-processor',
    streamBatchSize: 100,
    streamBatchingWindowMs: 0,
  });
});

machine('knows everything by the name of its module', async () => {
  const { tables, buckets, topics, secrets, clusters, tasks, buses } = await describePlatform(ROOT);
  const names = [tables, buckets, topics, secrets, clusters, tasks].map((each) => Object.keys(each));
  assert.equal(names, [
    [
      'sessions',
      'sessionEvents',
      'projects',
      'apiKeys',
      'audit',
      'contexts',
      'extensions',
      'certificates',
      'webhooks',
      'webhookDeliveries',
      'downloads',
      'warmPool',
      'publicKeys',
    ],
    ['contexts', 'artifacts'],
    ['ready'],
    ['tokenKeys'],
    ['browsers'],
    ['browsers'],
  ]);
  assert.is(buckets.contexts.name, 'wallcrawler-local-contexts-000000000000');
  assert.equal(buckets.contexts.expiry, []);
  assert.equal(buckets.artifacts.expiry, [
    { prefix: 'downloads/', days: 31 },
    { prefix: 'extension-uploads/', days: 1 },
    { prefix: 'logs/', days: 31 },
    { prefix: 'recordings/', days: 31 },
  ]);
  assert.equal([buckets.contexts.oldVersionDays, buckets.artifacts.oldVersionDays], [30, null]);
  assert.equal([buckets.artifacts.readableFrom, buckets.contexts.readableFrom], [['*'], []]);
  assert.is(secrets.tokenKeys.name, 'wallcrawler-local-token-keys');
  assert.is(clusters.browsers.name, 'wallcrawler-local');
  assert.equal(buses, [{ name: 'wallcrawler-local' }]);
});

machine('gives each shard a queue and a subscription that takes only that shard', async () => {
  const { queues, topics } = await describePlatform(ROOT);
  const shards = queues.filter(({ handTo }) => handTo === undefined);
  assert.is(shards.length, 16);
  for (const { queue, filterPolicy } of topics.ready.subscriptions) {
    assert.equal(filterPolicy, { shard: [queue.split('-').at(-1)] });
  }
});

machine('hands a queue to the function that works it off', async () => {
  const { queues } = await describePlatform(ROOT);
  assert.equal(
    queues.filter(({ handTo }) => handTo !== undefined),
    [
      {
        name: 'wallcrawler-local-webhooks',
        visibilityTimeoutSeconds: 180,
        retentionSeconds: 345_600,
        maxReceives: 20,
        handTo: 'deliver-webhooks',
        batchSize: 10,
      },
      {
        name: 'wallcrawler-local-recordings',
        visibilityTimeoutSeconds: 930,
        retentionSeconds: 345_600,
        maxReceives: 3,
        handTo: 'make-recording-downloads',
        batchSize: 1,
      },
    ],
  );
});

machine('leaves the address of the stand-ins to be filled in', async () => {
  const { functions } = await describePlatform(ROOT);
  const urls = functions['create-session']?.environment.READY_QUEUE_URLS?.split(',');
  assert.is(urls?.[2], `${AWS_ENDPOINT}/000000000000/wallcrawler-local-ready-2`);
  assert.is(urls?.length, 16);
});

machine('has a table more, an index more and another TTL when the Terraform has', async () => {
  const { tables } = await describeChanged(
    [
      `${PLATFORM}/data.tf`,
      'status-expiresAt ',
      'ownerId = { hash_key = "ownerId", range_key = "createdAt" }\n    status-expiresAt ',
    ],
    [`${PLATFORM}/data.tf`, '"purgeAt"', '"forgetAt"'],
    [
      `${PLATFORM}/data.tf`,
      'module "projects" {',
      'module "notes" {\n  source = "../table"\n  name = "${local.prefix}-notes"\n  hash_key = "noteId"\n}\n\nmodule "projects" {',
    ],
  );
  assert.equal(
    tables.sessions.indexes.map(({ name }) => name),
    ['ownerId', 'projectId-createdAt', 'status-expiresAt'],
  );
  assert.is(tables.sessions.ttlAttribute, 'forgetAt');
  assert.equal(tables.notes, { name: 'wallcrawler-local-notes', hashKey: 'noteId', indexes: [] });
});

machine('follows a filter policy, the number of shards and the settings of the queues', async () => {
  const signal = 'terraform/modules/ready-signal/main.tf';
  const { queues, topics } = await describeChanged(
    [signal, '{ shard = [each.value] }', '{ shard = [each.value, "all"] }'],
    [signal, 'message_retention_seconds  = 60', 'message_retention_seconds  = 2 * 60'],
    [signal, 'visibility_timeout_seconds = 5', 'visibility_timeout_seconds = 7'],
    [`${PLATFORM}/variables.tf`, 'optional(number, 16)', 'optional(number, 2)'],
  );
  assert.equal(topics.ready.subscriptions, [
    { queue: 'wallcrawler-local-ready-0', filterPolicy: { shard: ['0', 'all'] } },
    { queue: 'wallcrawler-local-ready-1', filterPolicy: { shard: ['1', 'all'] } },
  ]);
  assert.equal(queues[1], {
    name: 'wallcrawler-local-ready-1',
    visibilityTimeoutSeconds: 7,
    retentionSeconds: 120,
  });
});

machine('follows time-outs, the schedule, event patterns and the task', async () => {
  const { functions, schedules, rules, tasks } = await describeChanged(
    [`${PLATFORM}/main.tf`, 'wait_seconds     = 50', 'wait_seconds     = 40'],
    [`${PLATFORM}/main.tf`, 'function_seconds = 57', 'function_seconds = 47'],
    ['terraform/modules/function/variables.tf', '= 10', '= 11'],
    [`${PLATFORM}/function-sweeper.tf`, 'rate(1 minute)', 'rate(2 hours)'],
    [`${PLATFORM}/function-task-processor.tf`, '["RUNNING", "STOPPED"]', '["STOPPED"]'],
    ['terraform/modules/browsers/main.tf', 'proxy_port     = 9223', 'proxy_port     = 9333'],
  );
  assert.is(functions['create-session']?.timeoutSeconds, 47);
  assert.is(functions['create-session']?.environment.READY_WAIT_MS, '40000');
  assert.is(functions.authorizer?.timeoutSeconds, 11);
  assert.equal(schedules, [
    { name: 'wallcrawler-local-keep-pool', everySeconds: 60, target: 'keep-pool' },
    { name: 'wallcrawler-local-sweep', everySeconds: 7200, target: 'sweeper' },
  ]);
  assert.equal(rules.find(({ target }) => target === 'task-processor')?.pattern.detail, {
    clusterArn: ['arn:aws:ecs:us-west-2:000000000000:cluster/wallcrawler-local'],
    lastStatus: ['STOPPED'],
  });
  assert.is(tasks.browsers.port, 9333);
  assert.is(tasks.browsers.environment.PROXY_PORT, '9333');
});

machine('has a bucket, a topic, a bus and a task more when the Terraform has', async () => {
  const more = (await describeChanged([
    `${PLATFORM}/data.tf`,
    'module "projects" {',
    `module "recordings_bucket" {
  source = "../bucket"
  name = "\${local.prefix}-recordings"
}

module "done_signal" {
  source = "../ready-signal"
  prefix = "\${local.prefix}-done"
  shards = 1
}

resource "aws_cloudwatch_event_bus" "webhooks" {
  name = "webhooks"
}

module "encoders" {
  source = "../browsers"
  prefix = "\${local.prefix}-encoders"
  vpc_id = module.network.id
  image_tag = var.image_tag
}

module "projects" {`,
  ])) satisfies Infrastructure;
  assert.equal(more.buckets.recordings, {
    name: 'wallcrawler-local-recordings',
    expiry: [],
    oldVersionDays: 30,
    readableFrom: [],
  });
  assert.equal(more.topics.done?.subscriptions, [
    { queue: 'wallcrawler-local-done-ready-0', filterPolicy: { shard: ['0'] } },
  ]);
  assert.is(more.topics.ready.subscriptions.length, 16);
  assert.is(more.queues.length, 19);
  assert.equal(more.buses.map(({ name }) => name).sort(), ['wallcrawler-local', 'webhooks']);
  assert.is(more.tasks.encoders?.family, 'wallcrawler-local-encoders-browser');
  assert.is(more.clusters.encoders?.name, 'wallcrawler-local-encoders');
});

machine('says in one sentence which variable of a function it cannot fill', async () => {
  const fault = await faultOf([
    `${PLATFORM}/function-authorizer.tf`,
    'API_KEYS_TABLE = module.api_keys.name',
    'API_KEYS_TABLE = module.api_keys.name\n    KEY = aws_kms_key.main.key_id\n  }\n}\n\nresource "aws_kms_key" "main" {\n  x = {\n',
  ]);
  assert.is(
    fault,
    'The environment of authorizer cannot be filled. terraform/modules/platform/function-authorizer.tf:14: one machine has no stand-in for key_id of aws_kms_key.main',
  );
});

const FAULTS: Readonly<Record<string, readonly [Change, RegExp]>> = {
  'a function that is not known': [
    [`${PLATFORM}/main.tf`, '"${var.project}-${var.environment}"', 'format("%s-local", var.project)'],
    /platform\/main\.tf:5: the function format is not known here: format\("%s-local", var\.project\)$/,
  ],
  'grammar that is not known': [
    ['terraform/modules/table/main.tf', 'values(var.indexes)', 'values(var.indexes)[*]'],
    /table\/main\.tf:7: splat is not understood here: values\(var\.indexes\)\[\*\]$/,
  ],
  'a reference to nothing': [
    [`${PLATFORM}/data.tf`, '${local.prefix}-sessions', '${local.prefx}-sessions'],
    /platform\/data\.tf:6: there is no local\.prefx$/,
  ],
  'a file that is no Terraform': [
    [`${PLATFORM}/data.tf`, 'hash_key = "sessionId"', 'hash_key = = "sessionId"'],
    /platform\/data\.tf:7: this is no Terraform$/,
  ],
  'a subscription that wraps its messages': [
    ['terraform/modules/ready-signal/main.tf', 'raw_message_delivery = true', 'raw_message_delivery = false'],
    /ready\["0"\]: one machine can only do raw_message_delivery = true$/,
  ],
  'a schedule at a time of day': [
    [`${PLATFORM}/function-sweeper.tf`, 'rate(1 minute)', 'cron(0 4 * * ? *)'],
    /sweep: one machine knows rates only, not cron/,
  ],
  'a module that is gone, whose table is asked for': [
    [`${PLATFORM}/data.tf`, 'module "api_keys"', 'module "keys"'],
    /there is no module\.api_keys$|looks for apiKeys, and there is sessions, sessionEvents, projects, keys, audit, contexts, extensions, certificates, webhooks, webhookDeliveries, downloads, warmPool, publicKeys$/,
  ],
  'two buckets in one module': [
    [
      'terraform/modules/bucket/main.tf',
      'resource "aws_s3_bucket" "main" {',
      'resource "aws_s3_bucket" "other" {\n  bucket = "other"\n}\n\nresource "aws_s3_bucket" "main" {',
    ],
    /aws_s3_bucket\.main: its module has another one, also contexts$/,
  ],
  'a local that needs itself': [
    [`${PLATFORM}/main.tf`, '"${var.project}-${var.environment}"', '"${local.prefix}-x"'],
    /prefix needs itself$/,
  ],
};
for (const [name, [change, expected]] of Object.entries(FAULTS)) {
  machine(`refuses ${name}, with its position`, async () => assert.match(await faultOf(change), expected));
}

machine.run();
