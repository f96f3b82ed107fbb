import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ApiKey } from '../../core/domain/api-key.ts';
import { hashApiKey } from '../../core/tokens/api-key-text.ts';
import { authorize } from './authorize.ts';
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

authorizer('denies a project that the key does not open, and two projects at once', async () => {
  assert.is((await decide(key(), { 'x-bb-api-key': 'wc_secret', 'x-bb-project-id': 'c' })).kind, 'deny');
  const both = { 'x-bb-api-key': 'wc_secret', 'x-bb-project-id': 'a', 'x-wc-project-id': 'b' };
  assert.is((await decide(key(), both)).kind, 'deny');
});

authorizer('refuses a missing, unknown, ambiguous, huge, revoked or expired key', async () => {
  const cases: [ApiKey | undefined, Record<string, string>][] = [
    [key(), {}],
    [key(), { 'x-bb-api-key': '-' }],
    [key(), { 'x-bb-api-key': 'other' }],
    [key(), { 'x-bb-api-key': 'wc_secret', 'x-wc-api-key': 'other' }],
    [key(), { 'x-bb-api-key': 'x'.repeat(300) }],
    [key({ status: 'REVOKED' }), { 'x-bb-api-key': 'wc_secret' }],
    [key({ expiresAt: '2026-05-31T00:00:00Z' }), { 'x-bb-api-key': 'wc_secret' }],
  ];
  for (const [stored, headers] of cases) assert.is((await decide(stored, headers)).kind, 'unauthorized');
});

authorizer.run();

// ---

const policy = suite('toPolicy');

policy('covers every route of the stage, so that a cached answer is right for all of them', () => {
  const { policyDocument } = toPolicy('Allow', 'arn:aws:execute-api:r:1:api/stage/GET/v1/sessions', 'ci');
  assert.equal(policyDocument.Statement, [
    { Action: 'execute-api:Invoke', Effect: 'Allow', Resource: 'arn:aws:execute-api:r:1:api/stage/*' },
  ]);
});

policy.run();
