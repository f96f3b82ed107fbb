import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startWallcrawler, type Wallcrawler } from './support/wallcrawler.ts';

let wallcrawler: Wallcrawler;

const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  wallcrawler.call(path, {
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    headers,
  });
const messageOf = async (response: Response) => ((await response.json()) as { message: string }).message;

const requests = suite('bad requests');

requests.before(async () => {
  wallcrawler = await startWallcrawler();
});

requests.after(async () => {
  const running = await wallcrawler.client().sessions.list({ status: 'RUNNING' });
  await wallcrawler.dispose();
  assert.equal(running, [], 'no bad request started a browser');
});

requests('a key that cannot be used is 401, which says why', async () => {
  for (const [headers, why] of [
    [{}, /^The API key is missing: send it as x-bb-api-key, x-wc-api-key or Authorization: Bearer$/],
    [{ 'x-bb-api-key': '' }, /is missing/],
    [{ 'x-bb-api-key': '-' }, /is missing/],
    [{ 'x-bb-api-key': 'wc_wrong' }, /is unknown/],
    [{ authorization: 'Bearer wc_wrong' }, /is unknown/],
    [{ authorization: 'Basic dXNlcjpwYXNz' }, /is malformed/],
    [{ 'x-bb-api-key': 'short' }, /is malformed/],
    [{ 'x-bb-api-key': 'x'.repeat(4000) }, /is malformed/],
    [{ 'x-bb-api-key': wallcrawler.apiKey, 'x-wc-api-key': 'wc_other' }, /Two API keys were sent/],
  ] as const) {
    const response = await wallcrawler.call('/v1/sessions', { apiKey: null, headers });
    assert.is(response.status, 401, JSON.stringify(headers).slice(0, 80));
    assert.match(await messageOf(response), why);
  }
});

requests('the key is accepted as a bearer token', async () => {
  const headers = { authorization: `Bearer ${wallcrawler.apiKey}` };
  assert.is((await wallcrawler.call('/v1/sessions', { apiKey: null, headers })).status, 200);
});

requests(
  'a setting for which the installation has not what it needs is 400, and starts nothing',
  async () => {
    for (const [body, where] of [
      [{ proxies: true }, 'body/proxies '],
      [{ proxies: [{ type: 'browserbase' }] }, 'body/proxies[browserbase] '],
      [{ browserSettings: { blockAds: true } }, 'body/browserSettings/blockAds '],
    ] as const) {
      const response = await post('/v1/sessions', body);
      assert.equal([response.status, response.headers.get('x-should-retry')], [400, 'false']);
      assert.ok((await messageOf(response)).startsWith(where));
    }
  },
);

requests('a name that a context does not get is named in a header', async () => {
  const response = await post('/v1/contexts', { name: 'n' });
  assert.equal([response.status, response.headers.get('x-wallcrawler-ignored')], [201, 'name']);
});

requests('a known route that is not built is 501 by its name, and any other 404', async () => {
  const id = '00000000-0000-4000-8000-000000000001';
  for (const [method, path, route] of [
    ['GET', `/v1/sessions/${id}/replay`, 'GET /v1/sessions/{id}/replay'],
    ['POST', '/v1/search', 'POST /v1/search'],
    ['PATCH', '/v1/agents/7', 'PATCH /v1/agents/{id}'],
    ['GET', '/v1/agents', 'GET /v1/agents'],
  ] as const) {
    const response = await wallcrawler.call(path, { method });
    assert.is(response.status, 501, route);
    assert.ok((await messageOf(response)).startsWith(`${route} is a known route`), route);
  }
  const upload = await post('/v1/agents', '--x\r\n', {
    'content-type': 'multipart/form-data; boundary=x',
  });
  assert.is(upload.status, 501);
  assert.is((await wallcrawler.call(`/v1/sessions/${id}/log`)).status, 404);
});

requests('Stagehand is told that its API is not available', async () => {
  const response = await post('/v1/sessions/start', { modelName: 'openai/gpt-5' });
  assert.is(response.status, 200);
  assert.equal(await response.json(), { success: true, data: { sessionId: '', available: false } });
  const keyless = await wallcrawler.call('/v1/sessions/start', { method: 'POST', apiKey: null, body: '{}' });
  assert.is(keyless.status, 401);
});

requests('the key is accepted under either name', async () => {
  for (const name of ['x-bb-api-key', 'X-BB-API-Key', 'x-wc-api-key']) {
    const headers = { [name]: wallcrawler.apiKey };
    const response = await wallcrawler.call('/v1/sessions', { apiKey: null, headers });
    assert.is(response.status, 200);
  }
});

requests('a project that the key does not open is 403, in header and in body', async () => {
  for (const name of ['x-bb-project-id', 'x-wc-project-id']) {
    const response = await wallcrawler.call('/v1/sessions', { headers: { [name]: 'other' } });
    assert.is(response.status, 403);
  }
  assert.is((await post('/v1/sessions', { projectId: 'other' })).status, 403);
  assert.is((await post('/v1/contexts', { projectId: 'other' })).status, 403);
});

requests('a body that does not fit is 400 and names the field', async () => {
  for (const [body, field] of [
    [{ timeout: 59 }, 'body/timeout'],
    [{ timeout: 21601 }, 'body/timeout'],
    [{ timeout: '60' }, 'body/timeout'],
    [{ timeout: 60.5 }, 'body/timeout'],
    [{ timeout: null }, 'body/timeout'],
    [{ keepAlive: 'yes' }, 'body/keepAlive'],
    [{ projectId: 7 }, 'body/projectId'],
    [{ region: 'mars-1' }, 'body/region'],
    [{ userMetadata: 'text' }, 'body/userMetadata'],
    [{ userMetadata: { text: 'x'.repeat(600) } }, 'body/userMetadata'],
    [{ browserSettings: [] }, 'body/browserSettings'],
    [{ browserSettings: { context: {} } }, 'body/browserSettings/context'],
    [{ browserSettings: { context: { id: 'x', persist: 1 } } }, 'body/browserSettings/context/persist'],
    [{ browserSettings: { viewport: { width: 'wide' } } }, 'body/browserSettings/viewport/width'],
    [{ browserSettings: { viewport: { width: -1 } } }, 'body/browserSettings/viewport/width'],
    [{ browserSettings: { blockAds: 'no' } }, 'body/browserSettings/blockAds'],
    [{ browserSettings: { allowedDomains: ['https://a.example'] } }, 'body/browserSettings/allowedDomains/0'],
    [{ browserSettings: { allowedDomains: [1] } }, 'body/browserSettings/allowedDomains/0'],
    [{ browserSettings: { os: 'beos' } }, 'body/browserSettings/os'],
    [{ browserSettings: { context: null } }, 'body/browserSettings/context'],
    [{ proxies: [{ type: 'evil' }] }, 'body/proxies/0/type'],
    [{ proxies: 'yes' }, 'body/proxies'],
    [{ proxies: Array(21).fill({ type: 'none' }) }, 'body/proxies'],
    [{ proxies: [{ type: 'external' }] }, 'body/proxies/0'],
    [{ proxies: [{ type: 'external', server: 'http://a/b' }] }, 'body/proxies/0/server'],
    [{ proxies: [{ type: 'external', server: 'http://a', password: 7 }] }, 'body/proxies/0/password'],
    [{ proxies: [{ type: 'none', domainPattern: '[a-z]+' }] }, 'body/proxies/0/domainPattern'],
    [
      { browserSettings: { allowedDomains: Array(101).fill('a.example') } },
      'body/browserSettings/allowedDomains',
    ],
    [{ browserSettings: { context: { id: '\ud800' } } }, 'body/browserSettings/context/id'],
    [{ browserSettings: { allowedDomains: ['\ud800'] } }, 'body/browserSettings/allowedDomains/0'],
    ['null', 'body'],
    [[], 'body'],
    ['"text"', 'body'],
    ['{"timeout":', 'body'],
    ['{"__proto__":{"a":1}}', 'body'],
  ] as const) {
    const response = await post('/v1/sessions', body);
    assert.is(response.status, 400, JSON.stringify(body).slice(0, 80));
    assert.match(await messageOf(response), new RegExp(`^${field}\\b`));
  }
});

requests('half a character in the name of a context is 400 and names the field', async () => {
  const response = await post('/v1/contexts', { name: 'a\ud800b' });
  assert.is(response.status, 400);
  assert.is(await messageOf(response), 'body/name must be well-formed Unicode');
});

requests('the message is of the form that clients of this contract know', async () => {
  assert.is(await messageOf(await post('/v1/sessions', { timeout: 21601 })), 'body/timeout must be <= 21600');
});

requests('a body that is not JSON by its own word is 415', async () => {
  const response = await post('/v1/sessions', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' });
  assert.is(response.status, 415);
});

requests('queries are checked', async () => {
  for (const [query, part] of [
    ['status=SLEEPING', 'querystring/status'],
    ['q=nonsense', 'querystring/q'],
    [`q=${'x'.repeat(2000)}`, 'querystring/q'],
  ] as const) {
    const response = await wallcrawler.call(`/v1/sessions?${query}`);
    assert.is(response.status, 400);
    assert.match(await messageOf(response), part);
  }
  for (const expiresIn of ['0', 'soon', '21601', '0x10', '1e3', '%2060', '60.0']) {
    assert.is((await wallcrawler.call(`/v1/sessions/x/debug?expiresIn=${expiresIn}`)).status, 400);
  }
});

requests('what does not exist is 404, whatever its id looks like', async () => {
  for (const path of [
    '/v1/sessions/00000000-0000-4000-8000-000000000000',
    '/v1/sessions/%2e%2e%2fetc',
    '/v1/sessions/x/debug',
    '/v1/contexts/x',
    '/v1/projects/other',
    '/v1/projects/other/usage',
    '/v1/nothing',
    '/',
  ]) {
    assert.is((await wallcrawler.call(path)).status, 404, path);
  }
  assert.is((await post('/v1/sessions/x', { status: 'REQUEST_RELEASE' })).status, 404);
  assert.is((await post('/v1/sessions', { browserSettings: { context: { id: 'x' } } })).status, 404);
  for (const id of ['', 'x'.repeat(3000)]) {
    assert.is((await post('/v1/sessions', { browserSettings: { context: { id } } })).status, 404);
  }
  assert.is((await wallcrawler.call(`/v1/sessions/${'x'.repeat(3000)}`)).status, 404);
  assert.is((await wallcrawler.call(`/v1/contexts/${'x'.repeat(3000)}`)).status, 404);
  assert.is((await post('/v1/sessions', { extensionId: 'x' })).status, 404);
  assert.is((await wallcrawler.call('/v1/contexts/x', { method: 'DELETE' })).status, 404);
  assert.is((await wallcrawler.call('/v1/contexts/x', { method: 'PUT' })).status, 404);
});

requests('an update that is not a release is 400', async () => {
  for (const body of [{}, { status: 'RUNNING' }, ''])
    assert.is((await post('/v1/sessions/x', body)).status, 400);
});

requests('a body over 10 MB is 413', async () => {
  const response = await post('/v1/sessions', { userMetadata: { text: 'x'.repeat(11 * 1024 * 1024) } });
  assert.is(response.status, 413);
});

requests('routes of containers refuse everything but their own token', async () => {
  const path = '/internal/sessions/00000000-0000-4000-8000-000000000000';
  const body = { connectionCount: 0 };
  for (const authorization of ['', 'Bearer ', 'Bearer x.y.z', `Bearer ${wallcrawler.apiKey}`]) {
    const response = await post(`${path}/heartbeat`, body, authorization ? { authorization } : {});
    assert.is(response.status, 401);
  }
});

requests('empty JSON bodies with a JSON content-type are accepted where a body is optional', async () => {
  const headers = { 'content-type': 'application/json' };
  const created = await wallcrawler.call('/v1/contexts', { method: 'POST', headers });
  assert.is(created.status, 201);
  const { id } = (await created.json()) as { id: string };
  assert.is((await wallcrawler.call(`/v1/contexts/${id}`, { method: 'PUT', headers })).status, 200);
  assert.is((await wallcrawler.call(`/v1/contexts/${id}`, { method: 'DELETE', headers })).status, 204);
});

requests.run();
