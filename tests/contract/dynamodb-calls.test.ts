// What each route asks of DynamoDB, as it is deployed. A call more is a cost and a delay for everybody: it is to be seen here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { storeApiKey } from '../../core/aws/keys/store-api-key.ts';
import { getSession } from '../../core/aws/sessions/get-session.ts';
import { buildExtensionZip } from '../../core/extension-zip/testing/build-zip.ts';
import { multipartBody } from '../../core/http/testing/multipart-body.ts';
import { AUTHORITY } from '../../core/testing/test-authority.ts';
import { createApiKeyText } from '../../core/tokens/api-key-text.ts';
import { deliveryIdOf } from '../../core/webhooks/delivery-id.ts';
import {
  type DeployedFunctions,
  openDeployedFunctions,
  type Sent,
  type StartedTask,
} from './support/deployed-functions.ts';

/** By operation of the contract. The authorizer's come before a public one, once a minute for each key. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  authorizer: ['GetItem apiKeys'],
  'authorizer, at a key that was not used for an hour': ['GetItem apiKeys', 'UpdateItem apiKeys'],

  createSession: [
    'GetItem projects',
    'GetItem contexts',
    'GetItem extensions',
    'GetItem certificates',
    'TransactWriteItems sessions+projects',
    'UpdateItem sessions',
    // Whether others wait for room; and, where there is a pool, what is in it, and that this create came.
    'GetItem warmPool',
    'Query warmPool',
    'UpdateItem warmPool',
  ],
  listSessions: ['Query sessions'],
  retrieveSession: ['GetItem sessions'],
  debugSession: ['GetItem sessions'],
  signCdpUrl: ['GetItem sessions'],
  listSessionLogs: ['GetItem sessions'],
  listDownloads: ['GetItem sessions', 'Query downloads'],
  listSessionDownloads: ['GetItem sessions', 'Query downloads'],
  deleteSessionDownloads: ['GetItem sessions', 'Query downloads', 'DeleteItem downloads'],
  retrieveDownload: ['GetItem downloads'],
  deleteDownload: ['GetItem downloads', 'DeleteItem downloads'],
  listSessionEvents: ['GetItem sessions', 'Query sessionEvents'],
  uploadFile: ['GetItem sessions'],
  updateSession: ['GetItem sessions', 'UpdateItem sessions'],
  createContext: ['PutItem contexts'],
  retrieveContext: ['GetItem contexts'],
  updateContext: ['GetItem contexts'],
  deleteContext: ['GetItem contexts', 'PutItem contexts'],
  uploadExtension: ['Query extensions', 'PutItem extensions'],
  startExtensionUpload: ['Query extensions'],
  finishExtensionUpload: ['GetItem extensions', 'Query extensions', 'PutItem extensions'],
  retrieveExtension: ['GetItem extensions'],
  deleteExtension: ['GetItem extensions', 'DeleteItem extensions'],
  uploadCertificate: ['Query certificates', 'PutItem certificates'],
  listCertificates: ['Query certificates'],
  retrieveCertificate: ['GetItem certificates'],
  deleteCertificate: ['GetItem certificates', 'DeleteItem certificates'],
  createWebhook: ['Query webhooks', 'PutItem webhooks'],
  listWebhooks: ['Query webhooks'],
  retrieveWebhook: ['GetItem webhooks'],
  updateWebhook: ['GetItem webhooks', 'UpdateItem webhooks'],
  rotateWebhookSecret: ['GetItem webhooks', 'UpdateItem webhooks'],
  'an event that a webhook wants': ['Query webhooks', 'PutItem webhookDeliveries'],
  // The last write is of the first that fails, and of the first that arrives after that; the others have none.
  'a try of a delivery': [
    'GetItem webhookDeliveries',
    'GetItem webhooks',
    'UpdateItem webhookDeliveries',
    'UpdateItem webhooks',
  ],
  listWebhookDeliveries: ['GetItem webhooks', 'Query webhookDeliveries'],
  redeliverWebhook: ['GetItem webhooks', 'GetItem webhookDeliveries', 'UpdateItem webhookDeliveries'],
  deleteWebhook: ['GetItem webhooks', 'DeleteItem webhooks'],
  listProjects: ['BatchGetItem projects'],
  retrieveProject: ['GetItem projects'],
  retrieveProjectUsage: ['GetItem projects'],
  serveContract: [],
  fetchPage: [],

  'a task that runs': ['UpdateItem sessions'],
  reportReady: ['UpdateItem sessions'],
  reportHeartbeat: ['UpdateItem sessions'],
  signArtifactUrls: ['GetItem sessions'],
  retrieveRecording: ['GetItem sessions'],
  listReplays: ['GetItem sessions'],
  retrieveReplay: ['GetItem sessions'],
  signReplayUrl: ['GetItem sessions'],
  showReplay: ['GetItem publicKeys'],
  describeReplay: ['GetItem publicKeys', 'GetItem sessions', 'Query sessionEvents'],
  playReplay: ['GetItem publicKeys', 'GetItem sessions'],
  createRecordingDownloads: ['GetItem sessions'],
  listRecordingDownloads: ['GetItem sessions'],
  reportDownload: ['GetItem sessions', 'PutItem downloads'],
  // Nothing of a create: the session's own events are the stream's, and are stored here only where it is late.
  reportEvents: ['GetItem sessions', 'Query sessionEvents', 'PutItem sessionEvents'],
  signProfileUrl: ['GetItem sessions', 'GetItem contexts'],
  readNetwork: ['GetItem sessions', 'GetItem certificates'],
  signExtensionUrl: ['GetItem sessions', 'GetItem extensions'],
  reportEnded: ['GetItem sessions', 'TransactWriteItems sessions+projects', 'UpdateItem contexts'],
  'a task that stopped': ['GetItem sessions'],

  'a run of the keeper that starts one': [
    'Query warmPool',
    'Query warmPool',
    'PutItem warmPool',
    'UpdateItem warmPool',
  ],
  'a run of the keeper with nothing to do': ['Query warmPool', 'Query warmPool'],
  'a warm container that runs': ['UpdateItem warmPool'],
  reportWarmReady: ['UpdateItem warmPool'],
  'a warm container that stopped': ['DeleteItem warmPool', 'UpdateItem warmPool'],
  sweeper: Array(5).fill('Query sessions').concat('Query contexts'),
};

interface Operation {
  readonly operationId: string;
  readonly 'x-wallcrawler-function'?: string;
  readonly 'x-amazon-apigateway-integration'?: { readonly type: string };
}

let functions: DeployedFunctions;
let projectId: string;
let task: StartedTask;
let contextId: string;
let extensionId: string;
let certificateId: string;
let webhookId = '';
const seen = new Set<string>();

const counted = suite('the calls of DynamoDB');

counted.before(async () => {
  functions = await openDeployedFunctions();
  projectId = await functions.tables.newProject(5);
  functions.takeCalls();
});
counted.after(() => functions.close());

/** Holds what was asked since the last look against the row. */
function expect(row: string): void {
  seen.add(row);
  assert.equal(functions.takeCalls(), CALLS[row], row);
}

counted('of the authorizer are one, and one more at most once an hour', async () => {
  const { tableName, client } = {
    ...functions.tables.sessions,
    tableName: functions.tables.infrastructure.tables.apiKeys.name,
  };
  const apiKey = createApiKeyText();
  const key = { apiKey, name: 'n', projectIds: [projectId], defaultProjectId: projectId };
  await storeApiKey({ client, tableName }, key, functions.tables.now());
  const event = {
    headers: { 'x-bb-api-key': apiKey },
    methodArn: 'arn:aws:execute-api:us-west-2:0:a/prod/GET/v1/sessions',
    requestContext: { requestId: 'r' },
  };
  const allow = async () => (await functions.invoke('authorizer', event)).policyDocument.Statement[0].Effect;
  assert.is(await allow(), 'Allow');
  expect('authorizer, at a key that was not used for an hour');
  assert.is(await allow(), 'Allow');
  expect('authorizer');
});

counted('of a new context are one write', async () => {
  const made = await functions.send('create-context', {
    method: 'POST',
    route: '/v1/contexts',
    projectId,
    body: {},
  });
  contextId = made.body.id ?? '';
  expect('createContext');
});

counted('of a new certificate are a look at how many there are, and a write', async () => {
  const { bytes, contentType } = await multipartBody({ file: new File([AUTHORITY], 'ca.pem') });
  const made = await functions.send('upload-certificate', {
    method: 'POST',
    route: '/v1/certificates',
    projectId,
    headers: { 'content-type': contentType },
    bytes,
  });
  certificateId = made.body.id ?? '';
  expect('uploadCertificate');
});

counted('of a new extension are a look at how many there are, and a write', async () => {
  const zip = new File([buildExtensionZip()], 'e.zip');
  const { bytes, contentType } = await multipartBody({ file: zip });
  const made = await functions.send('upload-extension', {
    method: 'POST',
    route: '/v1/extensions',
    projectId,
    headers: { 'content-type': contentType },
    bytes,
  });
  extensionId = made.body.id ?? '';
  expect('uploadExtension');
});

counted('of a large extension are a look at how many there are, and another one with a write', async () => {
  const zip = buildExtensionZip();
  const route = '/v1/extensions/uploads';
  const started = await functions.send('start-extension-upload', {
    method: 'POST',
    route,
    projectId,
    body: { sizeBytes: zip.length },
  });
  expect('startExtensionUpload');
  const { id = '', uploadUrl = '' } = started.body;
  assert.is((await fetch(uploadUrl, { method: 'PUT', body: new Uint8Array(zip) })).status, 200);
  const finish = () =>
    functions.send('finish-extension-upload', {
      method: 'POST',
      route: `${route}/{id}`,
      projectId,
      id,
      body: { fileName: 'e.zip' },
    });
  assert.is((await finish()).body.id, id);
  expect('finishExtensionUpload');
});

counted(
  'from a cold create to its answer are four reads, one transaction and three updates, and three of the warm pool',
  async () => {
    const proxySettings = { caCertificates: [certificateId] };
    const body = {
      extensionId,
      proxySettings,
      browserSettings: { context: { id: contextId, persist: true } },
    };
    const create = functions.stream('create-session', {
      method: 'POST',
      route: '/v1/sessions',
      projectId,
      body,
    });
    task = await functions.started;
    const startedAtMs = performance.now();
    let reads = 0;
    const takeCalls = () =>
      functions.takeCalls().filter((call) => {
        const isLook = call === 'GetItem sessions';
        if (isLook) reads++;
        return !isLook;
      });
    const calls = takeCalls();
    await functions.invoke('task-processor', taskEvent('RUNNING'));
    assert.equal(takeCalls(), CALLS['a task that runs']);
    await report('report-ready', 'ready', { sandbox: 'on' });
    assert.equal(takeCalls(), CALLS.reportReady);
    functions.ring(task.startedBy);
    const { id, status } = await create;
    assert.equal([id, status], [task.startedBy, 'RUNNING']);
    // The first two are asked for at once.
    assert.equal([...calls, ...takeCalls()].toSorted(), CALLS.createSession?.toSorted());
    const seconds = Math.floor((performance.now() - startedAtMs) / 1000);
    assert.ok(reads <= seconds, `looked ${reads} times in ${seconds} seconds`);
    for (const row of ['createSession', 'a task that runs', 'reportReady']) seen.add(row);
  },
);

const taskEvent = (lastStatus: string, startedBy: string = task.startedBy) => ({
  detail: {
    taskArn: 'arn:aws:ecs:us-west-2:0:task/t',
    lastStatus,
    startedBy,
    // Nobody answers there.
    containers: [{ networkBindings: [{ bindIP: '127.0.0.1', containerPort: 9223, hostPort: 1 }] }],
  },
});

async function report(name: string, path: string, body: object = {}): Promise<void> {
  const { startedBy: id, token } = task;
  const headers = { authorization: `Bearer ${token}` };
  const route = `/internal/sessions/{id}/${path}`;
  const answer = await functions.send(name, { method: 'POST', route, id, headers, body });
  assert.is(answer.status, 200, JSON.stringify(answer.body));
}

counted('of what a container tells are one write each, and no read', async () => {
  await report('report-heartbeat', 'heartbeat', { connectionCount: 1 });
  expect('reportHeartbeat');
});

counted(
  'of what happened are a read of the session, one of its last event, and a write for each',
  async () => {
    const event = { at: new Date().toISOString(), type: 'client.connected', data: { clients: 1 } };
    // The first of all finds none, and brings those that the stream has yet to bring.
    await report('report-events', 'events', { events: [{ number: 1, ...event }] });
    functions.takeCalls();
    await report('report-events', 'events', { events: [{ number: 2, ...event }] });
    expect('reportEvents');
    const route = '/v1/sessions/{id}/events';
    const sent = { method: 'GET', route, projectId, id: task.startedBy };
    const body = await functions.stream('list-session-events', sent);
    assert.equal(
      (body as unknown as { seq: number; type: string }[]).map(({ seq, type }) => [seq, type]),
      [
        [1, 'session.created'],
        [2, 'session.ready'],
        [3, 'client.connected'],
        [4, 'client.connected'],
      ],
    );
    expect('listSessionEvents');
  },
);

counted('of a URL for a profile are a read of the session and one of its context', async () => {
  await report('sign-profile-url', 'profile-urls', { operation: 'restore' });
  expect('signProfileUrl');
});

counted('of a URL for an extension are the same', async () => {
  await report('sign-extension-url', 'extension-urls');
  expect('signExtensionUrl');
});

counted(
  'of the certificates and proxies of a session are a read of the session, and one of each',
  async () => {
    await report('read-network', 'network');
    expect('readNetwork');
  },
);

counted('of the recording of a session are a read of the session', async () => {
  const of = (route: string) => ({
    method: 'GET',
    route: `/v1/sessions/{id}${route}`,
    projectId,
    id: task.startedBy,
  });
  assert.is((await functions.send('retrieve-recording', of('/recording'))).status, 200);
  expect('retrieveRecording');
  assert.is((await functions.send('list-replays', of('/replays'))).status, 200);
  expect('listReplays');
  assert.is(
    (await functions.stream('retrieve-replay', { ...of('/replays/{pageId}'), pageId: '0' })).statusCode,
    404,
  );
  expect('retrieveReplay');
  const { body } = await functions.send('sign-replay-url', {
    ...of('/replay-url'),
    method: 'POST',
    body: {},
  });
  expect('signReplayUrl');
  const token =
    String((body as { readonly replayUrl?: string }).replayUrl)
      .split('/')
      .at(-1) ?? '';
  const toHolder = (route: string) => ({ method: 'GET', route: `/replay/{token}${route}`, projectId, token });
  assert.match(await functions.streamText('show-replay', toHolder('')), '<!doctype html>');
  expect('showReplay');
  assert.is((await functions.send('describe-replay', toHolder('/replay.json'))).status, 200);
  expect('describeReplay');
  assert.is((await functions.stream('play-replay', toHolder('/film.m3u8'))).statusCode, 404);
  expect('playReplay');
  for (const [name, method] of [
    ['create-recording-downloads', 'POST'],
    ['list-recording-downloads', 'GET'],
  ] as const) {
    const asked = { ...of('/recording/downloads'), method };
    assert.is((await functions.send(name, asked)).status, 409, 'the session has not ended');
    expect(name === 'create-recording-downloads' ? 'createRecordingDownloads' : 'listRecordingDownloads');
  }
});

counted('of URLs for what a session leaves, and of its log, are a read of the session', async () => {
  await report('sign-artifact-urls', 'artifact-urls', { artifacts: [{ kind: 'log', sequence: 0 }] });
  expect('signArtifactUrls');
  const asked = { method: 'GET', route: '/v1/sessions/{id}/logs', projectId, id: task.startedBy };
  assert.equal(await functions.stream('list-session-logs', asked), []);
  expect('listSessionLogs');
});

counted('of downloads are a read of their session and a query, or a read of the one', async () => {
  const id = '00000000-0000-4000-8000-00000000000d';
  const stored = { id, filename: 'a', sizeBytes: 1, sha256: 'a'.repeat(64), finishedAtMs: 1 };
  const tell = async () => {
    await report('report-download', 'downloads', stored);
    expect('reportDownload');
  };
  const of = (method: string, route: string, sentId: string) => ({ method, route, projectId, id: sentId });
  const ofSession = (method: string) => of(method, '/v1/sessions/{id}/downloads', task.startedBy);
  await tell();
  const query = { sessionId: task.startedBy };
  const { body } = await functions.send('list-downloads', {
    method: 'GET',
    route: '/v1/downloads',
    projectId,
    query,
  });
  expect('listDownloads');
  assert.is((body as unknown as { total: number }).total, 1);
  assert.is((await functions.stream('retrieve-download', of('GET', '/v1/downloads/{id}', id))).id, id);
  expect('retrieveDownload');
  assert.is((await functions.send('delete-download', of('DELETE', '/v1/downloads/{id}', id))).status, 204);
  expect('deleteDownload');
  assert.match(await functions.streamText('list-session-downloads', ofSession('GET')), /^PK/);
  expect('listSessionDownloads');
  await tell();
  assert.is((await functions.send('delete-session-downloads', ofSession('DELETE'))).status, 204);
  expect('deleteSessionDownloads');
});

counted('of a session are one read, or one query', async () => {
  const of = (method: string, path = '') => ({
    method,
    route: `/v1/sessions${path}`,
    projectId,
    id: task.startedBy,
  });
  for (const [query, wanted] of [
    [undefined, 1],
    [{ status: 'RUNNING' }, 1],
    [{ q: "user_metadata['a']:'b'" }, 0],
  ] as const) {
    const { body } = await functions.send('list-sessions', {
      ...of('GET'),
      ...(query === undefined ? {} : { query }),
    });
    assert.is((body as unknown as object[]).length, wanted);
    expect('listSessions');
  }
  assert.is((await functions.send('retrieve-session', of('GET', '/{id}'))).status, 200);
  expect('retrieveSession');
  assert.is((await functions.send('debug-session', of('GET', '/{id}/debug'))).status, 502);
  expect('debugSession');
  assert.is((await functions.send('sign-cdp-url', { ...of('POST', '/{id}/cdp-url'), body: {} })).status, 200);
  expect('signCdpUrl');
  const uploaded = {
    headers: { 'content-type': 'multipart/form-data; boundary=B' },
    body: '--B\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--B--\r\n',
  };
  assert.is(
    (await functions.send('upload-file', { ...of('POST', '/{id}/uploads'), ...uploaded })).status,
    502,
  );
  expect('uploadFile');
});

counted('of a context are one read, and a write where it changes', async () => {
  const of = (method: string, path: string) => ({
    method,
    route: `/v1/contexts${path}`,
    projectId,
    id: contextId,
  });
  assert.is((await functions.send('retrieve-context', of('GET', '/{id}'))).status, 200);
  expect('retrieveContext');
  assert.is((await functions.send('update-context', of('PUT', '/{id}'))).status, 200);
  expect('updateContext');
  assert.is((await functions.send('delete-context', of('DELETE', '/{id}'))).status, 204);
  expect('deleteContext');
});

counted('of an extension are one read, and a write where it goes', async () => {
  const of = (method: string) => ({ method, route: '/v1/extensions/{id}', projectId, id: extensionId });
  assert.is((await functions.send('retrieve-extension', of('GET'))).status, 200);
  expect('retrieveExtension');
  assert.is((await functions.send('delete-extension', of('DELETE'))).status, 204);
  expect('deleteExtension');
});

counted('of certificates are one read, and a write where one goes', async () => {
  const list = await functions.send('list-certificates', {
    method: 'GET',
    route: '/v1/certificates',
    projectId,
  });
  assert.is(list.status, 200);
  expect('listCertificates');
  const of = (method: string) => ({ method, route: '/v1/certificates/{id}', projectId, id: certificateId });
  assert.is((await functions.send('retrieve-certificate', of('GET'))).status, 200);
  expect('retrieveCertificate');
  assert.is((await functions.send('delete-certificate', of('DELETE'))).status, 204);
  expect('deleteCertificate');
});

const webhook = (name: string, method: string, path = '', sent: Partial<Sent> = {}) =>
  functions.send(name, { method, route: `/v1/webhooks${path}`, projectId, id: webhookId, ...sent });

counted('of a webhook are one read, and a write where it changes', async () => {
  const body = { endpoint: 'https://127.0.0.2:1024/' };
  const made = await webhook('create-webhook', 'POST', '', { body });
  assert.is(made.status, 201, JSON.stringify(made.body));
  webhookId = made.body.id ?? '';
  expect('createWebhook');
  assert.is((await webhook('list-webhooks', 'GET')).status, 200);
  expect('listWebhooks');
  assert.is((await webhook('retrieve-webhook', 'GET', '/{id}')).status, 200);
  expect('retrieveWebhook');
  const changed = await webhook('update-webhook', 'PATCH', '/{id}', { body: { categories: ['session'] } });
  assert.is(changed.status, 200);
  expect('updateWebhook');
  assert.is((await webhook('rotate-webhook-secret', 'POST', '/{id}/secret', { body: {} })).status, 200);
  expect('rotateWebhookSecret');
});

counted(
  'of an event for it are a look at who wants it and a write; of each try two reads and a write',
  async () => {
    const detail = {
      projectId,
      sessionId: '00000000-0000-4000-8000-0000000000b1',
      seq: 1,
      at: functions.tables.now().toISOString(),
      category: 'session',
      type: 'session.created',
    };
    await functions.invoke('queue-deliveries', { detail });
    expect('an event that a webhook wants');
    const deliveryId = deliveryIdOf(webhookId, detail);
    const body = JSON.stringify({ webhookId, deliveryId, round: 1 });
    const record = { messageId: 'm', receiptHandle: 'h', body };
    const { batchItemFailures } = await functions.invoke('deliver-webhooks', { Records: [record] });
    assert.equal(batchItemFailures, [{ itemIdentifier: 'm' }], 'nobody listens there: it is tried again');
    expect('a try of a delivery');
    const listed = await webhook('list-webhook-deliveries', 'GET', '/{id}/deliveries');
    assert.is(listed.status, 200, JSON.stringify(listed.body));
    expect('listWebhookDeliveries');
    const again = await webhook('redeliver-webhook', 'POST', '/{id}/deliveries/{deliveryId}/redeliver', {
      deliveryId,
    });
    assert.is(again.status, 202, JSON.stringify(again.body));
    expect('redeliverWebhook');
    assert.is((await webhook('delete-webhook', 'DELETE', '/{id}')).status, 204);
    expect('deleteWebhook');
  },
);

counted('of a project are one read', async () => {
  const of = (path: string) => ({ method: 'GET', route: `/v1/projects${path}`, projectId, id: projectId });
  assert.is((await functions.send('list-projects', of(''))).status, 200);
  expect('listProjects');
  assert.is((await functions.send('retrieve-project', of('/{id}'))).status, 200);
  expect('retrieveProject');
  assert.is((await functions.send('retrieve-project-usage', of('/{id}/usage'))).status, 200);
  expect('retrieveProjectUsage');
});

counted('of the contract and of a fetched page are none', async () => {
  await functions.send('serve-contract', { method: 'GET', route: '/openapi.json' });
  expect('serveContract');
  const body = { url: 'http://127.0.0.1/' };
  assert.is((await functions.send('fetch-page', { method: 'POST', route: '/v1/fetch', body })).status, 400);
  expect('fetchPage');
});

counted('of an end are a read and a write of the release, and the one transaction of the end', async () => {
  const body = { status: 'REQUEST_RELEASE' };
  const released = await functions.send('update-session', {
    method: 'POST',
    route: '/v1/sessions/{id}',
    projectId,
    id: task.startedBy,
    body,
  });
  assert.is(released.status, 200);
  expect('updateSession');
  await report('report-ended', 'ended', { reason: 'released', savedProfileBytes: 1 });
  expect('reportEnded');
  await functions.invoke('task-processor', taskEvent('STOPPED'));
  expect('a task that stopped');
  assert.is((await getSession(functions.tables.sessions, task.startedBy))?.status, 'STOPPED');
});

counted('of the sweeper are one query for each list, when there is nothing to do', async () => {
  functions.takeCalls();
  await functions.invoke('sweeper', {});
  assert.equal(functions.takeCalls().toSorted(), CALLS.sweeper?.toSorted());
  seen.add('sweeper');
});

counted('of a warm container are a few writes in its life, and a create pays for none of them', async () => {
  await functions.invoke('keep-pool', {});
  expect('a run of the keeper that starts one');
  const { startedBy: id = '', token = '' } = functions.tasks.at(-1) ?? {};
  await functions.invoke('task-processor', taskEvent('RUNNING', id));
  expect('a warm container that runs');
  const x = 'A'.repeat(43);
  const ready = await functions.send('report-warm-ready', {
    method: 'POST',
    route: '/internal/warm/{id}/ready',
    id,
    headers: { authorization: `Bearer ${token}` },
    body: { publicKey: JSON.stringify({ kty: 'OKP', crv: 'X25519', x }), sandbox: 'on' },
  });
  assert.equal([ready.status, ready.body.status], [200, 'AVAILABLE']);
  expect('reportWarmReady');
  await functions.invoke('keep-pool', {});
  expect('a run of the keeper with nothing to do');
  await functions.invoke('task-processor', taskEvent('STOPPED', id));
  expect('a warm container that stopped');
});

counted('are known of every route that is built', () => {
  const { paths } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../functions/openapi.json'), 'utf8'),
  );
  const operations = Object.values(paths as object)
    .flatMap((path) => Object.values(path) as Operation[])
    .filter(({ operationId }) => operationId !== undefined)
    .filter((operation) => operation['x-amazon-apigateway-integration']?.type !== 'mock')
    .filter((operation) => operation['x-wallcrawler-function'] === undefined)
    .map(({ operationId }) => operationId);
  assert.ok(operations.length > 15, `${operations}`);
  assert.equal(
    operations.filter((operationId) => !seen.has(operationId)),
    [],
  );
  assert.equal(
    Object.keys(CALLS).filter((row) => !seen.has(row)),
    [],
  );
});

counted.run();
