import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { describeTables } from './describe-tables.ts';
import { faultOf, withModule } from './testing/read-source.ts';

const OTHERS = [
  'projects',
  'api_keys',
  'audit',
  'contexts',
  'extensions',
  'certificates',
  'public_keys',
  'warm_pool',
];
const tableOf = (name: string, lines: string) =>
  `resource "aws_dynamodb_table" "${name}" {\n  name = "local-${name}"\n  hash_key = "id"\n${lines}\n}\n`;
const STREAM = '  stream_enabled = true\n  stream_view_type = "NEW_AND_OLD_IMAGES"';
const MAPPING = [
  'event_source_arn = aws_dynamodb_table.sessions.stream_arn',
  'function_name = "arn:worker"',
  'starting_position = "TRIM_HORIZON"',
  'function_response_types = ["ReportBatchItemFailures"]',
];
const mappingOf = (lines: readonly string[], name = 'main') =>
  `resource "aws_lambda_event_source_mapping" "${name}" {\n  ${lines.join('\n  ')}\n}\n`;

/** The tables of a platform in which that of sessions has these lines besides its name and key. */
const describe = (sessions: string, more = '') =>
  withModule(
    `${tableOf('sessions', sessions)}${more}${OTHERS.map((name) => tableOf(name, '')).join('')}`,
    (platform) => describeTables(platform, (arn) => arn.replace('arn:', '')),
  );
const fault = (sessions: string, more?: string) => faultOf(() => describe(sessions, more));

const tables = suite('tables, read from the Terraform');

tables('have a name and a key, and nothing that nobody has written', () => {
  const described = describe('');
  assert.equal(Object.keys(described), [
    'sessions',
    'projects',
    'apiKeys',
    'audit',
    'contexts',
    'extensions',
    'certificates',
    'publicKeys',
    'warmPool',
  ]);
  assert.equal(described.apiKeys, { name: 'local-api_keys', hashKey: 'id', indexes: [] });
});

tables('have a range key where one is written, and none where it is null', () => {
  assert.is(describe('  range_key = "at"').sessions.rangeKey, 'at');
  assert.not('rangeKey' in describe('  range_key = null').sessions);
});

tables('have their indexes, written out or dynamic', () => {
  const { sessions } = describe(`
  global_secondary_index {
    name = "by-owner"
    hash_key = "owner"
    range_key = "at"
    projection_type = "ALL"
  }
  dynamic "global_secondary_index" {
    for_each = { by-state = "state" }
    content {
      name = global_secondary_index.key
      hash_key = global_secondary_index.value
      range_key = "at"
      projection_type = "ALL"
    }
  }`);
  assert.equal(sessions.indexes, [
    { name: 'by-owner', hashKey: 'owner', rangeKey: 'at' },
    { name: 'by-state', hashKey: 'state', rangeKey: 'at' },
  ]);
});

tables('forget by an attribute only where that is switched on', () => {
  const ttl = (enabled: boolean) => `  ttl {\n    attribute_name = "purgeAt"\n    enabled = ${enabled}\n  }`;
  assert.is(describe(ttl(true)).sessions.ttlAttribute, 'purgeAt');
  assert.is(describe(ttl(false)).sessions.ttlAttribute, undefined);
});

tables('hand their stream to a function, in batches of a hundred unless it says otherwise', () => {
  const { sessions, projects } = describe(STREAM, mappingOf(MAPPING));
  assert.equal([sessions.streamTo, sessions.streamBatchSize], ['worker', 100]);
  assert.is(projects.streamTo, undefined);
  assert.is(describe(STREAM, mappingOf([...MAPPING, 'batch_size = 7'])).sessions.streamBatchSize, 7);
  assert.is(sessions.streamBatchingWindowMs, 0);
  const waiting = mappingOf([...MAPPING, 'maximum_batching_window_in_seconds = 2']);
  assert.is(describe(STREAM, waiting).sessions.streamBatchingWindowMs, 2_000);
});

const FAULTS: readonly (readonly [what: string, sessions: string, more: string, fault: RegExp])[] = [
  [
    'a key that is a number',
    '  attribute {\n    name = "id"\n    type = "N"\n  }',
    '',
    /main\/a\.tf:1: aws_dynamodb_table\.sessions: one machine can only do type = "S"$/,
  ],
  [
    'an index that leaves attributes out',
    '  global_secondary_index {\n    name = "a"\n    projection_type = "KEYS_ONLY"\n  }',
    '',
    /only do projection_type = "ALL"$/,
  ],
  [
    'an index without a range key',
    '  global_secondary_index {\n    name = "a"\n    hash_key = "b"\n    projection_type = "ALL"\n  }',
    '',
    /sessions: range_key is no text$/,
  ],
  [
    'a stream that is off',
    '',
    mappingOf(MAPPING),
    /sessions: one machine can only do stream_enabled = true$/,
  ],
  [
    'a stream of new images only',
    '  stream_enabled = true\n  stream_view_type = "NEW_IMAGE"',
    mappingOf(MAPPING),
    /only do stream_view_type = "NEW_AND_OLD_IMAGES"$/,
  ],
  [
    'a stream from its end',
    STREAM,
    mappingOf(MAPPING.with(2, 'starting_position = "LATEST"')),
    /mapping\.main: one machine can only do starting_position = "TRIM_HORIZON"$/,
  ],
  [
    'a function that cannot say where it failed',
    STREAM,
    mappingOf(MAPPING.slice(0, 3)),
    /only do function_response_types = \["ReportBatchItemFailures"\]$/,
  ],
  [
    'a stream for two functions',
    STREAM,
    mappingOf(MAPPING) + mappingOf(MAPPING, 'second'),
    /sessions: a machine hands a stream to one function only$/,
  ],
  [
    'the stream of something else',
    STREAM,
    mappingOf(MAPPING.with(0, 'event_source_arn = "arn:aws:kinesis:x"')),
    /mapping\.main: a machine hands over the streams of its tables and its queues only$/,
  ],
];
for (const [what, sessions, more, expected] of FAULTS) {
  tables(`are refused with ${what}`, () => assert.match(fault(sessions, more), expected));
}

tables('are refused when one that the platform looks for is not there', () => {
  const missing = () => withModule(tableOf('sessions', ''), (platform) => describeTables(platform, String));
  assert.is(faultOf(missing), 'main: one machine looks for projects, and there is sessions');
});

tables.run();
