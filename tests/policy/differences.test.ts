import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { differences } from './support/compare.ts';
import type { Grants, Statement } from './support/grants.ts';
import type { Needs } from './support/needs.ts';

const TABLE = 'arn:aws:dynamodb:us-west-2:000000000000:table/things';
const allow = (Action: readonly string[], ...Resource: readonly string[]): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
});
const RUNTIME = [
  allow(['logs:CreateLogStream', 'logs:PutLogEvents'], 'arn:aws:logs:us-west-2:000000000000:log-group:x:*'),
  allow(['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], '*'),
];

const needs = (change: Partial<Needs> = {}): Needs => ({
  entry: 'get-thing.lambda.ts',
  actions: [{ action: 'dynamodb:GetItem', on: 'THINGS_TABLE', because: 'GetCommand in things-table.ts' }],
  variables: [{ name: 'THINGS_TABLE', isOptional: false }],
  riddles: [],
  ...change,
});
const grants = (extra: readonly Statement[] = [], change: Partial<Grants> = {}): Grants => ({
  file: 'get-thing.tf',
  statements: [...RUNTIME, allow(['dynamodb:GetItem'], TABLE), ...extra],
  environment: { THINGS_TABLE: 'things' },
  isFedByStream: false,
  hasDeadLetters: false,
  ...change,
});

/** The differences in the form that has one, without what every one begins with. */
function found(wanted: Needs, direct: Grants, router = direct): string[] {
  const prefix = /^get-thing, (connect = "(direct|router)", )?get-thing\.tf: /;
  return [
    ...new Set(differences('get-thing', wanted, { direct, router }).map((each) => each.replace(prefix, ''))),
  ];
}

const t = suite('differences between calls and rights');

t('are none where a role has just what is called', () => {
  assert.equal(found(needs(), grants()), []);
});

t('name function, form, file, action and call', () => {
  assert.equal(
    differences('get-thing', needs(), {
      direct: grants(),
      router: grants([], { statements: RUNTIME, environment: { THINGS_TABLE: 'things' } }),
    }),
    [
      'get-thing, connect = "router", get-thing.tf: its role lacks dynamodb:GetItem on THINGS_TABLE (GetCommand in things-table.ts)',
      'get-thing, connect = "router", get-thing.tf: THINGS_TABLE names what its role has no right on',
    ],
  );
});

const CASES: Readonly<Record<string, readonly [Needs, Grants, string]>> = {
  'an action too much': [
    needs(),
    grants([allow(['dynamodb:Scan'], TABLE)]),
    'its role has dynamodb:Scan on THINGS_TABLE, and nothing in get-thing.lambda.ts needs it',
  ],
  'an action that is used on another table only': [
    needs({ variables: [...needs().variables, { name: 'OTHERS_TABLE', isOptional: false }] }),
    grants([allow(['dynamodb:GetItem'], `${TABLE}-of-others`)], {
      environment: { THINGS_TABLE: 'things', OTHERS_TABLE: 'things-of-others' },
    }),
    'its role has dynamodb:GetItem on OTHERS_TABLE, and nothing in get-thing.lambda.ts needs it',
  ],
  'a table too much': [
    needs(),
    grants([allow(['dynamodb:GetItem'], `${TABLE}-of-others`)]),
    `its role has dynamodb:GetItem on ${TABLE}-of-others, and no variable names that`,
  ],
  'every resource': [
    needs(),
    grants([allow(['dynamodb:GetItem'], '*')]),
    'its role has dynamodb:GetItem on every resource',
  ],
  'an index that is not queried': [
    needs(),
    grants([allow(['dynamodb:GetItem'], `${TABLE}/index/by-name`)]),
    'its role has dynamodb:GetItem on THINGS_TABLE/index/by-name, and nothing in get-thing.lambda.ts needs it',
  ],
  'an index that is': [
    needs({ actions: [{ action: 'dynamodb:Query', on: 'THINGS_TABLE/index/by-name', because: 'x.ts' }] }),
    grants(),
    'its role lacks dynamodb:Query on THINGS_TABLE/index/by-name (x.ts)',
  ],
  'a statement that denies': [
    needs(),
    grants([{ Effect: 'Deny', Action: ['dynamodb:GetItem'], Resource: [TABLE] }]),
    'its role has a statement of effect Deny, and this test reads Allow only',
  ],
  'a log that cannot be written': [
    needs(),
    grants([], { statements: grants().statements.slice(1) }),
    'its role lacks logs:PutLogEvents (its log)',
  ],
  'a stream that Lambda cannot read': [
    needs(),
    grants([], { isFedByStream: true }),
    'its role lacks dynamodb:GetRecords (Lambda reads the stream for it)',
  ],
  'dead letters without a queue': [
    needs(),
    grants([allow(['sqs:SendMessage'], 'arn:aws:sqs:us-west-2:000000000000:q')]),
    'its role has sqs:SendMessage, and nothing in get-thing.lambda.ts needs it',
  ],
  'a variable that is not set': [
    needs({ variables: [...needs().variables, { name: 'LIMIT', isOptional: false }] }),
    grants(),
    'get-thing.lambda.ts reads LIMIT, and Terraform does not set it',
  ],
  'a variable that is never set': [
    needs({ variables: [...needs().variables, { name: 'LIMIT', isOptional: true }] }),
    grants(),
    'get-thing.lambda.ts reads LIMIT, and Terraform never sets it',
  ],
  'a variable that is not read': [
    needs(),
    grants([], { environment: { THINGS_TABLE: 'things', OLD: '1' } }),
    'Terraform sets OLD, and get-thing.lambda.ts does not read it',
  ],
};
for (const [name, [wanted, given, expected]] of Object.entries(CASES)) {
  t(`tell of ${name}`, () =>
    assert.ok(found(wanted, given).includes(expected), found(wanted, given).join('\n')),
  );
}

t('leave alone what is optional and set in one form only, and what the runtime sets', () => {
  const wanted = needs({
    variables: [
      ...needs().variables,
      { name: 'ORIGIN', isOptional: true },
      { name: 'AWS_ENDPOINT_URL', isOptional: true },
    ],
  });
  const routed = grants([], { environment: { THINGS_TABLE: 'things', ORIGIN: 'wss://x' } });
  assert.equal(found(wanted, grants(), routed), []);
});

t('pass a riddle on', () => {
  assert.equal(found(needs({ riddles: ['it is odd'] }), grants()), ['get-thing: it is odd']);
});

t.run();
