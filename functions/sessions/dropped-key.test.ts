import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AppError } from '../../core/domain/errors.ts';
import type { Session } from '../../core/domain/session.ts';
import type { ApiRequest } from '../../core/http/request.ts';
import { rotateKeySet } from '../../core/tokens/key-set.ts';
import { debugSession } from './debug-session.ts';
import { retrieveSession } from './retrieve-session.ts';
import { uploadFile } from './upload-file.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const session: Session = {
  sessionId: '00000000-0000-4000-8000-000000000001',
  projectId: 'p',
  status: 'READY',
  address: { host: '10.0.0.1', port: 9223 },
  createdAt: NOW.toISOString(),
  updatedAt: NOW.toISOString(),
  expiresAt: '2026-01-01T01:00:00.000Z',
  keepAlive: false,
  region: 'us-west-2',
  timeoutSeconds: 3600,
  shard: '0',
  tokenKeyId: 'dropped',
  proxyBytes: 0,
};
const request = { access: { projectId: 'p' }, pathId: session.sessionId, query: {} };
const deps = {
  getSession: async () => session,
  loadTokenKeys: async () => rotateKeySet(undefined, NOW),
  publicConnectOrigin: undefined,
};

const dropped = suite('a session whose token key was dropped');

dropped('is found, without a way in', async () => {
  const { status, body } = await retrieveSession(deps)(request as unknown as ApiRequest);
  assert.is(status, 200);
  assert.match(JSON.stringify(body), session.sessionId);
  assert.not.match(JSON.stringify(body), /connectUrl|signingKey/);
});

dropped('cannot be looked into', async () => {
  const failed = await debugSession({ ...deps, listPages: async () => [], now: () => NOW })(
    request as unknown as ApiRequest<unknown, { readonly expiresIn?: number }>,
  ).catch((error: AppError) => error);
  assert.is((failed as AppError).code, 'SESSION_UNREACHABLE');
});

dropped('takes no file', async () => {
  const sendFile = async () => assert.unreachable('nothing could open it');
  const file = { name: 'a', bytes: Buffer.of() };
  const failed = await uploadFile({ ...deps, sendFile, now: () => NOW })({
    ...request,
    body: { file },
  } as never).catch((error: AppError) => error);
  assert.is((failed as AppError).code, 'SESSION_UNREACHABLE');
});

dropped.run();
