// Each role allows what is done with it, and nothing else: everything is done once on a machine whose stand-ins refuse what
// a role does not allow; what was allowed and not done is told when the machine stops.
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { type Browserbase, toFile } from '@browserbasehq/sdk';
import { chromium } from 'playwright-core';
import { create } from 'tar';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createArtifactsBucket } from '../../core/aws/artifacts/artifacts-bucket.ts';
import { deleteArtifact } from '../../core/aws/artifacts/delete-artifact.ts';
import { createDocumentClient } from '../../core/aws/dynamodb/document-client.ts';
import { readTokenKeys } from '../../core/aws/keys/read-token-keys.ts';
import { extensionKeyOf } from '../../core/domain/artifact-key.ts';
import { buildExtensionZip } from '../../core/extension-zip/testing/build-zip.ts';
import { encodeFilm, hasFfmpeg } from '../../core/mp4/testing/encode-film.ts';
import { AUTHORITY } from '../../core/testing/test-authority.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { connectCdp } from '../e2e/support/cdp.ts';
import { accessDenials, unusedRights } from '../e2e/support/machine-log.ts';
import { ownerOf } from '../e2e/support/owner.ts';
import { descendantsOf } from '../e2e/support/processes.ts';
import { ARTIFACTS, putFilm } from '../e2e/support/put-film.ts';
import { until } from '../e2e/support/until.ts';
import {
  finishUpload,
  type StartedUpload,
  startUpload,
  uploadExtension,
} from '../e2e/support/upload-extension.ts';
import { startWallcrawler, type Wallcrawler } from '../e2e/support/wallcrawler.ts';

const SESSIONS = 'wallcrawler-local-sessions';
const CONTEXTS = 'wallcrawler-local-contexts';
const TOKEN_KEYS = 'wallcrawler-local-token-keys';
const WARM_POOL = 'wallcrawler-local-warm-pool';
const READY_TOPIC = 'arn:aws:sns:us-west-2:000000000000:wallcrawler-local-session-ready';
const READY_SHARDS = 16;
// A container beats every 15 s, the sweeper comes once a minute.
const HEARTBEAT_LIMIT_MS = 30_000;
const SWEEP_LIMIT_MS = 90_000;
const WARM_LIMIT_MS = 30_000;
const MOVIE_LIMIT_MS = 30_000;

let wallcrawler: Wallcrawler;
let client: Browserbase;
let tables: ReturnType<typeof createDocumentClient>;
let deletedContextId: string;

const statusOf = async (id: string): Promise<string> => (await client.sessions.retrieve(id)).status;
const ended = (id: string, limitMs?: number) =>
  until(`session ${id} ends`, async () => (await statusOf(id)) !== 'RUNNING', limitMs);
const release = async (id: string) => {
  await client.sessions.update(id, { status: 'REQUEST_RELEASE' });
  await ended(id);
};

const upload = async (url: string, body: Buffer) => {
  const answer = await fetch(url, { method: 'PUT', body });
  assert.is(answer.status, 200, await answer.text());
};

const getItem = async (TableName: string, Key: Record<string, string>) =>
  (await tables.send(new GetCommand({ TableName, Key }))).Item;

const setLongAgo = (TableName: string, Key: Record<string, string>, field: string) =>
  tables.send(
    new UpdateCommand({
      TableName,
      Key,
      UpdateExpression: 'SET #field = :then',
      ExpressionAttributeNames: { '#field': field },
      ExpressionAttributeValues: { ':then': '2020-01-01T00:00:00.000Z' },
    }),
  );

async function profileArchive(): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'rights-'));
  try {
    mkdirSync(join(folder, 'Default'));
    writeFileSync(join(folder, 'Default', 'marker'), 'x');
    await create({ gzip: true, cwd: folder, file: join(folder, 'profile.tar.gz') }, ['Default']);
    return readFileSync(join(folder, 'profile.tar.gz'));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const rights = suite('the rights of each role');

rights.before(async () => {
  wallcrawler = await startWallcrawler({
    env: {
      WALLCRAWLER_ROUTER: '1',
      WALLCRAWLER_WARM: '1',
      WALLCRAWLER_ALLOWED_NETWORKS: '127.0.0.0/8',
    },
  });
  client = wallcrawler.client();
  tables = createDocumentClient(ownerOf(wallcrawler.dataDir));
});

rights.after(async () => {
  tables.destroy();
  await wallcrawler.dispose();
});

rights('suffice to look at projects, sessions and the contract', async () => {
  const [project] = await client.projects.list();
  assert.is((await client.projects.retrieve(project?.id ?? '')).id, 'local');
  await client.projects.usage('local');
  await client.sessions.list();
  assert.is((await wallcrawler.call('/v1/agents')).status, 501);
  assert.is((await wallcrawler.call('/openapi.json', { apiKey: null })).status, 200);
});

const warmContainer = () => getItem(WARM_POOL, { pool: 'slots', slot: 'w01' });

rights('suffice to store and to read the log of a session', async () => {
  const session = await client.sessions.create();
  const cdp = await connectCdp(session.connectUrl);
  await cdp.send('Browser.getVersion');
  await release(session.id);
  const rows = await client.sessions.logs.list(session.id);
  assert.ok(rows.some(({ method }) => method === 'Browser.getVersion'));
});

const SAVE_A_FILE = `Object.assign(document.createElement('a'), {
  href: 'data:text/csv,1', download: 'a.csv' }).click()`;

rights(
  'suffice for what a session downloads, to look at it and to delete it, and for its events',
  async () => {
    const session = await client.sessions.create();
    const browser = await chromium.connectOverCDP(session.connectUrl);
    const page = browser.contexts()[0]?.pages()[0];
    const path = `/v1/downloads?sessionId=${session.id}`;
    const list = async () =>
      ((await (await wallcrawler.call(path)).json()) as { downloads: { id: string }[] }).downloads;
    for (let count = 1; count <= 2; count++) {
      await page?.evaluate(SAVE_A_FILE);
      await until('the file is listed', async () => (await list()).length === count);
    }
    const [one] = await list();
    assert.is((await client.sessions.downloads.list(session.id)).status, 200);
    const own = `/v1/downloads/${one?.id}`;
    const accept = 'application/octet-stream';
    assert.is((await wallcrawler.call(own)).status, 200);
    assert.is(
      (await fetch(wallcrawler.url + own, { headers: { accept, 'x-bb-api-key': wallcrawler.apiKey } }))
        .status,
      200,
    );
    assert.is((await wallcrawler.call(own, { method: 'DELETE' })).status, 204);
    assert.is(
      (await wallcrawler.call(`/v1/sessions/${session.id}/downloads`, { method: 'DELETE' })).status,
      204,
    );
    assert.is((await wallcrawler.call(`/v1/sessions/${session.id}/events`)).status, 200);
    await browser.close();
    await release(session.id);
  },
);

rights('suffice for the film of a session, whatever Chrome it ran on, and for an MP4 of it', async () => {
  const { id: sessionId } = await client.sessions.create();
  await release(sessionId);
  // Where there is an encoder, it takes no pictures that are none.
  await putFilm(wallcrawler, sessionId, hasFfmpeg() ? encodeFilm('320:240') : undefined);
  const ask = (path: string, method = 'GET') =>
    wallcrawler.call(`/v1/sessions/${sessionId}/${path}`, { method });
  assert.is((await ask('recording')).status, 200);
  assert.is((await ask('replays')).status, 200);
  const [url = ''] = (await (await ask('replays/0')).text())
    .split('\n')
    .filter((line) => line.startsWith('http'));
  assert.is((await fetch(url)).status, 200);
  const { replayUrl } = (await (await ask('replay-url', 'POST')).json()) as { readonly replayUrl: string };
  for (const part of ['', '/replay.json', '/film.m3u8'])
    assert.is((await fetch(`${replayUrl}${part}`)).status, 200, part);
  assert.is((await ask('recording/downloads', 'POST')).status, 202);
  const made = async () => (await (await ask('recording/downloads')).text()).includes('COMPLETED');
  await until('the MP4 is made', made, MOVIE_LIMIT_MS);
});

rights(
  'suffice for an extension that is there, and for one whose zip is gone: of two at once one is cold',
  async () => {
    const isWarm = async () => (await warmContainer())?.status === 'AVAILABLE';
    const file = await toFile(buildExtensionZip(), 'e.zip');
    const { id: extensionId, projectId } = await client.extensions.create({ file });
    await client.extensions.retrieve(extensionId);
    const large = await uploadExtension(wallcrawler, buildExtensionZip(), 'large.zip');
    await client.extensions.delete(large.id);
    const { id: neverPut } = (await (await startUpload(wallcrawler, 100)).json()) as StartedUpload;
    assert.is((await finishUpload(wallcrawler, neverPut)).status, 404);
    const createTwo = async () => {
      await until('a warm container is available', isWarm, WARM_LIMIT_MS);
      const once = () => client.sessions.create({ extensionId });
      return Promise.allSettled([once(), once()]);
    };
    for (const made of await createTwo())
      await release(made.status === 'fulfilled' ? made.value.id : `none: ${made.reason}`);
    const bucket = createArtifactsBucket(ARTIFACTS, true, ownerOf(wallcrawler.dataDir));
    await deleteArtifact(bucket, extensionKeyOf({ projectId, extensionId }));
    bucket.client.destroy();
    for (const made of await createTwo())
      assert.match(made.status === 'rejected' ? made.reason.message : 'it started', 'It has been deleted');
    await client.extensions.delete(extensionId);
  },
);

rights('suffice for certificates: of two sessions at once that trust one, one is cold', async () => {
  const isWarm = async () => (await warmContainer())?.status === 'AVAILABLE';
  const file = await toFile(Buffer.from(AUTHORITY), 'ca.pem');
  const { id } = await client.certificates.create({ file });
  await client.certificates.retrieve(id);
  assert.is((await client.certificates.list()).length, 1);
  await until('a warm container is available', isWarm, WARM_LIMIT_MS);
  const once = () => client.sessions.create({ proxySettings: { caCertificates: [id] } });
  for (const session of await Promise.all([once(), once()])) await release(session.id);
  await client.certificates.delete(id);
});

rights('suffice to replace a warm container that is too old', async () => {
  const isAvailable = async () => (await warmContainer())?.status === 'AVAILABLE';
  await until('a warm container is available', isAvailable, WARM_LIMIT_MS);
  const { warmId } = (await warmContainer()) ?? {};
  await setLongAgo(WARM_POOL, { pool: 'slots', slot: 'w01' }, 'expiresAt');
  const isReplaced = async () => (await isAvailable()) && (await warmContainer())?.warmId !== warmId;
  await until('another one is available', isReplaced, SWEEP_LIMIT_MS);
});

rights('suffice to tell a warm container that nobody wants it', async () => {
  const secrets = new SecretsManagerClient(ownerOf(wallcrawler.dataDir));
  const keySet = await readTokenKeys(secrets, TOKEN_KEYS);
  secrets.destroy();
  assert.ok(keySet);
  const warmId = 'w99-00000000-0000-4000-8000-000000000000';
  const expiresAt = new Date(Date.now() + 60_000);
  const token = signToken(keySet, keySet.current, 'warm', { sessionId: warmId, projectId: '', expiresAt });
  const publicKey = JSON.stringify({ kty: 'OKP', crv: 'X25519', x: 'A'.repeat(43) });
  const answer = await wallcrawler.call(`/internal/warm/${warmId}/ready`, {
    method: 'POST',
    apiKey: null,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ publicKey, sandbox: 'on' }),
  });
  assert.is(answer.status, 409, await answer.text());
});

rights('suffice for a session whose ready signal lies among those of others', async () => {
  const sns = new SNSClient(ownerOf(wallcrawler.dataDir));
  for (let shard = 0; shard < READY_SHARDS; shard++) {
    const MessageAttributes = { shard: { DataType: 'String', StringValue: String(shard) } };
    await sns.send(
      new PublishCommand({ TopicArn: READY_TOPIC, Message: 'of another create', MessageAttributes }),
    );
  }
  sns.destroy();
  const session = await client.sessions.create({ keepAlive: true });
  const cdp = await connectCdp(session.connectUrl);
  await client.sessions.debug(session.id);
  await client.post(`/v1/sessions/${session.id}/cdp-url`, { body: {} });
  await client.sessions.uploads.create(session.id, { file: new File(['x'], 'x.txt') });
  await cdp.close();
  await release(session.id);
});

rights('suffice for a retry of a create, and for one with a key', async () => {
  for (const headers of [{ 'x-stainless-retry-count': '1' }, { 'idempotency-key': 'rights' }])
    await release((await client.sessions.create({}, { headers })).id);
});

rights('suffice for a profile that is uploaded, read, saved and read again', async () => {
  const uploaded = await client.contexts.create();
  await upload(uploaded.uploadUrl, await profileArchive());
  const empty = await client.contexts.create();
  for (const id of [uploaded.id, empty.id]) {
    const session = await client.sessions.create({ browserSettings: { context: { id, persist: true } } });
    await release(session.id);
    assert.ok((await client.contexts.retrieve(id)).id);
  }
});

rights('suffice for two at once that read a profile which is not there: of these one is cold', async () => {
  const { id } = await client.contexts.create();
  const browserSettings = { context: { id } };
  const sessions = await Promise.all([1, 2].map(() => client.sessions.create({ browserSettings })));
  for (const session of sessions) await release(session.id);
});

rights(
  'suffice to stop a container that cannot start, and for what a deleted context leaves behind',
  async () => {
    const { id } = await client.contexts.create();
    const { uploadUrl } = await client.contexts.update(id);
    await upload(uploadUrl, Buffer.from('no archive'));
    try {
      await client.sessions.create({ browserSettings: { context: { id } } });
      assert.unreachable('it started');
    } catch (error) {
      assert.is((error as { status?: number }).status, 503);
    }
    await client.contexts.delete(id);
    deletedContextId = id;
    // Its URL is still good: what comes late is for the sweeper.
    await upload(uploadUrl, Buffer.from('late'));
    await setLongAgo(CONTEXTS, { contextId: id }, 'createdAt');
  },
);

/** The process of a session's container; that of a warm one is named by its warm id. */
async function controllerOf(sessionId: string): Promise<number> {
  const name = (await getItem(SESSIONS, { sessionId }))?.warmId ?? sessionId;
  const controller = descendantsOf(wallcrawler.pid).find(({ command }) =>
    new RegExp(`--session-folder=\\S*${name}`).test(command),
  );
  if (controller === undefined) throw new Error(`no controller of session ${sessionId}`);
  return controller.pid;
}

rights('suffice to end a session whose container was killed', async () => {
  const { id } = await client.sessions.create({ keepAlive: true });
  process.kill(await controllerOf(id), 'SIGKILL');
  await ended(id);
});

rights('suffice to sweep a session whose container hangs', async () => {
  const { id } = await client.sessions.create({ keepAlive: true });
  const lastBeat = async () => (await getItem(SESSIONS, { sessionId: id }))?.lastHeartbeatAt as unknown;
  await until('the container has sent a beat', lastBeat, HEARTBEAT_LIMIT_MS);
  const controller = await controllerOf(id);
  process.kill(controller, 'SIGSTOP');
  await setLongAgo(SESSIONS, { sessionId: id }, 'lastHeartbeatAt');
  await ended(id, SWEEP_LIMIT_MS);
  process.kill(controller, 'SIGCONT');
  await until('its container is stopped', async () => !existsSync(`/proc/${controller}`), HEARTBEAT_LIMIT_MS);
  const tombstone = () => getItem(CONTEXTS, { contextId: deletedContextId });
  await until('the deleted context is forgotten', async () => (await tombstone()) === undefined);
});

interface Delivery {
  readonly id: string;
  readonly status: string;
  readonly tries: readonly object[];
}

rights('suffice for a webhook whose receiver refuses at first', async () => {
  const answers = [503];
  const server = createServer((_, response) => response.writeHead(answers.shift() ?? 204).end());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const call = async <T>(method: string, path: string, body?: object): Promise<T> => {
    const headers = { 'content-type': 'application/json' };
    const given = body === undefined ? {} : { body: JSON.stringify(body), headers };
    const answer = await wallcrawler.call(path, { method, ...given });
    assert.ok(answer.ok, `${method} ${path} ${answer.status}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  };
  const { id } = await call<{ id: string }>('POST', '/v1/webhooks', {
    endpoint: url,
    eventTypes: ['session.created'],
  });
  const path = `/v1/webhooks/${id}`;
  try {
    await call('GET', '/v1/webhooks');
    await call('GET', path);
    await call('PATCH', path, { description: 'd' });
    await call('POST', `${path}/secret`, {});
    await release((await client.sessions.create()).id);
    const delivered = await until('it is delivered', async () => {
      const [delivery] = await call<readonly Delivery[]>('GET', `${path}/deliveries`);
      return delivery?.status === 'delivered' && delivery;
    });
    assert.is(delivered.tries.length, 2);
    assert.equal(await call('GET', `${path}/deliveries?status=failed`), []);
    answers.push(410);
    await call('POST', `${path}/deliveries/${delivered.id}/redeliver`);
    await until('it is disabled', async () => {
      const { disabledReason } = await call<{ disabledReason: string | null }>('GET', path);
      return disabledReason === 'gone';
    });
    await call('DELETE', path);
  } finally {
    server.close();
  }
});

// Lambda takes them, and deletes what the function has done.
const QUEUES_ARE_WORKED_OFF = [
  'deliver-webhooks: sqs:ReceiveMessage on webhooks',
  'deliver-webhooks: sqs:DeleteMessage on webhooks',
  'make-recording-downloads: sqs:ReceiveMessage on recordings',
  'make-recording-downloads: sqs:DeleteMessage on recordings',
].map((right) => right.replace(' on ', ' on arn:aws:sqs:us-west-2:000000000000:wallcrawler-local-'));

// S3 asks for it where a file is gone that is still listed, to say that it is: nothing else has it.
const FILE_IS_GONE = [
  ...['list-session-downloads', 'retrieve-download', 'retrieve-replay', 'make-recording-downloads'],
].map((name) => `${name}: s3:ListBucket on arn:aws:s3:::wallcrawler-local-artifacts-000000000000`);

rights('are none that nobody uses', async () => {
  await wallcrawler.interrupt();
  assert.equal(accessDenials(wallcrawler.dataDir), []);
  assert.equal(
    unusedRights(wallcrawler.dataDir)?.toSorted(),
    [...FILE_IS_GONE, ...QUEUES_ARE_WORKED_OFF].toSorted(),
  );
});

rights.run();
