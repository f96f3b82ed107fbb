import { buildExtensionZip } from '../../../core/extension-zip/testing/build-zip.ts';
import { multipartBody } from '../../../core/http/testing/multipart-body.ts';
import { AUTHORITY } from '../../../core/testing/test-authority.ts';
import type { DeployedFunctions, Sent } from '../../contract/support/deployed-functions.ts';
import type { Seed } from './functions-world.ts';

export interface PublicRequest {
  readonly sent: (seed: Seed) => Sent | Promise<Sent>;
  /** What it is answered when nothing fails. */
  readonly status: number;
  readonly isStreamed?: true;
  /** What has to be there besides, and is made before anything fails. */
  readonly prepare?: (seed: Seed, functions: DeployedFunctions) => Promise<Seed>;
}

const SESSION = '/v1/sessions/{id}';
const WEBHOOK = '/v1/webhooks/{id}';

const get =
  (route: string, id: keyof Seed = 'sessionId', more: Partial<Sent> = {}) =>
  (seed: Seed): Sent => ({ method: 'GET', route, projectId: seed.projectId, id: seed[id], ...more });

const by =
  (method: string, route: string, id: keyof Seed, body?: object) =>
  (seed: Seed): Sent => ({
    method,
    route,
    projectId: seed.projectId,
    id: seed[id],
    ...(body === undefined ? {} : { body }),
  });

const upload =
  (route: string, file: () => File) =>
  async (seed: Seed): Promise<Sent> => {
    const { bytes, contentType } = await multipartBody({ file: file() });
    return {
      method: 'POST',
      route,
      projectId: seed.projectId,
      headers: { 'content-type': contentType },
      bytes,
    };
  };

/** As a container asks, with its token. */
const report =
  (path: string, body: object) =>
  (seed: Seed): Sent => ({
    method: 'POST',
    route: `/internal/sessions/{id}/${path}`,
    id: seed.sessionId,
    headers: { authorization: `Bearer ${seed.token}` },
    body,
  });

/** By the link of a replay, which is all that its page has. */
const byLink =
  (path: string) =>
  ({ replayToken }: Seed): Sent => ({ method: 'GET', route: `/replay/{token}${path}`, token: replayToken });

/** An upload that has arrived; `extensionId` is its id. */
async function uploadZip(seed: Seed, functions: DeployedFunctions): Promise<Seed> {
  const zip = buildExtensionZip();
  const { body } = await functions.send('start-extension-upload', {
    method: 'POST',
    route: '/v1/extensions/uploads',
    projectId: seed.projectId,
    body: { sizeBytes: zip.byteLength },
  });
  const { id, uploadUrl } = body as unknown as {
    readonly id: Seed['extensionId'];
    readonly uploadUrl: string;
  };
  const { status } = await fetch(uploadUrl, { method: 'PUT', body: zip });
  if (status !== 200) throw new Error(`The upload was answered ${status}`);
  return { ...seed, extensionId: id };
}

const EVENT = { number: 1, at: '2026-06-01T00:00:00.000Z', type: 'client.connected', data: { clients: 1 } };

/** By bundle: one request that does what the function is for. */
export const PUBLIC_REQUESTS: Readonly<Record<string, PublicRequest>> = {
  'list-sessions': { sent: get('/v1/sessions'), status: 200 },
  'retrieve-session': { sent: get(SESSION), status: 200 },
  'update-session': { sent: by('POST', SESSION, 'sessionId', { status: 'REQUEST_RELEASE' }), status: 200 },
  'debug-session': { sent: get(`${SESSION}/debug`), status: 502 },
  'sign-cdp-url': { sent: by('POST', `${SESSION}/cdp-url`, 'sessionId', {}), status: 200 },
  'list-session-logs': { sent: get(`${SESSION}/logs`), status: 200, isStreamed: true },
  'upload-file': {
    sent: async (seed) => ({
      ...(await upload(`${SESSION}/uploads`, () => new File(['a'], 'a.txt'))(seed)),
      id: seed.sessionId,
    }),
    // No container is there that would take it.
    status: 502,
  },
  'list-session-events': { sent: get(`${SESSION}/events`), status: 200, isStreamed: true },
  'list-downloads': {
    sent: (seed) => get('/v1/downloads', 'sessionId', { query: { sessionId: seed.sessionId } })(seed),
    status: 200,
  },
  'retrieve-download': { sent: get('/v1/downloads/{id}', 'downloadId'), status: 200, isStreamed: true },
  'delete-download': { sent: by('DELETE', '/v1/downloads/{id}', 'downloadId'), status: 204 },
  'delete-session-downloads': { sent: by('DELETE', `${SESSION}/downloads`, 'sessionId'), status: 204 },
  'retrieve-recording': { sent: get(`${SESSION}/recording`), status: 200 },
  'list-replays': { sent: get(`${SESSION}/replays`), status: 200 },
  'retrieve-replay': {
    // Nothing was filmed of that page.
    sent: get(`${SESSION}/replays/{pageId}`, 'sessionId', { pageId: '0' }),
    status: 404,
    isStreamed: true,
  },
  'describe-replay': { sent: byLink('/replay.json'), status: 200 },
  'play-replay': { sent: byLink('/film.m3u8'), status: 404, isStreamed: true },
  'sign-replay-url': { sent: by('POST', `${SESSION}/replay-url`, 'sessionId', {}), status: 200 },
  'create-recording-downloads': {
    sent: by('POST', `${SESSION}/recording/downloads`, 'sessionId', {}),
    status: 409,
  },
  'list-recording-downloads': { sent: get(`${SESSION}/recording/downloads`), status: 409 },
  'create-context': { sent: by('POST', '/v1/contexts', 'contextId', {}), status: 201 },
  'retrieve-context': { sent: get('/v1/contexts/{id}', 'contextId'), status: 200 },
  'update-context': { sent: by('PUT', '/v1/contexts/{id}', 'contextId'), status: 200 },
  'delete-context': { sent: by('DELETE', '/v1/contexts/{id}', 'contextId'), status: 204 },
  'upload-extension': {
    sent: upload('/v1/extensions', () => new File([buildExtensionZip()], 'e.zip')),
    status: 200,
  },
  'start-extension-upload': {
    sent: by('POST', '/v1/extensions/uploads', 'extensionId', { sizeBytes: 1_000 }),
    status: 201,
  },
  'finish-extension-upload': {
    sent: by('POST', '/v1/extensions/uploads/{id}', 'extensionId', { fileName: 'e.zip' }),
    status: 200,
    prepare: uploadZip,
  },
  'retrieve-extension': { sent: get('/v1/extensions/{id}', 'extensionId'), status: 200 },
  'delete-extension': { sent: by('DELETE', '/v1/extensions/{id}', 'extensionId'), status: 204 },
  'upload-certificate': {
    sent: upload('/v1/certificates', () => new File([AUTHORITY], 'ca.pem')),
    status: 200,
  },
  'list-certificates': { sent: get('/v1/certificates'), status: 200 },
  'retrieve-certificate': { sent: get('/v1/certificates/{id}', 'certificateId'), status: 200 },
  'delete-certificate': { sent: by('DELETE', '/v1/certificates/{id}', 'certificateId'), status: 204 },
  'create-webhook': {
    sent: by('POST', '/v1/webhooks', 'webhookId', { endpoint: 'https://127.0.0.2:1024/' }),
    status: 201,
  },
  'list-webhooks': { sent: get('/v1/webhooks'), status: 200 },
  'retrieve-webhook': { sent: get(WEBHOOK, 'webhookId'), status: 200 },
  'update-webhook': { sent: by('PATCH', WEBHOOK, 'webhookId', { categories: ['session'] }), status: 200 },
  'rotate-webhook-secret': { sent: by('POST', `${WEBHOOK}/secret`, 'webhookId', {}), status: 200 },
  'list-webhook-deliveries': { sent: get(`${WEBHOOK}/deliveries`, 'webhookId'), status: 200 },
  'redeliver-webhook': {
    sent: (seed) => ({
      ...by('POST', `${WEBHOOK}/deliveries/{deliveryId}/redeliver`, 'webhookId')(seed),
      deliveryId: seed.deliveryId,
    }),
    status: 202,
  },
  'delete-webhook': { sent: by('DELETE', WEBHOOK, 'webhookId'), status: 204 },
  'list-projects': { sent: get('/v1/projects'), status: 200 },
  'retrieve-project': { sent: get('/v1/projects/{id}', 'projectId'), status: 200 },
  'retrieve-project-usage': { sent: get('/v1/projects/{id}/usage', 'projectId'), status: 200 },
  'report-ready': { sent: report('ready', { sandbox: 'on' }), status: 200 },
  'report-heartbeat': { sent: report('heartbeat', { connectionCount: 1 }), status: 200 },
  'report-events': { sent: report('events', { events: [EVENT] }), status: 200 },
  'report-download': {
    sent: (seed) =>
      report('downloads', {
        // An id that no other session has told of.
        id: seed.contextId,
        filename: 'a',
        sizeBytes: 1,
        sha256: 'a'.repeat(64),
        finishedAtMs: 1,
      })(seed),
    status: 200,
  },
  'report-ended': { sent: report('ended', { reason: 'released', savedProfileBytes: 1 }), status: 200 },
  'sign-profile-url': {
    sent: report('profile-urls', { operation: 'persist', replaces: 'none' }),
    status: 200,
  },
  'sign-extension-url': { sent: report('extension-urls', {}), status: 200 },
  'read-network': { sent: report('network', {}), status: 200 },
  'report-warm-ready': {
    sent: ({ warmId, warmToken, warmKey }) => ({
      method: 'POST',
      route: '/internal/warm/{id}/ready',
      id: warmId,
      headers: { authorization: `Bearer ${warmToken}` },
      body: { publicKey: warmKey, sandbox: 'on' },
    }),
    status: 200,
  },
  'sign-artifact-urls': {
    sent: report('artifact-urls', { artifacts: [{ kind: 'log', sequence: 0 }] }),
    status: 200,
  },
};

/** Why a function of the contract has no request here. */
export const NOT_ASKED: Readonly<Record<string, string>> = {
  'create-session': 'a create has tests of its own: aws-refuses-creates.test.ts',
  'list-session-downloads': 'it streams a zip, which breaks off: functions/downloads/downloads.test.ts',
  'fetch-page': 'it asks nothing of AWS',
  'serve-contract': 'it is the contract, and asks nothing of AWS',
  'show-replay': 'it is a page that is the same for everybody, and asks nothing of AWS',
};
