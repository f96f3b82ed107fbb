/** Every route that takes an id, and what it answers for an id of somebody else: 404, as if there were none. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { systemClock } from '../../core/clock/system-clock.ts';
import type { Certificate } from '../../core/domain/certificate.ts';
import type { Context } from '../../core/domain/context.ts';
import { newDownload } from '../../core/domain/download.ts';
import type { AppError } from '../../core/domain/errors.ts';
import type { Extension } from '../../core/domain/extension.ts';
import type { Project } from '../../core/domain/project.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import type { ApiResponse } from '../../core/http/response.ts';
import { createLogger } from '../../core/log/logger.ts';
import { newSession } from '../../core/testing/new-session.ts';
import { newWebhook } from '../../core/testing/new-webhook.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { signToken } from '../../core/tokens/sign-token.ts';
import { NO_SPAN } from '../../core/tracing/tracing.ts';
import { deleteCertificate } from '../../functions/certificates/delete-certificate.ts';
import { retrieveCertificate } from '../../functions/certificates/retrieve-certificate.ts';
import { readNetwork } from '../../functions/container-api/read-network.ts';
import { reportDownload } from '../../functions/container-api/report-download.ts';
import { reportEnded } from '../../functions/container-api/report-ended.ts';
import { reportEvents } from '../../functions/container-api/report-events.ts';
import { reportHeartbeat } from '../../functions/container-api/report-heartbeat.ts';
import { reportReady } from '../../functions/container-api/report-ready.ts';
import { reportWarmReady } from '../../functions/container-api/report-warm-ready.ts';
import { signArtifactUrls } from '../../functions/container-api/sign-artifact-urls.ts';
import { signExtensionUrl } from '../../functions/container-api/sign-extension-url.ts';
import { signProfileUrl } from '../../functions/container-api/sign-profile-url.ts';
import { deleteContext } from '../../functions/contexts/delete-context.ts';
import { retrieveContext } from '../../functions/contexts/retrieve-context.ts';
import { updateContext } from '../../functions/contexts/update-context.ts';
import { deleteDownload } from '../../functions/downloads/delete-download.ts';
import { deleteSessionDownloads } from '../../functions/downloads/delete-session-downloads.ts';
import { listSessionDownloads } from '../../functions/downloads/list-session-downloads.ts';
import { retrieveDownload } from '../../functions/downloads/retrieve-download.ts';
import { deleteExtension } from '../../functions/extensions/delete-extension.ts';
import { finishExtensionUpload } from '../../functions/extensions/finish-extension-upload.ts';
import { retrieveExtension } from '../../functions/extensions/retrieve-extension.ts';
import { retrieveProject } from '../../functions/projects/retrieve-project.ts';
import { retrieveProjectUsage } from '../../functions/projects/retrieve-project-usage.ts';
import { createRecordingDownloads } from '../../functions/recordings/create-recording-downloads.ts';
import { listRecordingDownloads } from '../../functions/recordings/list-recording-downloads.ts';
import { listReplays } from '../../functions/recordings/list-replays.ts';
import { retrieveRecording } from '../../functions/recordings/retrieve-recording.ts';
import { retrieveReplay } from '../../functions/recordings/retrieve-replay.ts';
import { signReplayUrl } from '../../functions/recordings/sign-replay-url.ts';
import { listSessionEvents } from '../../functions/session-events/list-session-events.ts';
import { createSession } from '../../functions/sessions/create-session.ts';
import type { CreateSessionDeps } from '../../functions/sessions/create-session-deps.ts';
import { debugSession } from '../../functions/sessions/debug-session.ts';
import { listSessionLogs } from '../../functions/sessions/list-session-logs.ts';
import { releaseSession } from '../../functions/sessions/release-session.ts';
import { retrieveSession } from '../../functions/sessions/retrieve-session.ts';
import { signCdpUrl } from '../../functions/sessions/sign-cdp-url.ts';
import { ROOM } from '../../functions/sessions/testing/working-deps.ts';
import { uploadFile } from '../../functions/sessions/upload-file.ts';
import { deleteWebhook } from '../../functions/webhooks/delete-webhook.ts';
import { listWebhookDeliveries } from '../../functions/webhooks/list-webhook-deliveries.ts';
import { redeliverWebhook } from '../../functions/webhooks/redeliver-webhook.ts';
import { retrieveWebhook } from '../../functions/webhooks/retrieve-webhook.ts';
import { rotateWebhookSecret } from '../../functions/webhooks/rotate-webhook-secret.ts';
import { updateWebhook } from '../../functions/webhooks/update-webhook.ts';

const ID = '3f0c5a52-6a0b-4a6e-9a53-2f6f0f6c1d11';
const NOW = new Date('2026-06-01T00:00:00.000Z');
const keySet = rotateKeySet(undefined, NOW);
const now = () => NOW;
const loadTokenKeys = async () => keySet;
/** Whatever a route does with what it has found: none may come so far. */
const untouched = async () =>
  assert.unreachable('it did something with what belongs to another project') as never;

/** What is looked up, in this order; and whether there is anything, all of it somebody else's, or nothing at all. */
let lookUps: string[] = [];
let isThere = true;
const finding =
  <Item>(what: string, itemOf: (id: string) => Item) =>
  async (id: string): Promise<Item | undefined> => {
    lookUps.push(`${what} ${id}`);
    return isThere ? itemOf(id) : undefined;
  };

const ADDRESS = { host: '10.0.0.1', port: 9223 };
const getSession = finding('session', (sessionId) =>
  newSession({
    sessionId,
    projectId: 'theirs',
    status: 'READY',
    address: ADDRESS,
    tokenKeyId: keySet.current,
  }),
);
const getContext = finding(
  'context',
  (contextId): Context => ({
    contextId,
    projectId: 'theirs',
    status: 'SAVED',
    createdAt: 't',
    updatedAt: 't',
  }),
);
const getDownload = finding('download', (downloadId) =>
  newDownload(
    { sessionId: ID, projectId: 'theirs' },
    { id: downloadId, filename: 'a', sizeBytes: 1, sha256: 'x', finishedAtMs: 1 },
    31,
  ),
);
const getExtension = finding(
  'extension',
  (extensionId): Extension => ({
    extensionId,
    projectId: 'theirs',
    fileName: 'e.zip',
    sizeBytes: 1,
    createdAt: 't',
    updatedAt: 't',
  }),
);
const getCertificate = finding(
  'certificate',
  (certificateId): Certificate => ({
    certificateId,
    projectId: 'theirs',
    pem: 'p',
    notAfter: 't',
    createdAt: 't',
    updatedAt: 't',
  }),
);
const getWebhook = finding('webhook', (webhookId) => newWebhook({ webhookId, projectId: 'theirs' }));
const getProject = finding('project', (projectId) => ({ projectId, name: 'n' }) as Project);

type Handle = (request: ApiRequest<never, never>) => Promise<ApiResponse>;

const replays = { readIndex: untouched, keptDays: 31, now, logger: createLogger({}, () => {}) };
const publicConnectOrigin = undefined;
/** By the operation of the contract. The platform below each has everything, and all of it belongs to `theirs`. */
const BY_API_KEY: Readonly<Record<string, Handle>> = {
  retrieveSession: retrieveSession({ getSession, loadTokenKeys, publicConnectOrigin }),
  updateSession: releaseSession({ getSession, recordRelease: untouched, stopTask: untouched }),
  signCdpUrl: signCdpUrl({ getSession, loadTokenKeys, publicConnectOrigin, now }),
  debugSession: debugSession({ getSession, loadTokenKeys, listPages: untouched, publicConnectOrigin, now }),
  retrieveRecording: retrieveRecording({ getSession }),
  createRecordingDownloads: createRecordingDownloads({
    ...replays,
    getSession,
    readState: untouched,
    putState: untouched,
    queue: untouched,
  }),
  listRecordingDownloads: listRecordingDownloads({
    ...replays,
    getSession,
    readState: untouched,
    presign: untouched,
  }),
  signReplayUrl: signReplayUrl({ ...replays, getSession, loadTokenKeys, publicUrl: 'https://api' }),
  listReplays: listReplays({ ...replays, getSession }),
  retrieveReplay: retrieveReplay({ ...replays, getSession, presign: untouched }),
  listSessionLogs: listSessionLogs({ getSession, listSegments: untouched, openSegment: untouched }),
  listSessionDownloads: listSessionDownloads({ getSession, listDownloads: untouched, open: untouched }),
  deleteSessionDownloads: deleteSessionDownloads({
    getSession,
    listDownloads: untouched,
    deleteFile: untouched,
    deleteDownload: untouched,
  }),
  retrieveDownload: retrieveDownload({ getDownload, open: untouched }),
  deleteDownload: deleteDownload({ getDownload, deleteFile: untouched, deleteDownload: untouched }),
  listSessionEvents: listSessionEvents({
    getSession,
    listEvents: untouched,
    clock: systemClock,
    logger: createLogger({}, () => {}),
  }),
  uploadFile: uploadFile({ getSession, loadTokenKeys, sendFile: untouched, publicConnectOrigin, now }),
  retrieveContext: retrieveContext({ getContext }),
  updateContext: updateContext({ getContext, presignUpload: untouched }),
  deleteContext: deleteContext({ getContext, deleteProfile: untouched, deleteContext: untouched }),
  retrieveExtension: retrieveExtension({ getExtension }),
  finishExtensionUpload: finishExtensionUpload({
    now,
    getExtension,
    countExtensions: async () => 0,
    newFile: () => '/nonexistent/upload.zip',
    // Its key begins with the caller's project: what another one has uploaded is not there.
    saveUpload: async (projectId) => (projectId === 'theirs' ? 1 : undefined),
    putZip: untouched,
    storeExtension: untouched,
    deleteUpload: untouched,
  }),
  deleteExtension: deleteExtension({ getExtension, deleteZip: untouched, deleteExtension: untouched }),
  retrieveCertificate: retrieveCertificate({ getCertificate }),
  deleteCertificate: deleteCertificate({ getCertificate, deleteCertificate: untouched }),
  retrieveWebhook: retrieveWebhook({ getWebhook }),
  updateWebhook: updateWebhook({ getWebhook, updateWebhook: untouched, now, allowedNetworks: [] }),
  rotateWebhookSecret: rotateWebhookSecret({
    getWebhook,
    updateWebhook: untouched,
    now,
    newSecretBytes: () => Buffer.alloc(32),
  }),
  listWebhookDeliveries: listWebhookDeliveries({ getWebhook, listDeliveries: untouched }),
  redeliverWebhook: redeliverWebhook({
    getWebhook,
    now,
    getDelivery: untouched,
    changeDelivery: untouched,
    queueDelivery: untouched,
  }),
  deleteWebhook: deleteWebhook({ getWebhook, removeWebhook: untouched }),
  retrieveProject: retrieveProject({ getProject }),
  retrieveProjectUsage: retrieveProjectUsage({ getProject }),
};
const BY_CONTAINER_TOKEN: Readonly<Record<string, Handle>> = {
  reportReady: reportReady({ loadTokenKeys, now, recordContainerReady: untouched }),
  reportWarmReady: reportWarmReady({
    loadTokenKeys,
    now,
    logger: createLogger({}, () => {}),
    recordWarmReady: untouched,
    getWarmClaim: untouched,
  }),
  reportHeartbeat: reportHeartbeat({ loadTokenKeys, now, stepSession: untouched }),
  reportEvents: reportEvents({ loadTokenKeys, now, getSession, appendEvents: untouched }),
  reportEnded: reportEnded({ loadTokenKeys, now, end: untouched, recordSavedProfile: untouched }),
  reportDownload: reportDownload({ loadTokenKeys, now, getSession, keptDays: 31, storeDownload: untouched }),
  signArtifactUrls: signArtifactUrls({ loadTokenKeys, now, getSession, presignPut: untouched }),
  signExtensionUrl: signExtensionUrl({
    loadTokenKeys,
    now,
    getSession,
    getExtension,
    presignZip: untouched,
  }),
  readNetwork: readNetwork({ loadTokenKeys, now, getSession, getCertificate }),
  signProfileUrl: signProfileUrl({
    loadTokenKeys,
    now,
    getSession,
    getContext,
    presignDownload: untouched,
    presignUpload: untouched,
    presignSave: untouched,
  }),
};

const request = (changes: Partial<ApiRequest<never, never>> = {}): ApiRequest<never, never> => ({
  requestId: 'r',
  route: 'GET /',
  access: { projectId: 'mine', projectIds: ['mine', 'also-mine'] },
  // What a contract asks of a body is checked before.
  body: { fileName: 'e.zip' } as never,
  query: {} as never,
  pathId: ID,
  pathIds: { id: ID, deliveryId: ID },
  headers: {},
  bodyText: '',
  caller: { hasLeft: () => false, onLeave: () => undefined },
  bearerToken: undefined,
  baseUrl: 'http://api',
  note: () => undefined,
  span: NO_SPAN,
  ...changes,
});

async function refusalOf(answer: Promise<ApiResponse>): Promise<AppError> {
  const failure = await answer.then(
    () => assert.unreachable('it was served') as never,
    (error: AppError) => error,
  );
  assert.is(failure.name, 'AppError', String(failure));
  return failure;
}

interface Operation {
  readonly operationId: string;
  readonly 'x-wallcrawler-function'?: string;
}
const contract = JSON.parse(
  readFileSync(new URL('../../functions/openapi.json', import.meta.url), 'utf8'),
) as {
  paths: Record<string, Record<string, Operation>>;
};
const withId = (isInternal: boolean): string[] =>
  Object.entries(contract.paths)
    .filter(([path]) => path.includes('{id}') && path.startsWith('/internal/') === isInternal)
    .flatMap(([, methods]) => Object.values(methods))
    // One function answers what is not built, and looks nothing up.
    .filter((operation) => operation['x-wallcrawler-function'] === undefined)
    .map(({ operationId }) => operationId);

const tenancy = suite('what belongs to another project');

tenancy.before.each(() => {
  lookUps = [];
  isThere = true;
});

tenancy('is asked for below on every route of the contract that takes an id', () => {
  assert.equal(Object.keys(BY_API_KEY).sort(), withId(false).sort());
  assert.equal(Object.keys(BY_CONTAINER_TOKEN).sort(), withId(true).sort());
});

for (const [operationId, handle] of Object.entries(BY_API_KEY)) {
  tenancy(`is 404 to ${operationId}`, async () => {
    const refusal = await refusalOf(handle(request()));
    assert.is(refusal.status, 404);
    assert.match(
      refusal.code,
      /^(SESSION|CONTEXT|EXTENSION|EXTENSION_UPLOAD|CERTIFICATE|DOWNLOAD|WEBHOOK|PROJECT)_NOT_FOUND$/,
    );
    assert.match(refusal.message, ID);
  });
}

tenancy(
  'costs the same calls of AWS, in the same order, as what never was: no clock tells them apart',
  async () => {
    for (const [operationId, handle] of Object.entries(BY_API_KEY)) {
      const seen: { readonly lookUps: readonly string[]; readonly message: string }[] = [];
      for (const isTheirs of [true, false]) {
        lookUps = [];
        isThere = isTheirs;
        seen.push({ message: (await refusalOf(handle(request()))).message, lookUps });
      }
      assert.equal(seen[0], seen[1], operationId);
      assert.ok((seen[0]?.lookUps.length ?? 0) <= 1, operationId);
    }
  },
);

for (const [operationId, handle] of Object.entries(BY_CONTAINER_TOKEN)) {
  tenancy(`is 401 to ${operationId} with another session's token`, async () => {
    const bearerToken = signToken(keySet, keySet.current, 'controller', {
      sessionId: '00000000-0000-4000-8000-000000000001',
      projectId: 'mine',
      expiresAt: new Date(NOW.getTime() + 60_000),
    });
    assert.is((await refusalOf(handle(request({ bearerToken })))).code, 'CONTAINER_UNAUTHORIZED');
  });
}

const createOn = (platform: Partial<CreateSessionDeps>) =>
  createSession({
    logger: createLogger({}, () => {}),
    clock: { now: () => NOW.getTime(), setTimer: untouched as never },
    capacity: ROOM,
    newId: () => ID,
    shard: '0',
    publicConnectOrigin,
    recordByDefault: true,
    readyWaitMs: 1,
    unseenConnectMs: undefined,
    loadTokenKeys,
    getProject,
    getContext,
    getExtension,
    getCertificate,
    getSession: untouched,
    getClaim: untouched,
    findRetriedCreates: untouched,
    admit: untouched,
    runTask: untouched,
    step: untouched,
    waitUntilReady: untouched,
    end: untouched,
    stopTask: untouched,
    ...platform,
  });

tenancy('is 404 to a create that names a context of it', async () => {
  const create = createOn({});
  const body = { browserSettings: { context: { id: ID } } } as never;
  const { status, code } = await refusalOf(create(request({ body })));
  assert.equal([status, code], [404, 'CONTEXT_NOT_FOUND']);
});

tenancy('is 404 to a create that names an extension of it', async () => {
  const create = createOn({});
  const { status, code } = await refusalOf(create(request({ body: { extensionId: ID } as never })));
  assert.equal([status, code], [404, 'EXTENSION_NOT_FOUND']);
});

tenancy('is 404 to a create that names a certificate of it', async () => {
  const body = { proxySettings: { caCertificates: [ID] } } as never;
  const { status, code } = await refusalOf(createOn({})(request({ body })));
  assert.equal([status, code], [404, 'CERTIFICATE_NOT_FOUND']);
});

tenancy('is no more than taken to a create that chooses the id of its session', async () => {
  const project = { projectId: 'mine' } as Project;
  const create = createOn({ getSession, getProject: async () => project });
  const { status, code } = await refusalOf(create(request({ body: { id: ID } as never })));
  assert.equal([status, code], [409, 'SESSION_ID_TAKEN']);
});

tenancy.run();
