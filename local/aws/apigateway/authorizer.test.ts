import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createAuthorizer } from './authorizer.ts';
import type { ProxyEventHead } from './proxy-event.ts';
import { DOCUMENT, type Fixture, IDENTITY, policy, startFixture } from './testing/gateway-fixture.ts';

let fixture: Fixture;
const t = suite('authorizer');
t.before.each(async () => {
  fixture = await startFixture();
});
t.after.each(() => fixture.gateway.close());

const asked = () => fixture.events.get('authorizer')?.length ?? 0;
const statusFor = async (headers: Record<string, string>, path = '/v1/things') =>
  (await fixture.get(path, headers)).status;

t('passes the context of an allowed request on, as text', async () => {
  const response = await fixture.get('/v1/things');
  const { requestContext } = (await response.json()) as { requestContext: { authorizer: object } };
  assert.equal(requestContext.authorizer, {
    projectId: 'p1',
    count: '2',
    isOwner: 'true',
    principalId: 'somebody',
    integrationLatency: 0,
  });
});

t('is asked with a REQUEST event for the route', async () => {
  await fixture.get('/v1/things/7?q=1');
  const event = fixture.events.get('authorizer')?.[0] as unknown as Record<string, unknown>;
  assert.is(event.type, 'REQUEST');
  assert.is(event.methodArn, 'arn:aws:execute-api:us-west-2:000000000000:local/$default/GET/v1/things/7');
  assert.equal(event.pathParameters, { id: '7' });
  assert.is('body' in event, false);
});

t('is not asked for routes without an API key', async () => {
  for (const path of ['/open', '/internal/1']) {
    await fetch(`${fixture.gateway.url}${path}`, { method: 'POST' });
  }
  assert.is(asked(), 0);
});

t('is asked for a route that no function answers, too', async () => {
  assert.is(await statusFor({ 'x-bb-api-key': 'bad' }, '/v1/constant'), 401);
  assert.is(await statusFor({ 'x-bb-api-key': 'good' }, '/v1/constant'), 200);
  assert.is(asked(), 2);
});

t('is asked once for each set of identity headers, for all routes', async () => {
  await fixture.get('/v1/things');
  await fixture.get('/v1/things/7');
  assert.is(asked(), 1);
  for (const [index, name] of IDENTITY.entries()) {
    await fixture.get('/v1/things', { 'x-bb-api-key': 'good', [name]: `good${index}` });
    await fixture.get('/v1/things', { 'x-bb-api-key': 'good', [name]: `good${index}` });
    assert.is(asked(), index + 2, name);
  }
  await fixture.get('/v1/things', { 'x-bb-api-key': 'good', 'x-other': 'header' });
  assert.is(asked(), 1 + IDENTITY.length);
});

t('is asked once for a burst of one key, and again after that failed', async () => {
  const answers: PromiseWithResolvers<unknown>[] = [];
  const authorize = createAuthorizer({
    document: DOCUMENT,
    region: 'us-west-2',
    accountId: '000000000000',
    now: () => 0,
    invoke: () => {
      const answer = Promise.withResolvers<unknown>();
      answers.push(answer);
      return answer.promise;
    },
  });
  const headers = Object.fromEntries(IDENTITY.map((name) => [name, 'good']));
  const ask = () => authorize({ httpMethod: 'GET', path: '/v1/things' } as ProxyEventHead, headers);
  const failing = Array.from({ length: 3 }, ask);
  assert.is(answers.length, 1);
  answers[0]?.reject(new Error('busy'));
  const failed = await Promise.allSettled(failing);
  assert.equal(
    failed.map(({ status }) => status),
    Array(3).fill('rejected'),
  );
  const allowed = Array.from({ length: 3 }, ask);
  assert.is(answers.length, 2);
  answers[1]?.resolve(policy('Allow', '*'));
  for (const { projectId } of await Promise.all(allowed)) assert.is(projectId, 'p1');
});

t('is asked again when its answer has become too old', async () => {
  await fixture.get('/v1/things');
  fixture.advance(59_000);
  await fixture.get('/v1/things');
  assert.is(asked(), 1);
  fixture.advance(1_000);
  await fixture.get('/v1/things');
  assert.is(asked(), 2);
});

t('refuses with 401 and 500, each in the error shape', async () => {
  const cases: [string, number, string][] = [
    ['bad', 401, 'Unauthorized'],
    ['denied', 401, 'Unauthorized'],
    ['elsewhere', 401, 'Unauthorized'],
    ['broken', 500, 'Internal Server Error'],
    ['malformed', 500, 'Internal Server Error'],
  ];
  for (const [key, status, error] of cases) {
    const response = await fixture.get('/v1/things', { 'x-bb-api-key': key });
    assert.is(response.status, status, key);
    assert.is(response.headers.get('content-type'), 'application/json');
    const body = (await response.json()) as Record<string, unknown>;
    assert.equal([body.statusCode, body.error], [status, error]);
    assert.not.match(JSON.stringify(body), 'table gone');
  }
  assert.not(fixture.events.has('list-things'));
});

t('says with its Deny why, in the body of the 401', async () => {
  const response = await fixture.get('/v1/things', { 'x-bb-api-key': 'denied' });
  assert.is(((await response.json()) as { message: string }).message, 'The key was revoked');
});

t('has its Deny remembered, but neither its refusal nor its failure', async () => {
  for (const key of ['denied', 'bad', 'broken']) {
    await statusFor({ 'x-bb-api-key': key });
    await statusFor({ 'x-bb-api-key': key });
  }
  assert.is(asked(), 5);
});

t('is not asked when an identity header is missing: that is a 401', async () => {
  // The edge fills in what is absent; API Gateway takes an empty value for missing.
  assert.is(await statusFor({ 'x-bb-api-key': 'good', 'x-wc-project-id': '' }), 401);
  assert.is(asked(), 0);
});

t.run();
