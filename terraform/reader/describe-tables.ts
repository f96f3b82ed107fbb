/** Tables with their streams. */

import { byModule } from './by-module.ts';
import { TerraformFault } from './expression.ts';
import { inBlock, numberFact, requireFact, textFact } from './fact.ts';
import type { Infrastructure, TableSpec } from './infrastructure.ts';
import type { Module } from './module.ts';
import type { Resource } from './resource.ts';
import { arnOf } from './targets.ts';

const DEFAULT_BATCH_SIZE = 100;

const TABLES = [
  'sessions',
  'projects',
  'apiKeys',
  'audit',
  'contexts',
  'extensions',
  'certificates',
  'publicKeys',
  'warmPool',
] as const;

export function describeTables(
  platform: Module,
  functionOf: (arn: string) => string,
): Infrastructure['tables'] {
  const mappings = platform.resources('aws_lambda_event_source_mapping');
  const tables = platform.resources('aws_dynamodb_table');
  const known = new Set([
    ...tables.map(streamOf),
    ...platform.resources('aws_sqs_queue').map((queue) => arnOf(queue)),
  ]);
  const strange = mappings.find((mapping) => !known.has(textFact(mapping, 'event_source_arn')));
  if (strange !== undefined) {
    const what = 'a machine hands over the streams of its tables and its queues only';
    throw new TerraformFault(strange.at, `${strange.address}: ${what}`);
  }
  return byModule(platform, { resources: tables, known: TABLES }, (table) => {
    const own = mappings.filter((mapping) => textFact(mapping, 'event_source_arn') === streamOf(table));
    return { ...describeTable(table), ...describeStream(table, own, functionOf) };
  });
}

const streamOf = (table: Resource): string => arnOf(table, 'stream_arn');

function describeTable(table: Resource): TableSpec {
  for (const attribute of table.blocks('attribute')) requireFact(inBlock(table, attribute), 'type', 'S');
  const [ttl] = table.blocks('ttl').map((block) => inBlock(table, block));
  return {
    name: textFact(table, 'name'),
    hashKey: textFact(table, 'hash_key'),
    ...(table.get('range_key') === null ? {} : { rangeKey: textFact(table, 'range_key') }),
    indexes: table.blocks('global_secondary_index').map((block) => {
      const index = inBlock(table, block);
      requireFact(index, 'projection_type', 'ALL');
      return {
        name: textFact(index, 'name'),
        hashKey: textFact(index, 'hash_key'),
        rangeKey: textFact(index, 'range_key'),
      };
    }),
    ...(ttl !== undefined && ttl.get('enabled') === true
      ? { ttlAttribute: textFact(ttl, 'attribute_name') }
      : {}),
  };
}

function describeStream(
  table: Resource,
  [mapping, ...others]: readonly Resource[],
  functionOf: (arn: string) => string,
): Partial<TableSpec> {
  if (mapping === undefined) return {};
  if (others.length > 0) {
    throw new TerraformFault(mapping.at, `${table.address}: a machine hands a stream to one function only`);
  }
  requireFact(table, 'stream_enabled', true);
  requireFact(table, 'stream_view_type', 'NEW_AND_OLD_IMAGES');
  requireFact(mapping, 'starting_position', 'TRIM_HORIZON');
  requireFact(mapping, 'function_response_types', ['ReportBatchItemFailures']);
  return {
    streamTo: functionOf(textFact(mapping, 'function_name')),
    streamBatchSize: numberFact(mapping, 'batch_size', DEFAULT_BATCH_SIZE),
    streamBatchingWindowMs: numberFact(mapping, 'maximum_batching_window_in_seconds', 0) * 1000,
  };
}
