import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiKey } from '../../core/domain/api-key.ts';
import { hashApiKey } from '../../core/tokens/api-key-text.ts';
import { authorize } from './authorize.ts';
import { KEY_REFUSALS } from './key-refusals.ts';
import { toPolicy } from './policy.ts';

const now = new Date('2026-06-01T00:00:00Z');
const key = (extra: Partial<ApiKey> = {}): ApiKey => ({
  apiKeyHash: hashApiKey('wc_secret'),
  name: 'ci',
  projectIds: ['a', 'b'],
  defaultProjectId: 'a',
  status: 'ACTIVE',
  createdAt: '2026-01-01T00:00:00Z',
  ...extra,
});
const decide = (stored: ApiKey | undefined, headers: Record<string, string>) =>
  authorize({
    findApiKey: async (hash) => (stored?.apiKeyHash === hash ? stored : undefined),
    now: () => now,
  })(headers);

const authorizer = suite('authorize');

authorizer('takes the key from either header and the default project without a project header', async () => {
  for (const header of ['x-bb-api-key', 'x-wc-api-key']) {
    const decision = await decide(key(), { [header]: 'wc_secret', 'x-bb-project-id': '-' });
    assert.equal(decision, {
      kind: 'allow',
      keyName: 'ci',
      access: { projectId: 'a', projectIds: ['a', 'b'] },
    });
  }
});

authorizer('takes a project of the key from either header', async () => {
  for (const header of ['x-bb-project-id', 'x-wc-project-id']) {
    const decision = await decide(key(), { 'x-bb-api-key': 'wc_secret', [header]: 'b' });
    assert.equal(decision.kind === 'allow' && decision.access.projectId, 'b');
  }
});

authorizer(
  'forbids a project that the key does not open, and two projects at once, by what was named',
  async () => {
    const one = { 'x-bb-api-key': 'wc_secret', 'x-bb-project-id': 'c' };
    assert.equal(await decide(key(), one), { kind: 'forbidden', keyName: 'ci', named: 'c' });
    const both = { 'x-bb-api-key': 'wc_secret', 'x-bb-project-id': 'a', 'x-wc-project-id': 'b' };
    assert.equal(await decide(key(), both), { kind: 'forbidden', keyName: 'ci', named: 'a, b' });
  },
);

const REVOKED = key({ status: 'REVOKED', expiresAt: '2026-05-31T00:00:00Z' });
const EXPIRED = key({ expiresAt: '2026-05-31T00:00:00Z' });
for (const [refusal, stored, headers] of [
  ['missing', key(), {}],
  ['missing', key(), { 'x-bb-api-key': '-' }],
  ['missing', key(), { 'x-bb-api-key': '  ' }],
  ['malformed', key(), { 'x-bb-api-key': 'short' }],
  ['malformed', key(), { 'x-bb-api-key': 'not a bearer token' }],
  ['malformed', key(), { 'x-bb-api-key': 'x'.repeat(300) }],
  ['ambiguous', key(), { 'x-bb-api-key': 'wc_secret', 'x-wc-api-key': 'wc_other' }],
  ['unknown', key(), { 'x-bb-api-key': 'wc_other' }],
  ['revoked', REVOKED, { 'x-bb-api-key': 'wc_secret' }],
  ['unknown', REVOKED, { 'x-bb-api-key': 'wc_secreT' }],
  ['expired', EXPIRED, { 'x-bb-api-key': 'wc_secret' }],
  ['unknown', EXPIRED, { 'x-bb-api-key': 'wc_secre' }],
] as const) {
  authorizer(`calls ${JSON.stringify(headers).slice(0, 60)} ${refusal}`, async () => {
    assert.equal(await decide(stored, headers), { kind: 'unauthorized', refusal });
  });
}

authorizer('asks for the hash of the key, and for nothing when there is no one key', async () => {
  const asked: string[] = [];
  const use = authorize({
    findApiKey: async (hash) => {
      asked.push(hash);
      return undefined;
    },
    now: () => now,
  });
  for (const headers of [
    {},
    { 'x-bb-api-key': '   ' },
    { 'x-bb-api-key': 'wc_first', 'x-wc-api-key': 'wc_second' },
  ]) {
    await use(headers);
  }
  assert.equal(asked, []);
  await use({ 'x-bb-api-key': ' wc_secret\t', 'x-wc-api-key': 'wc_secret' });
  assert.equal(asked, [hashApiKey('wc_secret')], 'blanks around it and a second time do not matter');
});

authorizer('takes a key of the greatest length, and not one that is longer', async () => {
  for (const [length, kind] of [
    [256, 'allow'],
    [257, 'unauthorized'],
  ] as const) {
    const text = 'k'.repeat(length);
    const stored = key({ apiKeyHash: hashApiKey(text) });
    assert.is((await decide(stored, { 'x-bb-api-key': text })).kind, kind);
  }
});

for (const [expiresAt, kind] of [
  [undefined, 'allow'],
  ['2026-06-01T00:00:00.001Z', 'allow'],
  ['2026-06-01T00:00:00.000Z', 'unauthorized'],
  ['never', 'unauthorized'],
  ['', 'unauthorized'],
] as const) {
  authorizer(`${kind === 'allow' ? 'takes' : 'refuses'} a key whose end is ${expiresAt}`, async () => {
    const stored = key(expiresAt === undefined ? {} : { expiresAt });
    assert.is((await decide(stored, { 'x-bb-api-key': 'wc_secret' })).kind, kind);
  });
}

for (const [what, stored, named] of [
  ['a default project that it does not open', key({ defaultProjectId: 'c' }), '-'],
  ['no project at all', key({ projectIds: [] }), '-'],
  ['no project at all, and a header', key({ projectIds: [] }), 'a'],
  ['a project in other letters', key(), 'A'],
  ['two projects in one name', key(), 'a,b'],
  ['a name that objects have of themselves', key(), 'length'],
] as const) {
  authorizer(`forbids ${what}`, async () => {
    const headers = { 'x-bb-api-key': 'wc_secret', 'x-bb-project-id': named };
    assert.is((await decide(stored, headers)).kind, 'forbidden');
  });
}

authorizer('does not say whether a project exists to who has no usable key', async () => {
  for (const project of ['a', 'c']) {
    const headers = { 'x-bb-api-key': 'wc_other', 'x-bb-project-id': project };
    assert.equal(await decide(key(), headers), { kind: 'unauthorized', refusal: 'unknown' });
  }
});

authorizer('fails when the table does: no answer is not a no', async () => {
  const fault = new Error('throttled');
  const use = authorize({
    findApiKey: async () => {
      throw fault;
    },
    now: () => now,
  });
  assert.is(await use({ 'x-bb-api-key': 'wc_secret' }).catch((error) => error), fault);
});

authorizer.run();

// ---

const policy = suite('toPolicy');

policy('covers every route of the stage, so that a cached answer is right for all of them', () => {
  const { policyDocument } = toPolicy('Allow', 'arn:aws:execute-api:r:1:api/stage/GET/v1/sessions', 'ci', {});
  assert.equal(policyDocument.Statement, [
    { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: 'arn:aws:execute-api:r:1:api/stage/*' },
  ]);
});

policy.run();

// ---

const words = suite('the words of a refusal');

words('fit into a JSON text as they are, and name every header that is looked at', () => {
  for (const text of Object.values(KEY_REFUSALS)) {
    assert.is(JSON.stringify(text), `"${text}"`);
    assert.match(text, /^[\x20-\x7e]+$/);
  }
  for (const text of [KEY_REFUSALS.missing, KEY_REFUSALS.malformed]) {
    for (const header of ['x-bb-api-key', 'x-wc-api-key', 'Authorization: Bearer'])
      assert.match(text, header);
  }
});

words.run();
